import type { Catalog } from '../catalog/layer.ts';
import { BootError } from '../lib/errors.ts';
import { listThemes } from '../themes.ts';
import { loadStyles, sourceLayers } from './sheet.ts';

/** Returns the schemas to draw: that of an optional theme only if the role may read its layers. */
export function drawnSchemas({ layers }: Pick<Catalog, 'layers'>, schemas: readonly string[]): readonly string[] {
  const present = new Set([...layers.values()].map(({ schema }) => schema));
  const optional = listThemes().filter(({ isOptional }) => isOptional);
  return schemas.filter((schema) => present.has(schema) || !optional.some(({ id }) => id === schema));
}

/**
 * Checks the styles against the catalog.
 * @throws BootError if a style draws a layer that the catalog lacks, or that its source does not request
 */
export function checkStyles(catalog: Catalog, schemas: readonly string[]): void {
  for (const [id, style] of loadStyles(schemas)) {
    for (const layer of style.layers) {
      if (!('source-layer' in layer) || layer['source-layer'] === undefined) continue;
      const { id: layerId, source, 'source-layer': name } = layer;
      if (!catalog.layers.has(name)) {
        throw new BootError(`Style "${id}": layer "${layerId}" draws ${name}, which the database does not have.`);
      }
      if (!sourceLayers(style, source).includes(name)) {
        throw new BootError(
          `Style "${id}": layer "${layerId}" draws ${name}, which the URL of source "${source}" does not ask for.`,
        );
      }
    }
  }
}
