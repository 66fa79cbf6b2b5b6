import type { Field, Layer } from '../catalog/layer.ts';
import { relation } from '../catalog/relation.ts';
import { all, EMPTY, ident, identList, join, type Query, raw, type Sql, sql, textList } from '../database/sql.ts';
import { BoundFilter } from '../filter/filter.ts';
import { searchCondition } from '../filter/search.ts';
import { type BBox, intersectBBox } from '../geo/bbox.ts';
import { CRS84, type Crs, coordinateRange } from '../geo/crs.ts';
import { boxIn, intersectsArea } from '../geometry/box.ts';
import { domainOf, lonLatBox } from '../geometry/domain.ts';
import { geoJsonIn } from './feature-geometry.ts';
import type { KeyValues } from './feature-id.ts';
import {
  afterKey,
  allColumns,
  DIGEST,
  featureId,
  keyColumns,
  keyCondition,
  keyOrder,
  type PagePosition,
  ROW_NUMBER,
} from './row-key.ts';
import { castType, type SortKey, sortColumns, sortedAfter, sortOrder } from './sort.ts';

/** Both ends included; RFC 3339 in UTC. An absent end is open. */
export interface TimeInterval {
  readonly start?: string;
  readonly end?: string;
}

/** The features requested of a layer: those that match every condition. */
export interface ItemsFilter {
  /** Features that intersect any of the boxes. There are two if the box crosses the antimeridian. */
  readonly boxes?: readonly BBox[] | undefined;
  /** CRS of the boxes: easting or longitude first, whatever the axis order of its URI. */
  readonly boxCrs?: Crs | undefined;
  /** Compared with {@link timeField}. */
  readonly time?: TimeInterval | undefined;
  /**
   * True if boxes and times also match features without a geometry or time (OGC 17-069r4, fc-bbox-response and
   * fc-time-response, C).
   */
  readonly takesUnknown?: boolean;
  /** Terms of which a field must hold one, ignoring case and tone marks. */
  readonly search?: readonly string[] | undefined;
  readonly filter?: BoundFilter | undefined;
  /** The value in PostgreSQL's text form. */
  readonly equals: readonly { readonly field: Field; readonly value: string }[];
}

/** The members of each feature in the answer. */
export interface FeatureForm {
  /** CRS of the coordinates. */
  readonly crs: Crs;
  /** undefined: every field of the layer. */
  readonly fields?: readonly Field[] | undefined;
  readonly skipGeometry?: boolean | undefined;
}

export const PLAIN_FORM: FeatureForm = { crs: CRS84 };

export interface Order {
  /** The order. Equal rows, or all of them without an order, come in the order of the key. */
  readonly sort?: readonly SortKey[] | undefined;
  /** Position of the last feature of the previous page. */
  readonly after?: PagePosition | undefined;
  /**
   * True if rows of equal key are ordered too, by all of their content. It costs 10 µs a row, only where keys repeat.
   */
  readonly isTied?: boolean | undefined;
}

export interface ItemsQuestion extends ItemsFilter, Order, FeatureForm {
  readonly limit: number;
}

/** One feature: its position, and its GeoJSON (RFC 7946, in any CRS) as text that nobody has to parse. */
export interface ItemRow extends PagePosition {
  readonly feature: string;
}

/** No column has this name by accident. */
const FIELDS = ident('diaba fields');

/** Returns a digest of a row's state, over visible fields only. */
export function featureVersion({ geometry, fields }: Layer): Sql {
  return sql`md5(ROW(${identList([geometry.column, ...fields.map(({ name }) => name)])})::text)`;
}

/** Hexadecimal digits of a part's version. Two states collide once in 4 billion times. */
export const PART_DIGITS = 8;

/**
 * Returns versions like {@link featureVersion}, one of the geometry and one of the values. Two clients can therefore
 * edit one each without a conflict.
 */
export function partVersions({ geometry, fields }: Layer): { readonly shape: Sql; readonly values: Sql } {
  const digest = (names: readonly string[]) =>
    sql`left(md5(ROW(${identList(names)})::text), ${raw(String(PART_DIGITS))})`;
  return { shape: digest([geometry.column]), values: digest(fields.map(({ name }) => name)) };
}

/** Selects a page of features in order, and one more if another page follows. Rows are {@link ItemRow}. */
export function itemsQuery(layer: Layer, question: ItemsQuestion): Query {
  return sql`${selectFeatures(layer, question, question.sort)} ${orderedRows(layer, question)} LIMIT ${question.limit + 1}::int`;
}

/** Returns FROM … ORDER BY of the requested rows. */
export function orderedRows(layer: Layer, question: ItemsFilter & Order): Sql {
  const { sort = [], after, isTied } = question;
  const order = [...sortOrder(sort), ...keyOrder(layer, isTied)];
  const rest = after ? sortedAfter(sort, after.sort, afterKey(layer, after)) : raw('TRUE');
  const skip = after?.given ? sql` OFFSET ${after.given}::int8` : EMPTY;
  return sql`FROM ${source(layer, conditions(layer, question))} WHERE ${rest} ORDER BY ${join(order, ', ')}${skip}`;
}

/** Selects the feature of a key: one {@link ItemRow} with its `version`, or none. */
export function itemQuery(layer: Layer, key: KeyValues, form: FeatureForm = PLAIN_FORM): Query {
  return sql`${selectFeatures(layer, form)}, ${featureVersion(layer)} AS version FROM ${source(layer, raw('TRUE'))} WHERE ${keyCondition(layer, '=', key)} LIMIT 1`;
}

/** Counts the features that match the filter, up to `most`: `{count}`. */
export function countQuery(layer: Layer, filter: ItemsFilter, most: number): Query {
  return sql`SELECT count(*)::int AS count FROM (
    SELECT FROM ${relation(layer)} WHERE ${conditions(layer, filter)} LIMIT ${most}::int) AS counted`;
}

