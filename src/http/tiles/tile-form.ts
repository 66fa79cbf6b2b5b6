import type { Field, Layer } from '../../catalog/layer.ts';
import { fieldNamed } from '../../catalog/names.ts';
import { isUnreadable } from '../../database/sqlstate.ts';
import { bindFilters } from '../../filter/filter.ts';
import { invalidParameter } from '../../lib/errors.ts';
import type { TileForm } from '../../tiles/tile-form.ts';
import type { Values } from '../kit/parameters.ts';
import { filterParameters, parseFilter } from '../layers/filter-parameters.ts';
import { propertiesParameter } from '../layers/presentation.ts';

export const tileFormParameters = { ...filterParameters, properties: propertiesParameter };

/**
 * Parses the requested content of tiles; undefined: the default.
 * @throws Problem for a filter that does not fit one of the layers, or for a field that none of them has
 */
export function readTileForm(query: Values<typeof tileFormParameters>, layers: readonly Layer[]): TileForm | undefined {
  const filter = parseFilter(query);
  const all = layers.flatMap(({ fields }) => fields);
  const properties = query.properties?.flatMap((name) => {
    const found = layers.flatMap(({ fields }) => fieldNamed(fields, name)?.name ?? []);
    if (found.length === 0) throw unknownTileField(name, all);
    return [...new Set(found)];
  });
  if (!filter && !properties) return undefined;
  return { filters: filter && bindFilters(filter, layers), properties };
}

/**
 * Handler for `catch`: the caller can correct a filter that computes numbers out of range.
 * @throws Problem invalid-parameter; every other error, and those of tiles without a filter, unchanged
 */
export function filterRefused(form: TileForm | undefined): (error: unknown) => never {
  return (error) => {
    if (!form?.filters || !isUnreadable(error)) throw error;
    throw invalidParameter('filter', {
      vi: 'biểu thức mà mọi kết quả tính được đều nằm trong khoảng của kiểu số',
      en: 'an expression whose results are all within the range of its numbers',
    });
  };
}

function unknownTileField(name: string, fields: readonly Field[]) {
  const known = [...new Set(fields.map((field) => field.name))].join(', ');
  return invalidParameter('properties', {
    vi: `các trường của lớp: ${known} (không có "${name.slice(0, 60)}")`,
    en: `fields of the layers: ${known} (there is no "${name.slice(0, 60)}")`,
  });
}
