import { domainOf, geometryOf, isInDomain, lonLatBox, straightened, touches } from '../catalog/geometry-sql.ts';
import { integerKey } from '../catalog/key.ts';
import type { Dimension, Field, Layer } from '../catalog/layer.ts';
import { all, EMPTY, ident, identList, join, type Query, raw, type Sql, sql } from '../database/sql.ts';
import { type BBox, intersectBBox } from '../geo/bbox.ts';
import { featureIdText, type KeyValues } from './feature-id.ts';

/** Both ends included; RFC 3339 in UTC; an end that is not there is open. */
export interface TimeInterval {
  readonly start?: string;
  readonly end?: string;
}

/** Which features of a layer are asked for: those that meet every condition. */
export interface ItemsFilter {
  /** Longitude and latitude; features that touch any of the boxes (two, where the box crosses the antimeridian). */
  readonly boxes?: readonly BBox[] | undefined;
  /** Held against {@link timeField}. */
  readonly time?: TimeInterval | undefined;
  /** The value as PostgreSQL reads it. */
  readonly equals: readonly { readonly field: Field; readonly value: string }[];
}

export interface ItemsQuestion extends ItemsFilter {
  readonly limit: number;
  /** The key of the last feature of the page before. */
  readonly after?: KeyValues | undefined;
}

/** One feature: its key, and its GeoJSON (RFC 7946) as text, which nobody has to parse. */
export interface ItemRow {
  readonly key: KeyValues;
  readonly feature: string;
}

/** Decimals of a degree: 1 mm on the ground, and what VN-2000 coordinates are surveyed to. */
const DEGREE_DIGITS = 8;
/** The largest integer that a JSON reader keeps exactly. */
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
/** Names that no column of a layer has by accident. */
export const DIGEST = ident('diaba digest');
export const NUMBER = ident('diaba number');
const FIELDS = ident('diaba fields');

/** A page of features in the order of their key, and one more where there is a next page. Rows are {@link ItemRow}. */
export function itemsQuery(layer: Layer, question: ItemsQuestion): Query {
  const key = keyColumns(layer);
  const after = question.after ? sql` AND ${keyCondition(layer, '>', question.after)}` : EMPTY;
  return sql`${selectFeatures(layer)} FROM ${source(layer, conditions(layer, question))}
    WHERE TRUE${after} ORDER BY ${join(key, ', ')} LIMIT ${question.limit + 1}::int`;
}

/** The feature of a key: one {@link ItemRow} or none. */
export function itemQuery(layer: Layer, key: KeyValues): Query {
  return sql`${selectFeatures(layer)} FROM ${source(layer, raw('TRUE'))} WHERE ${keyCondition(layer, '=', key)} LIMIT 1`;
}

/** How many features meet the filter, counted up to `most`: `{count}`. */
export function countQuery(layer: Layer, filter: ItemsFilter, most: number): Query {
  return sql`SELECT count(*)::int AS count FROM (
    SELECT FROM ${ident(layer.schema, layer.table)} WHERE ${conditions(layer, filter)} LIMIT ${most}::int) AS counted`;
}

/** The field that `datetime` is about: the first date or time. */
export function timeField({ fields }: Layer): Field | undefined {
  return fields.find(({ type }) => type === 'date' || type === 'datetime');
}

function selectFeatures(layer: Layer): Sql {
  const fields = layer.fields.map((field) => sql`${fieldValue(field)} AS ${ident(field.name)}`);
  // The inner SELECT keeps the columns' order and cannot be mistaken for a column, whatever the columns are called.
  return sql`SELECT json_build_array(${join(
    keyColumns(layer).map((column) => sql`${column}::text`),
    ', ',
  )}) AS key,
    json_build_object('type', 'Feature', 'id', ${featureId(layer)}, 'geometry', ${geoJson(layer)},
      'properties', (SELECT row_to_json(${FIELDS}) FROM (SELECT ${join(fields, ', ')}) AS ${FIELDS}))::text AS feature`;
}

/** The layer's rows that meet a condition, with a digest and a number for each where they have no key. */
export function source(layer: Layer, condition: Sql): Sql {
  const table = ident(layer.schema, layer.table);
  if (layer.key.kind !== 'none')
    return sql`(SELECT ${layer.key.kind === 'ctid' ? raw('ctid, ') : EMPTY}* FROM ${table} WHERE ${condition}) AS item`;
  const columns = identList([layer.geometry.column, ...layer.fields.map(({ name }) => name)]);
  // Rows that are equal meet the same conditions, so their numbers do not depend on what is asked.
  return sql`(SELECT *, row_number() OVER (PARTITION BY ${DIGEST}) AS ${NUMBER} FROM (
    SELECT *, md5(ROW(${columns})::text) AS ${DIGEST} FROM ${table} WHERE ${condition}) AS digested) AS item`;
}

export function keyColumns({ key }: Layer): Sql[] {
  if (key.kind === 'columns') return key.columns.map((name) => ident(name));
  return key.kind === 'ctid' ? [raw('ctid')] : [DIGEST, NUMBER];
}

