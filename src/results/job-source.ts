import type { VisibleCatalog } from '../access/visible-catalog.ts';
import type { PrepareContext } from '../analysis/process.ts';

/** The layers that a process reads, without the signal of its request. */
export type JobSource = Omit<PrepareContext, 'signal'>;

/** Returns what a process may read of a catalog. A request that names no layer means those of the public. */
export function jobSource(catalog: VisibleCatalog): JobSource {
  return { layers: catalog.publicLayers, layerOf: (id) => catalog.requireLayer(id) };
}
