import type { Field, Layer } from '../catalog/layer.ts';
import { distinctNames, freeName } from '../features/column-names.ts';
import { hasIdCell } from '../features/export-query.ts';
import type { ColumnKind, FileColumn, FileTable } from './geopackage.ts';

/** How a layer is written as a file: what its columns are is declared by the table, and by no row. */
export function fileTable(layer: Layer, fields: readonly Field[] = layer.fields): FileTable {
  const { geometry } = layer;
  const names = distinctNames(fields.map(({ name }) => name));
  // GeoPackage wants titles to differ as well.
  const titles = distinctNames(fields.map(({ title }) => title.vi));
  const id: FileColumn[] = hasIdCell(layer, fields) ? [{ name: freeName('id', names), title: 'id', kind: 'text' }] : [];
  const columns = [
    ...id,
    ...fields.map((field, index) => ({
      ...typeOf(field),
      name: names[index] ?? field.name,
      title: titles[index] ?? field.name,
    })),
  ];
  const taken = columns.map(({ name }) => name);
  const shape = freeName(geometry.column, taken);
  return {
    name: layer.id,
    title: layer.title.vi,
    columns,
    fid: freeName('fid', [...taken, shape]),
    geometry: { name: shape, type: shapeType(geometry), ordinates: geometry.ordinates },
  };
}

const KINDS: Readonly<Record<string, ColumnKind>> = {
  smallint: 'int16',
  integer: 'int32',
  bigint: 'int64',
  real: 'single',
  'double precision': 'double',
  boolean: 'boolean',
  date: 'date',
  bytea: 'bytes',
};

function typeOf({ type, baseType }: Field): Pick<FileColumn, 'kind' | 'length'> {
  const [, length] = /^character(?: varying)?\((\d+)\)$/.exec(baseType) ?? [];
  return { kind: kindOf(type, baseType), length: length === undefined ? undefined : Number(length) };
}

/** Neither format has decimals: a `numeric` is the nearest double. Times of a day are text. */
function kindOf(type: Field['type'], baseType: string): ColumnKind {
  if (type === 'json' || type === 'datetime') return type;
  return KINDS[baseType] ?? (type === 'number' ? 'double' : 'text');
}

/** Arcs are written as lines. A column that declares nothing can hold anything, whatever its first rows are. */
function shapeType({ type, ordinates }: Layer['geometry']): string {
  if (ordinates === undefined) return 'GEOMETRY';
  const straight: Readonly<Record<string, string>> = {
    CIRCULARSTRING: 'LINESTRING',
    COMPOUNDCURVE: 'LINESTRING',
    CURVEPOLYGON: 'POLYGON',
    MULTICURVE: 'MULTILINESTRING',
    MULTISURFACE: 'MULTIPOLYGON',
  };
  const known = straight[type] ?? type;
  return /^(MULTI)?(POINT|LINESTRING|POLYGON)$|^GEOMETRYCOLLECTION$/.test(known) ? known : 'GEOMETRY';
}
