import type { VisibleCatalog } from '../../access/visible-catalog.ts';
import { HOLDER_FIELDS, HOLDER_LAYER, type VisibleHolders } from '../../parcels/holder.ts';

/** Returns the right holders whom a principal may see; undefined if not all of the columns. */
export function visibleHolders(catalog: VisibleCatalog): VisibleHolders | undefined {
  const layer = catalog.layers.find(({ id }) => id === HOLDER_LAYER);
  const names = new Set(layer?.fields.map(({ name }) => name));
  if (!layer || !HOLDER_FIELDS.every((column) => names.has(column))) return undefined;
  return { layer, note: (ids) => void catalog.note(layer, ids) };
}
