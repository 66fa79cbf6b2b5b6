import type { Field, Layer } from '../catalog/layer.ts';
import { all, ident, join, raw, type Sql, sql } from '../database/sql.ts';
import type { BBox } from '../geo/bbox.ts';

export function table({ schema, table: name }: Layer): Sql {
  return ident(schema, name);
}

/** The geometry column as `geometry`, as stored. */
export function column({ geometry }: Layer): Sql {
  return geometry.isGeography ? sql`${ident(geometry.column)}::geometry` : ident(geometry.column);
}

/**
 * Geometry that can be measured and cut: flat, without arcs, of one dimension (the highest of a collection), valid, in
 * `srid`.
 */
export function plainGeometry(layer: Layer, srid: number): Sql {
  const { type, dimension } = layer.geometry;
  const isMixed = type === 'GEOMETRY' || type === 'GEOMETRYCOLLECTION';
  const straight =
    isMixed || /CURVE|CIRCULAR|COMPOUND|SURFACE/.test(type) ? sql`ST_CurveToLine(${column(layer)})` : column(layer);
  const flat = sql`ST_Force2D(${straight})`;
  const one = isMixed ? sql`ST_CollectionExtract(${flat})` : flat;
  const valid =
    dimension === 'polygon' || dimension === 'mixed'
      ? sql`CASE WHEN ST_IsValid(${one}) THEN ${one} ELSE ST_CollectionExtract(ST_MakeValid(${one})) END`
      : one;
  return layer.geometry.srid === srid ? valid : sql`ST_Transform(${valid}, ${srid}::int)`;
}

/** What a feature is called: its key; several columns are joined by `:`. A table without a key has the row's place. */
export function featureId({ key, fields }: Layer): Sql {
  if (key.kind === 'none') return raw('NULL::text');
  if (key.kind === 'ctid') return raw('ctid::text');
  const [first = '', ...others] = key.columns;
  const isInteger = others.length === 0 && fields.some(({ name, type }) => name === first && type === 'integer');
  if (isInteger) return sql`${ident(first)}::int8`;
  return join(
    key.columns.map((name) => sql`${ident(name)}::text`),
    " || ':' || ",
  );
}

/** Whether ids of the layer are whole numbers. */
export function hasIntegerId({ key, fields }: Layer): boolean {
  if (key.kind !== 'columns' || key.columns.length !== 1) return false;
  return fields.some(({ name, type }) => name === key.columns[0] && type === 'integer');
}

/** The fields that tiles carry, as tiles carry them: numbers and booleans as they are, everything else as text. */
export function tileColumns({ fields, tileFields }: Layer): Sql[] {
  return fields
    .filter(({ name }) => tileFields.includes(name))
    .map((field) => sql`${value(field)} AS ${ident(field.name)}`);
}

function value({ name, type }: Field): Sql {
  if (type === 'integer' || type === 'boolean') return ident(name);
  return type === 'number' ? sql`${ident(name)}::float8` : sql`${ident(name)}::text`;
}

/** A part of a layer: the features whose lower left corner lies in it, each in one cell only. In the layer's SRID. */
export interface Cell {
  /** What the features' boxes touch: the index answers it. */
  readonly box: BBox;
  /** Where their lower left corners lie, open to the east and north; infinite at the border of the whole. */
  readonly corner: BBox;
}

export function rootCell(box: BBox): Cell {
  return { box, corner: [-Infinity, -Infinity, Infinity, Infinity] };
}

/** The four quarters of a cell. */
export function quarter({ box, corner }: Cell): Cell[] {
  const [middleX, middleY] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  return [
    { box: [box[0], box[1], middleX, middleY], corner: [corner[0], corner[1], middleX, middleY] },
    { box: [middleX, box[1], box[2], middleY], corner: [middleX, corner[1], corner[2], middleY] },
    { box: [box[0], middleY, middleX, box[3]], corner: [corner[0], middleY, middleX, corner[3]] },
    { box: [middleX, middleY, box[2], box[3]], corner: [middleX, middleY, corner[2], corner[3]] },
  ];
}

/** The condition on the layer's rows. A feature that reaches into the whole from the west belongs to a western cell. */
export function inCell(layer: Layer, { box, corner }: Cell): Sql {
  const geometry = column(layer);
  const sides = [
    [sql`ST_XMin(${geometry}) >= `, corner[0]],
    [sql`ST_YMin(${geometry}) >= `, corner[1]],
    [sql`ST_XMin(${geometry}) < `, corner[2]],
    [sql`ST_YMin(${geometry}) < `, corner[3]],
  ] as const;
  return all([
    sql`${geometry} && ST_MakeEnvelope(${box[0]}::float8, ${box[1]}::float8, ${box[2]}::float8, ${box[3]}::float8, ${layer.geometry.srid}::int)`,
    ...sides.filter(([, limit]) => Number.isFinite(limit)).map(([side, limit]) => sql`${side}${limit}::float8`),
  ]);
}