/** Compares whole keys in their own types and order, which is what their index is made for. */
export function keyCondition(layer: Layer, operator: '=' | '>', values: KeyValues): Sql {
  const types = keyTypes(layer);
  const given = values.map((value, index) => sql`${value}::text::${raw(types[index] ?? 'text')}`);
  return sql`(${join(keyColumns(layer), ', ')}) ${raw(operator)} (${join(given, ', ')})`;
}

function keyTypes({ key, fields }: Layer): string[] {
  if (key.kind === 'ctid') return ['tid'];
  if (key.kind === 'none') return ['text', 'int8'];
  return key.columns.map((name) => castType(fields.find((field) => field.name === name)?.sqlType ?? 'text'));
}

/** The type without its length, which in a cast would cut the value; `character` alone would mean one letter. */
export function castType(sqlType: string): string {
  if (sqlType.includes('"')) return sqlType;
  const type = sqlType.replace(/\([\d, -]+\)/, '');
  return type === 'character' ? 'bpchar' : type;
}

function featureId(layer: Layer): Sql {
  const name = integerKey(layer);
  if (name === undefined) return featureIdText(layer) ?? sql`${DIGEST} || '-' || ${NUMBER}`;
  const column = ident(name);
  return sql`CASE WHEN ${column}::int8 BETWEEN ${raw(`-${MAX_SAFE} AND ${MAX_SAFE}`)} THEN to_json(${column}) ELSE to_json(${column}::text) END`;
}

/** Times in UTC whatever the session's time zone is. */
export function fieldValue({ name, sqlType }: Field): Sql {
  const column = ident(name);
  return /^timestamp.* with time zone$/.test(sqlType)
    ? sql`CASE WHEN isfinite(${column}) THEN (to_json(${column} AT TIME ZONE 'UTC') #>> '{}') || 'Z' ELSE ${column}::text END`
    : column;
}

/** RFC 7946: longitude and latitude, exterior rings counterclockwise, no arcs; null where there is nothing to show. */
function geoJson(layer: Layer): Sql {
  const { geometry } = layer;
  const column = geometryOf(geometry);
  const shape = straightened(geometry) ?? column;
  const lonLat = geometry.srid === 4326 ? shape : sql`ST_Transform(${shape}, 4326)`;
  return sql`CASE WHEN NOT ST_IsEmpty(${column}) AND ${isInDomain(geometry)}
    THEN ST_AsGeoJSON(${wind(geometry.dimension, lonLat)}, ${raw(String(DEGREE_DIGITS))})::json END`;
}

/** `ST_ForcePolygonCCW` of PostGIS 3.3 turns lines round as well; this way they are turned twice. */
export function wind(dimension: Dimension, geometry: Sql): Sql {
  if (dimension === 'mixed') return sql`ST_Reverse(ST_ForcePolygonCW(ST_Reverse(${geometry})))`;
  return dimension === 'polygon' ? sql`ST_ForcePolygonCCW(${geometry})` : geometry;
}

export function conditions(layer: Layer, { boxes, time, equals }: ItemsFilter): Sql {
  const field = timeField(layer);
  return all([
    ...(boxes
      ? [
          sql`(${join(
            boxes.map((box) => boxCondition(layer, box)),
            ' OR ',
          )})`,
        ]
      : []),
    ...(time && field ? timeConditions(field, time) : []),
    ...equals.map(({ field: each, value }) => equality(each, value)),
  ]);
}

/** Features that touch the box: in the layer's own system, where its edges are curves. */
function boxCondition(layer: Layer, asked: BBox): Sql {
  const { geometry } = layer;
  const domain = domainOf(geometry);
  const box = domain ? intersectBBox(asked, domain) : asked;
  if (!box) return raw('FALSE');
  return touches(geometry, lonLatBox(box, geometry.srid));
}

function timeConditions(field: Field, { start, end }: TimeInterval): Sql[] {
  const column = ident(field.name);
  return [
    ...(start === undefined ? [] : [sql`${column} >= ${timeValue(field, start)}`]),
    ...(end === undefined ? [] : [sql`${column} <= ${timeValue(field, end)}`]),
  ];
}

/** A time as a value of the field's type; a time without a zone is taken to be UTC. */
function timeValue({ type, sqlType }: Field, value: string): Sql {
  const instant = sql`${value}::text::timestamptz`;
  if (type === 'date') return sql`(${instant} AT TIME ZONE 'UTC')::date`;
  return /without time zone$/.test(sqlType) ? sql`(${instant} AT TIME ZONE 'UTC')` : instant;
}

function equality(field: Field, value: string): Sql {
  const column = ident(field.name);
  if (field.type === 'string') return sql`${column}::text = ${value}::text`;
  if (field.type === 'integer') return sql`${column} = ${value}::text::int8`;
  if (field.type === 'datetime') return sql`${column} = ${timeValue(field, value)}`;
  return sql`${column} = ${value}::text::${raw(castType(field.sqlType))}`;
}
