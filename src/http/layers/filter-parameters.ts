import type { Layer } from '../../catalog/layer.ts';
import { parseCql2Json } from '../../cql2/json.ts';
import { wrongFilter } from '../../cql2/literal.ts';
import { parseCql2Text } from '../../cql2/text.ts';
import { type BoundFilter, bindFilter, type RowFilter } from '../../filter/filter.ts';
import { choiceParameter, crs84Parameter, type Parameter, type Values, withDefault } from '../kit/parameters.ts';

const filterParameter: Parameter<string> = {
  description: {
    vi: "Bộ lọc CQL2: main_use = 'ODT' AND S_INTERSECTS(geom, BBOX(106.6,10.9,106.7,11))",
    en: "CQL2 filter: main_use = 'ODT' AND S_INTERSECTS(geom, BBOX(106.6,10.9,106.7,11))",
  },
  schema: { type: 'string', pattern: '[^ ]' },
  expected: { vi: 'một bộ lọc CQL2', en: 'a CQL2 filter' },
  read: (text) => (text.trim() === '' ? undefined : text),
};

/** OGC 19-079r2 (Features, Part 3), 7.4 to 7.6. */
export const filterParameters = {
  filter: filterParameter,
  'filter-lang': withDefault(
    choiceParameter({ vi: 'Cách viết bộ lọc', en: 'How the filter is written' }, ['cql2-text', 'cql2-json']),
    'cql2-text',
  ),
  'filter-crs': crs84Parameter({
    vi: 'Hệ tọa độ của hình học trong bộ lọc; mặc định CRS84',
    en: 'Reference system of the geometries in the filter; CRS84 where it is not given',
  }),
};

/**
 * Parses the filter of a query, without checking it against a layer.
 * @throws Problem that gives the position of an error in CQL2
 */
export function parseFilter(query: Values<typeof filterParameters>): RowFilter | undefined {
  const { filter, 'filter-lang': language, 'filter-crs': crs } = query;
  if (filter === undefined) return undefined;
  return { expression: language === 'cql2-json' ? parseCql2Json(readJsonFilter(filter)) : parseCql2Text(filter), crs };
}

/**
 * Returns the filter of a query, bound to the layer.
 * @throws Problem that says what would be right
 */
export function readFilter(query: Values<typeof filterParameters>, layer: Layer): BoundFilter | undefined {
  const filter = parseFilter(query);
  return filter && bindFilter(filter.expression, layer, filter.crs);
}

function readJsonFilter(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrongFilter('JSON (filter-lang=cql2-json)', 'JSON (filter-lang=cql2-json)');
  }
}
