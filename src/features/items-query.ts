import { integerKey } from '../catalog/key.ts';
import type { Field, Layer } from '../catalog/layer.ts';
import { relation } from '../catalog/relation.ts';
import { all, EMPTY, ident, identList, join, type Query, raw, type Sql, sql, textList } from '../database/sql.ts';
import { filterToSql, type RowFilter } from '../filter/filter.ts';
import { searchCondition } from '../filter/search.ts';
import { type BBox, intersectBBox } from '../geo/bbox.ts';
import { CRS84, type Crs, numbersOf } from '../geo/crs.ts';
import { boxIn, touches } from '../geometry/box.ts';
import { domainOf, lonLatBox } from '../geometry/domain.ts';
import { geoJsonIn } from './feature-geometry.ts';
import { featureIdText, type KeyValues, repeatsKeys } from './feature-id.ts';
import { castType, type SortKey, type SortValues, sortColumns, sortedAfter, sortOrder } from './sort.ts';

/** Both ends included; RFC 3339 in UTC; an end that is not there is open. */
export interface TimeInterval {
  readonly start?: string;
  readonly end?: string;
}

/** Which features of a layer are asked for: those that meet every condition. */
export interface ItemsFilter {
  /** Features that touch any of the boxes (two, where the box crosses the antimeridian). */
  readonly boxes?: readonly BBox[] | undefined;
  /** Of the boxes: easting or longitude first, whatever the system's axes are. */
  readonly boxCrs?: Crs | undefined;
  /** Held against {@link timeField}. */
  readonly time?: TimeInterval | undefined;
  /** Whether boxes and times take features that are nowhere or never as well (OGC 17-069r4, fc-bbox-response and fc-time-response, C). */
  readonly takesUnknown?: boolean;
  /** Texts one of which a field holds, in any case and with or without tone marks. */
  readonly search?: readonly string[] | undefined;
  readonly filter?: RowFilter | undefined;
  /** The value as PostgreSQL reads it. */
  readonly equals: readonly { readonly field: Field; readonly value: string }[];
}

/** What is told of each feature. */
export interface Form {
  /** Of the coordinates. */
  readonly crs: Crs;
  /** undefined: every field of the layer. */
  readonly fields?: readonly Field[] | undefined;
  readonly skipGeometry?: boolean | undefined;
}

export const PLAIN_FORM: Form = { crs: CRS84 };

export interface Order {
  /** The order; among equals, and where there is none, that of the key. */
  readonly sort?: readonly SortKey[] | undefined;
  /** The last feature of the page before. */
  readonly after?: Position | undefined;
  /** Whether rows of one key have an order too, by all that they hold: 10 µs a row, for rows whose keys repeat. */
  readonly isTied?: boolean | undefined;
}

export interface ItemsQuestion extends ItemsFilter, Order, Form {
  readonly limit: number;
}

/** Where a feature stands in an order. */
export interface Position {
  readonly sort: SortValues;
  readonly key: KeyValues;
  /** Where a key may stand for several rows: how many of them have come up to here; 0: all. */
  readonly given?: number;
}

/** One feature: its place, and its GeoJSON (RFC 7946, but for another CRS) as text, which nobody has to parse. */
export interface ItemRow extends Position {
  readonly feature: string;
}

/** The largest integer that a JSON reader keeps exactly. */
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
/** Names that no column of a layer has by accident. */
export const DIGEST = ident('diaba digest');
export const NUMBER = ident('diaba number');
const FIELDS = ident('diaba fields');

/** What tells one state of a row from another: of what may be seen of it only. */
export function featureVersion({ geometry, fields }: Layer): Sql {
  return sql`md5(ROW(${identList([geometry.column, ...fields.map(({ name }) => name)])})::text)`;
}

/** Hexadecimal digits of the version of a part: two states look alike once in 4 billion times. */
export const PART_DIGITS = 8;

/** As {@link featureVersion}, of the geometry and of the values apart: who changes one is not in the way of who changes the other. */
export function partVersions({ geometry, fields }: Layer): { readonly shape: Sql; readonly values: Sql } {
  const digest = (names: readonly string[]) =>
    sql`left(md5(ROW(${identList(names)})::text), ${raw(String(PART_DIGITS))})`;
  return { shape: digest([geometry.column]), values: digest(fields.map(({ name }) => name)) };
}

/** A page of features in order, and one more where there is a next page. Rows are {@link ItemRow}. */
export function itemsQuery(layer: Layer, question: ItemsQuestion): Query {
  return sql`${selectFeatures(layer, question, question.sort)} ${orderedRows(layer, question)} LIMIT ${question.limit + 1}::int`;
}

