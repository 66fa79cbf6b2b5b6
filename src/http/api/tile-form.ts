import type { Layer } from '../../catalog/layer.ts';
import { invalidParameter } from '../../errors.ts';
import { filterToSql } from '../../filter/filter.ts';
import { hasField, type TileForm } from '../../tiles/tile-fields.ts';
import { filterParameters, readFilter } from '../ogc/filter-parameters.ts';
import { propertiesParameter } from '../ogc/presentation.ts';
import type { Values } from '../parameters.ts';

export const tileFormParameters = { ...filterParameters, properties: propertiesParameter };

/**
 * What tiles are to show of their layers; undefined: what they always show.
 * @throws Problem for a filter that one of the layers cannot be held against, or a field that none of them has
 */
export function readTileForm(query: Values<typeof tileFormParameters>, layers: readonly Layer[]): TileForm | undefined {
  const filter = readFilter(query);
  const { properties } = query;
  const unknown = properties?.find((name) => !layers.some((layer) => hasField(layer, name)));
  if (unknown !== undefined) {
    const known = [...new Set(layers.flatMap(({ fields }) => fields.map(({ name }) => name)))].join(', ');
    throw invalidParameter('properties', {
      vi: `các trường của lớp: ${known} (không có "${unknown.slice(0, 60)}")`,
      en: `fields of the layers: ${known} (there is no "${unknown.slice(0, 60)}")`,
    });
  }
  if (filter) for (const layer of layers) filterToSql(filter.expression, layer, filter.crs);
  return filter || properties ? { filter, properties } : undefined;
}
