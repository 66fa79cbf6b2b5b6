import type { Position } from 'geojson';
import type { Field, Layer } from '../catalog/layer.ts';
import { isInUnits } from '../catalog/units.ts';
import { EMPTY, ident, identList, join, literal, type Query, raw, type Sql, sql } from '../database/sql.ts';
import type { BoundFilter } from '../filter/filter.ts';
import type { Crs } from '../geo/crs.ts';
import { geometryOf } from '../geometry/column.ts';
import { shownDigits } from '../geometry/digits.ts';
import { domainOf, lonLatBox } from '../geometry/domain.ts';
import { pointsText } from './edit-geometry.ts';
import { writeExact } from './exact-json.ts';
import { featureIdText, type KeyValues } from './feature-id.ts';
import { featureText, featureVersion, partVersions } from './items-query.ts';
import { keyColumns, keyCondition } from './row-key.ts';
import { castType } from './sort.ts';

/** The columns to write in a row. Others stay unchanged. */
export interface RowChange {
  /** As returned by `readFieldValue`. */
  readonly values: ReadonlyMap<Field, unknown>;
  /** EWKT in the layer's CRS. null: no geometry; undefined: unchanged. */
  readonly geometry: string | null | undefined;
}

/**
 * Selects the columns that only the database writes: generated ones and identities that are always generated. Rows
 * `{name}`.
 */
export function generatedQuery({ schema, table }: Layer): Query {
  return sql`SELECT attname AS name FROM pg_attribute
    WHERE attrelid = to_regclass(${ident(schema, table).text}::text) AND attnum > 0 AND (attgenerated <> '' OR attidentity = 'a')`;
}

/** Returns the test of the units to which a layer is narrowed, of the row just written. */
function isInOwnUnits({ units }: Layer): Sql {
  return units ? sql`(${isInUnits(units)}) IS TRUE` : raw('TRUE');
}

/** Inserts a row and returns its `{id}` as text, and `{within}`: false outside of the layer's units. */
export function insertFeatureQuery(layer: Layer, change: RowChange): Query {
  const { columns, values } = assigned(layer, change);
  const target = ident(layer.schema, layer.table);
  const id = sql`RETURNING ${featureIdText(layer) ?? raw('NULL')} AS id, ${isInOwnUnits(layer)} AS within`;
  if (columns.length === 0) return sql`INSERT INTO ${target} DEFAULT VALUES ${id}`;
  return sql`INSERT INTO ${target} (${identList(columns)}) ${values} ${id}`;
}

/** Changes a row and returns `{within}`: false if it now lies outside of the layer's units. */
export function updateQuery(layer: Layer, key: KeyValues, change: RowChange): Query {
  const { columns, values } = assigned(layer, change);
  return sql`UPDATE ${ownRows(layer)} SET (${identList(columns)}) = (${values}) WHERE ${keyCondition(layer, '=', key)}
    RETURNING ${isInOwnUnits(layer)} AS within`;
}

export function deleteQuery(layer: Layer, key: KeyValues): Query {
  return sql`DELETE FROM ${ownRows(layer)} WHERE ${keyCondition(layer, '=', key)}`;
}

/** A row, locked for this transaction. */
export interface LockedRow {
  /** Versions of the whole row, of its geometry, and of its values. */
  readonly version: string;
  readonly shape: string;
  readonly values: string;
  /** GeoJSON as clients read it, in the CRS of the edit. */
  readonly feature: string;
  /** False if the geometry has arcs or faces, which GeoJSON cannot express. */
  readonly is_straight: boolean | null;
  /** False if the row is outside of the layer's units. */
  readonly within: boolean;
}

/** Locks the row of a key: one {@link LockedRow} or none. */
export function lockQuery(layer: Layer, key: KeyValues, crs: Crs): Query {
  const shape = geometryOf(layer.geometry);
  const parts = partVersions(layer);
  return sql`SELECT ${featureVersion(layer)} AS version, ${parts.shape} AS shape, ${parts.values} AS values, ${featureText(layer, { crs })} AS feature,
      NOT ST_HasArc(${shape}) AND ST_GeometryType(${shape}) NOT IN ('ST_Tin', 'ST_Triangle', 'ST_PolyhedralSurface') AS is_straight,
      ${isInOwnUnits(layer)} AS within
    FROM ${ownRows(layer)} WHERE ${keyCondition(layer, '=', key)} FOR UPDATE`;
}

/** Locks the rows that match a filter for this transaction, up to `most` and one more: `{id}`. */
export function matchingQuery(layer: Layer, filter: BoundFilter, most: number): Query {
  return sql`SELECT ${featureIdText(layer) ?? raw('NULL')} AS id FROM ${ownRows(layer)}
    WHERE ${filter} AND ${isInOwnUnits(layer)} ORDER BY ${join(keyColumns(layer), ', ')} LIMIT ${most + 1}::int FOR UPDATE`;
}

/**
 * Selects the table that holds the row of a key, if it is one that inherits from the layer's table: `{name}` or none.
 */