/** FROM … ORDER BY: the rows that are asked for, in their order. */
export function orderedRows(layer: Layer, question: ItemsFilter & Order): Sql {
  const { sort = [], after, isTied } = question;
  const order = [...sortOrder(sort), ...keyOrder(layer, isTied)];
  const rest = after ? sortedAfter(sort, after.sort, afterKey(layer, after)) : raw('TRUE');
  const skip = after?.given ? sql` OFFSET ${after.given}::int8` : EMPTY;
  return sql`FROM ${source(layer, conditions(layer, question))} WHERE ${rest} ORDER BY ${join(order, ', ')}${skip}`;
}

/** The feature of a key: one {@link ItemRow}, with its `version`, or none. */
export function itemQuery(layer: Layer, key: KeyValues, form: Form = PLAIN_FORM): Query {
  return sql`${selectFeatures(layer, form)}, ${featureVersion(layer)} AS version FROM ${source(layer, raw('TRUE'))} WHERE ${keyCondition(layer, '=', key)} LIMIT 1`;
}

/** How many features meet the filter, counted up to `most`: `{count}`. */
export function countQuery(layer: Layer, filter: ItemsFilter, most: number): Query {
  return sql`SELECT count(*)::int AS count FROM (
    SELECT FROM ${relation(layer)} WHERE ${conditions(layer, filter)} LIMIT ${most}::int) AS counted`;
}

/** The field that `datetime` is about. */
export function timeField({ fields, timeField: named }: Layer): Field | undefined {
  return fields.find(({ name }) => name === named);
}

function selectFeatures(layer: Layer, form: Form, sort: readonly SortKey[] = []): Sql {
  const key = keyColumns(layer).map((column) => sql`${column}::text`);
  return sql`SELECT ${textList(sortColumns(sort))} AS sort, ${textList(key)} AS key,
    ${featureText(layer, form)} AS feature`;
}

/** The GeoJSON of a row, as text. */
export function featureText(layer: Layer, form: Form): Sql {
  const geometry = form.skipGeometry ? raw('NULL::json') : geoJsonIn(layer, form.crs);
  return sql`json_build_object('type', 'Feature', 'id', ${featureId(layer)}, 'geometry', ${geometry},
    'properties', ${properties(form.fields ?? layer.fields)})::text`;
}

function properties(fields: readonly Field[]): Sql {
  if (fields.length === 0) return raw(`'{}'::json`);
  const values = fields.map((field) => sql`${fieldValue(field)} AS ${ident(field.name)}`);
  // The inner SELECT keeps the columns' order and cannot be mistaken for a column, whatever the columns are called.
  return sql`(SELECT row_to_json(${FIELDS}) FROM (SELECT ${join(values, ', ')}) AS ${FIELDS})`;
}

/** The layer's rows that meet a condition, with a digest and a number for each where they have no key. */
export function source(layer: Layer, condition: Sql): Sql {
  const table = relation(layer);
  if (layer.key.kind !== 'none')
    return sql`(SELECT ${layer.key.kind === 'ctid' ? sql`${join(keyColumns(layer), ', ')}, ` : EMPTY}* FROM ${table} WHERE ${condition}) AS item`;
  // Rows that are equal meet the same conditions, so their numbers do not depend on what is asked.
  return sql`(SELECT *, row_number() OVER (PARTITION BY ${DIGEST}) AS ${NUMBER} FROM (
    SELECT *, md5(ROW(${allColumns(layer)})::text) AS ${DIGEST} FROM ${table} WHERE ${condition}) AS digested) AS item`;
}

export function keyColumns({ key }: Layer): Sql[] {
  if (key.kind === 'columns') return key.columns.map((name) => ident(name));
  if (key.kind === 'ctid') return key.isSpread ? [raw('tableoid'), raw('ctid')] : [raw('ctid')];
  return [DIGEST, NUMBER];
}

/** What stands in ORDER BY. @param isTied as {@link Order} has it */
export function keyOrder(layer: Layer, isTied = false): Sql[] {
  return [...keyColumns(layer), ...(isTied ? [sql`ROW(${allColumns(layer)})::text`] : [])];
}

/** What comes after a place in the order of the key; where not all rows of the key have come, from the first of them on. */
export function afterKey(layer: Layer, { key, given = 0 }: Pick<Position, 'key' | 'given'>): Sql {
  if (!repeatsKeys(layer)) return keyCondition(layer, '>', key);
  const isNull = join(
    keyColumns(layer).map((column) => sql`${column} IS NULL`),
    ' OR ',
  );
  if (key.includes(null)) return given > 0 ? isNull : raw('FALSE');
  return sql`(${keyCondition(layer, given > 0 ? '>=' : '>', key)} OR ${isNull})`;
}

function allColumns({ geometry, fields }: Layer): Sql {
  return identList([geometry.column, ...fields.map(({ name }) => name)]);
}

/** Compares whole keys in their own types and order, which is what their index is made for. */
export function keyCondition(layer: Layer, operator: '=' | '>' | '>=', values: KeyValues): Sql {
  const types = keyTypes(layer);
  const given = values.map((value, index) => sql`${value}::text::${raw(types[index] ?? 'text')}`);
  return sql`(${join(keyColumns(layer), ', ')}) ${raw(operator)} (${join(given, ', ')})`;
}