/** Returns the field that `datetime` refers to. */
export function timeField({ fields, timeField: named }: Layer): Field | undefined {
  return fields.find(({ name }) => name === named);
}

function selectFeatures(layer: Layer, form: FeatureForm, sort: readonly SortKey[] = []): Sql {
  const key = keyColumns(layer).map((column) => sql`${column}::text`);
  return sql`SELECT ${textList(sortColumns(sort))} AS sort, ${textList(key)} AS key,
    ${featureText(layer, form)} AS feature`;
}

/** Returns the GeoJSON of a row as text. */
export function featureText(layer: Layer, form: FeatureForm): Sql {
  return sql`json_build_object('type', 'Feature', 'id', ${featureId(layer)}, ${featureMembers(layer, form)})::text`;
}

/** Returns the same without the member `id`, for clients that know features by other names. */
export function namelessFeatureText(layer: Layer, form: FeatureForm): Sql {
  return sql`json_build_object('type', 'Feature', ${featureMembers(layer, form)})::text`;
}

function featureMembers(layer: Layer, form: FeatureForm): Sql {
  const geometry = form.skipGeometry ? raw('NULL::json') : geoJsonIn(layer, form.crs);
  return sql`'geometry', ${geometry},
    'properties', ${propertiesJson(form.fields ?? layer.fields)}`;
}

function propertiesJson(fields: readonly Field[]): Sql {
  if (fields.length === 0) return raw(`'{}'::json`);
  const values = fields.map((field) => sql`${fieldValue(field)} AS ${ident(field.name)}`);
  // The inner SELECT preserves the order of columns, and its name cannot collide with a column.
  return sql`(SELECT row_to_json(${FIELDS}) FROM (SELECT ${join(values, ', ')}) AS ${FIELDS})`;
}

/** Returns the layer's rows that match a condition. Rows without a key get a digest and a number. */
export function source(layer: Layer, condition: Sql): Sql {
  const table = relation(layer);
  if (layer.key.kind !== 'none')
    return sql`(SELECT ${layer.key.kind === 'ctid' ? sql`${join(keyColumns(layer), ', ')}, ` : EMPTY}* FROM ${table} WHERE ${condition}) AS item`;
  // Equal rows match the same conditions, so their numbers do not depend on the request.
  return sql`(SELECT *, row_number() OVER (PARTITION BY ${DIGEST}) AS ${ROW_NUMBER} FROM (
    SELECT *, md5(ROW(${allColumns(layer)})::text) AS ${DIGEST} FROM ${table} WHERE ${condition}) AS digested) AS item`;
}

/** Returns the value of a field for output. Times are in UTC, whatever the session's time zone. */
export function fieldValue({ name, type, baseType }: Field): Sql {
  const column = ident(name);
  if (/^timestamp.* with time zone$/.test(baseType)) {
    const time = sql`replace((to_json(${column} AT TIME ZONE 'UTC') #>> '{}') || 'Z', ' BCZ', 'Z BC')`;
    return sql`CASE WHEN isfinite(${column}) THEN ${time} ELSE ${column}::text END`;
  }
  // hstore has a JSON form of its own, which PostgreSQL does not read back.
  return type === 'string' && /\bhstore$/.test(baseType) ? sql`${column}::text` : column;
}

/** Returns everything that a question asks of the rows as one filter; undefined: it asks nothing. */
export function boundFilter(layer: Layer, question: ItemsFilter): BoundFilter | undefined {
  const { boxes, time, search, filter, equals } = question;
  if (!boxes && !time && !search && equals.length === 0) return filter;
  const { parts, values } = conditions(layer, question);
  return new BoundFilter(parts, values);
}

function conditions(layer: Layer, question: ItemsFilter): Sql {
  const { boxes, boxCrs = CRS84, time, takesUnknown = false, search, filter, equals } = question;
  const field = timeField(layer);
  const { column, nullable } = layer.geometry;
  return all([
    ...(boxes
      ? [
          anyCondition([
            ...boxes.map((box) => boxCondition(layer, box, boxCrs)),
            ...(takesUnknown && nullable ? [sql`${ident(column)} IS NULL`] : []),
          ]),
        ]
      : []),
    ...(time && field
      ? [
          anyCondition([
            all(timeConditions(field, time)),
            ...(takesUnknown && field.nullable ? [sql`${ident(field.name)} IS NULL`] : []),
          ]),
        ]
      : []),
    ...(search ? [searchCondition(layer, search)] : []),
    ...(filter ? [filter] : []),
    ...equals.map(({ field: each, value }) => equality(each, value)),
  ]);
}

function anyCondition(some: readonly Sql[]): Sql {
  return sql`(${join(some, ' OR ')})`;
}

/** Matches features that intersect the box, in the layer's CRS, in which the box's edges may be curves. */
function boxCondition({ geometry }: Layer, asked: BBox, crs: Crs): Sql {
  const domain = crs.srid === 4326 ? domainOf(geometry) : coordinateRange(crs);
  const box = domain ? intersectBBox(asked, domain) : asked;
  if (!box) return raw('FALSE');
  return intersectsArea(geometry, crs.srid === 4326 ? lonLatBox(box, geometry.srid) : boxIn(box, crs, geometry));
}

function timeConditions(field: Field, { start, end }: TimeInterval): Sql[] {
  const column = ident(field.name);
  return [
    ...(start === undefined ? [] : [sql`${column} >= ${timeValue(field, start)}`]),
    ...(end === undefined ? [] : [sql`${column} <= ${timeValue(field, end)}`]),
  ];
}

/** Returns a time in the field's type. A time without a zone is in UTC. */
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
