import type { Field, Layer } from '../../catalog/layer.ts';
import { distinctNames, freeName } from '../../features/column-names.ts';
import { hasIdCell } from '../../features/export-query.ts';
import type { ColumnKind, FileColumn, FileTable } from './geopackage.ts';

/** Describes a layer as a file's table. The table declares the columns; rows do not decide them. */
export function fileTable(layer: Layer, fields: readonly Field[] = layer.fields): FileTable {
  const { geometry } = layer;
  const names = distinctNames(fields.map(({ name }) => name));
  // GeoPackage requires distinct titles as well.
  const titles = distinctNames(fields.map(({ title }) => title.vi));
  const id: FileColumn[] = hasIdCell(layer, fields)
    ? [{ name: freeName('id', names), title: 'id', kind: 'text', baseType: 'text' }]
    : [];
  const columns = [
    ...id,
    ...fields.map((field, index) => ({
      ...fileColumnType(field),
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

const COLUMN_KINDS: Readonly<Record<string, ColumnKind>> = {
  smallint: 'int16',
  integer: 'int32',
  bigint: 'int64',
  real: 'single',
  'double precision': 'double',
  boolean: 'boolean',
  date: 'date',
  bytea: 'bytes',
};

function fileColumnType({ type, baseType }: Field): Pick<FileColumn, 'kind' | 'baseType' | 'length'> {
  const [, length] = /^character(?: varying)?\((\d+)\)$/.exec(baseType) ?? [];
  return { kind: columnKind(type, baseType), baseType, length: length === undefined ? undefined : Number(length) };
}

/**
 * Returns the kind of a column. Neither GeoPackage nor FlatGeobuf has decimals, so a `numeric` becomes the nearest double. Times of day
 * are text.
 */
function columnKind(type: Field['type'], baseType: string): ColumnKind {
  if (type === 'json' || type === 'datetime') return type;
  return COLUMN_KINDS[baseType] ?? (type === 'number' ? 'double' : 'text');
}

/**
 * Returns the geometry type. Arcs are written as lines. An undeclared column can hold any type, whatever its first rows
 * hold.
 */
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