/** Any of some whole keys: a list for each of their columns, so that the text does not grow with their number. */
export function anyKeyCondition(layer: Layer, keys: readonly KeyValues[]): Sql {
  const types = keyTypes(layer);
  const lists = types.map((type, index) => sql`${keys.map((key) => key[index])}::text[]::${raw(type)}[]`);
  const columns = join(keyColumns(layer), ', ');
  return lists.length === 1
    ? sql`${columns} = ANY(${lists[0]})`
    : sql`(${columns}) IN (SELECT * FROM unnest(${join(lists, ', ')}))`;
}

function keyTypes({ key, fields }: Layer): string[] {
  if (key.kind === 'ctid') return key.isSpread ? ['oid', 'tid'] : ['tid'];
  if (key.kind === 'none') return ['text', 'int8'];
  return key.columns.map((name) => castType(fields.find((field) => field.name === name)?.sqlType ?? 'text'));
}

export function featureId(layer: Layer): Sql {
  const name = integerKey(layer);
  if (name === undefined) return featureIdText(layer) ?? sql`${DIGEST} || '-' || ${NUMBER}`;
  const column = ident(name);
  return sql`CASE WHEN ${column}::int8 BETWEEN ${raw(`-${MAX_SAFE} AND ${MAX_SAFE}`)} THEN to_json(${column}) ELSE to_json(${column}::text) END`;
}

/** Times in UTC whatever the session's time zone is. */
export function fieldValue({ name, type, baseType }: Field): Sql {
  const column = ident(name);
  if (/^timestamp.* with time zone$/.test(baseType)) {
    const time = sql`replace((to_json(${column} AT TIME ZONE 'UTC') #>> '{}') || 'Z', ' BCZ', 'Z BC')`;
    return sql`CASE WHEN isfinite(${column}) THEN ${time} ELSE ${column}::text END`;
  }
  // It has a JSON of its own, which PostgreSQL does not read again.
  return type === 'string' && /\bhstore$/.test(baseType) ? sql`${column}::text` : column;
}

function conditions(layer: Layer, question: ItemsFilter): Sql {
  const { boxes, boxCrs = CRS84, time, takesUnknown = false, search, filter, equals } = question;
  const field = timeField(layer);
  const { column, nullable } = layer.geometry;
  return all([
    ...(boxes
      ? [
          anyOf([
            ...boxes.map((box) => boxCondition(layer, box, boxCrs)),
            ...(takesUnknown && nullable ? [sql`${ident(column)} IS NULL`] : []),
          ]),
        ]
      : []),
    ...(time && field
      ? [
          anyOf([
            all(timeConditions(field, time)),
            ...(takesUnknown && field.nullable ? [sql`${ident(field.name)} IS NULL`] : []),
          ]),
        ]
      : []),
    ...(search ? [searchCondition(layer, search)] : []),
    ...(filter ? [filterToSql(filter.expression, layer, filter.crs)] : []),
    ...equals.map(({ field: each, value }) => equality(each, value)),
  ]);
}

function anyOf(some: readonly Sql[]): Sql {
  return sql`(${join(some, ' OR ')})`;
}

/** Features that touch the box: in the layer's own system, where its edges are curves. */
function boxCondition({ geometry }: Layer, asked: BBox, crs: Crs): Sql {
  const domain = crs.srid === 4326 ? domainOf(geometry) : numbersOf(crs);
  const box = domain ? intersectBBox(asked, domain) : asked;
  if (!box) return raw('FALSE');
  return touches(geometry, crs.srid === 4326 ? lonLatBox(box, geometry.srid) : boxIn(box, crs, geometry));
}

function timeConditions(field: Field, { start, end }: TimeInterval): Sql[] {
  const column = ident(field.name);
  return [
    ...(start === undefined ? [] : [sql`${column} >= ${timeValue(field, start)}`]),
    ...(end === undefined ? [] : [sql`${column} <= ${timeValue(field, end)}`]),
  ];
}

/** A time as a value of the field's type; a time without a zone is taken to be UTC. */
function timeValue({ type, baseType }: Field, value: string): Sql {
  const instant = sql`${value}::text::timestamptz`;
  if (type === 'date') return sql`(${instant} AT TIME ZONE 'UTC')::date`;
  return /without time zone$/.test(baseType) ? sql`(${instant} AT TIME ZONE 'UTC')` : instant;
}

function equality(field: Field, value: string): Sql {
  const column = ident(field.name);
  if (field.type === 'string') return sql`${column}::text = ${value}::text`;
  if (field.type === 'integer') return sql`${column} = ${value}::text::int8`;
  if (field.type === 'datetime') return sql`${column} = ${timeValue(field, value)}`;
  return sql`${column} = ${value}::text::${raw(castType(field.sqlType))}`;
}
