import type { Field, Layer } from '../catalog/layer.ts';
import type { Crs } from '../geo/crs.ts';
import { BOM, csvLine } from '../lib/csv.ts';
import { distinctNames, freeName } from './column-names.ts';
import { cellsQuery, type ExportQuestion, hasIdCell } from './export-query.ts';
import type { LayerText } from './layer-text.ts';

/** Content of the header line: names of columns, or titles of fields. */
export type CsvHeaders = 'names' | 'vi' | 'en';

export interface CsvSource extends ExportQuestion {
  readonly headers: CsvHeaders;
}

/** Returns a layer as CSV (RFC 4180, UTF-8 with BOM): id, fields, points as two columns, other geometries as WKT. */
export function csvText(layer: Layer, source: CsvSource): LayerText<{ readonly cells: readonly (string | null)[] }> {
  return {
    query: cellsQuery(layer, source),
    head: BOM + csvLine(headings(layer, source)),
    write: ({ cells }) => csvLine(cells),
  };
}

/**
 * Returns distinct headings for the columns of {@link cellsQuery}, in their order. Columns of the table keep their
 * names.
 */
export function headings(layer: Layer, source: CsvSource): string[] {
  const { fields = layer.fields, headers } = source;
  const names = distinctNames(fields.map(({ name, title }: Field) => (headers === 'names' ? name : title[headers])));
  const shapes = geometryHeadings(layer, source).map((name) => freeName(name, names));
  return [...(hasIdCell(layer, fields) ? [freeName('id', names)] : []), ...names, ...shapes];
}

function geometryHeadings({ geometry }: Layer, { crs, skipGeometry, headers }: CsvSource): string[] {
  if (skipGeometry) return [];
  if (geometry.type !== 'POINT') return [{ names: 'wkt', vi: 'Hình học (WKT)', en: 'Geometry (WKT)' }[headers]];
  const [east, north] = axisNames(crs, headers);
  return crs.axes === 'east-north' ? [east, north] : [north, east];
}

function axisNames({ unit }: Crs, headers: CsvHeaders): readonly [string, string] {
  if (unit === 'degree')
    return ({ names: ['lon', 'lat'], vi: ['Kinh độ', 'Vĩ độ'], en: ['Longitude', 'Latitude'] } as const)[headers];
  // Vietnamese documents write Y for the easting and X for the northing.
  return ({ names: ['easting', 'northing'], vi: ['Y (Đông)', 'X (Bắc)'], en: ['Easting', 'Northing'] } as const)[
    headers
  ];
}