export function heirQuery(layer: Layer, key: KeyValues): Query {
  return sql`SELECT tableoid::regclass::text AS name FROM ${ident(layer.schema, layer.table)}
    WHERE ${keyCondition(layer, '=', key)} LIMIT 1`;
}

/** Selects the vertices of a row whose position is not empty, in order. Rows are `StoredVertex`. */
export function verticesQuery(layer: Layer, key: KeyValues, crs: Crs): Query {
  const { geometry } = layer;
  const point = raw('vertex.geom');
  const there = crs.srid === geometry.srid ? point : sql`ST_Transform(${point}, ${crs.srid}::int)`;
  return sql`SELECT ST_AsGeoJSON(${there}, ${raw(String(shownDigits(geometry, crs)))}, 0)::json -> 'coordinates' AS shown,
      ST_X(${point}) AS x, ST_Y(${point}) AS y, ST_Z(${point}) AS z, ST_M(${point}) AS m
    FROM ${ownRows(layer)}, ST_DumpPoints(${geometryOf(geometry)}) AS vertex
    WHERE ${keyCondition(layer, '=', key)} AND abs(ST_X(${point})) + abs(ST_Y(${point})) + coalesce(abs(ST_Z(${point})), 0) < 'Infinity'`;
}

/** A position in the layer's CRS; null outside of its domain. */
export interface PlacedRow {
  readonly x: number | null;
  readonly y: number | null;
}

/** Transforms positions of another CRS, in order. Rows are {@link PlacedRow}. */
export function placeQuery({ geometry }: Layer, positions: readonly Position[], { srid }: Crs): Query {
  const domain = domainOf(geometry);
  const into = (target: number) => (srid === target ? raw('geom') : sql`ST_Transform(geom, ${target}::int)`);
  const inside = domain ? sql`${into(4326)} @ (SELECT ${lonLatBox(domain, 4326)})` : raw('TRUE');
  return sql`SELECT ST_X(placed) AS x, ST_Y(placed) AS y
    FROM (SELECT path, CASE WHEN ${inside} THEN ${into(geometry.srid)} END AS placed
      FROM ST_DumpPoints(${pointsText(positions, srid)}::text::geometry)) AS points ORDER BY path`;
}

/** Checks the validity of a geometry in EWKT: `{valid, reason}`. */
export function validityQuery(geometry: string): Query {
  return sql`SELECT ST_IsValid(g) AS valid, ST_IsValidReason(g) AS reason FROM (SELECT ${geometry}::text::geometry AS g) AS given`;
}

/**
 * Selects the fields whose type would shorten a value, or round a number or a time: `{names}`. Each value is compared
 * with itself in the type without length and precision. Returns undefined if no field has such a type.
 */
export function cutQuery(values: RowChange['values']): Query | undefined {
  const cutting = [...values.keys()].filter(({ baseType }) => /\(\d/.test(baseType) && !/^bit\(/.test(baseType));
  if (cutting.length === 0) return undefined;
  const names = cutting.map(
    ({ name }) => sql`CASE WHEN cut.${ident(name)} IS DISTINCT FROM whole.${ident(name)} THEN ${literal(name)} END`,
  );
  const json = writeExact(Object.fromEntries(cutting.map((field) => [field.name, values.get(field)])));
  const whole = cutting.map((field) => ({ ...field, sqlType: castType(field.baseType) }));
  return sql`SELECT array_to_json(array_remove(ARRAY[${join(names, ', ')}], NULL)) AS names
    FROM ${record(cutting, json, 'cut')}, ${record(whole, json, 'whole')}`;
}

/** Returns the table's own rows. Tables that inherit from it may have the same keys. */
function ownRows({ schema, table }: Layer): Sql {
  return sql`ONLY ${ident(schema, table)}`;
}

/**
 * Returns the columns that a change sets, and a SELECT of their values. PostgreSQL itself converts JSON to the types of
 * the columns.
 */
function assigned({ geometry: column }: Layer, { values, geometry }: RowChange): { columns: string[]; values: Sql } {
  const fields = [...values.keys()];
  const json = writeExact(Object.fromEntries([...values].map(([field, value]) => [field.name, value])));
  const selected = fields.map(({ name }) => sql`given.${ident(name)}`);
  const shape = sql`${geometry}::text::geometry${column.isGeography ? raw('::geography') : EMPTY}`;
  return {
    columns: [...fields.map(({ name }) => name), ...(geometry === undefined ? [] : [column.column])],
    values: sql`SELECT ${join([...selected, ...(geometry === undefined ? [] : [shape])], ', ')}${
      fields.length ? sql` FROM ${record(fields, json, 'given')}` : EMPTY
    }`,
  };
}

/** Returns the members of a JSON object as columns in their fields' types, as the database writes those. */
function record(fields: readonly Pick<Field, 'name' | 'sqlType'>[], json: string, alias: string): Sql {
  const columns = fields.map(({ name, sqlType }) => sql`${ident(name)} ${raw(sqlType)}`);
  return sql`json_to_record(${json}::text::json) AS ${raw(alias)}(${join(columns, ', ')})`;
}
