import { all, EMPTY, ident, join, type Query, raw, type Sql, sql } from '../database/sql.ts';
import { boxOf } from '../geometry/box.ts';
import { shapeIn } from '../geometry/shape.ts';
import { wind } from '../geometry/winding.ts';
import { sheetVariants } from '../phrase/parcel-numbers.ts';
import type { ScopeEntry } from '../phrase/unit-scope.ts';

/** SRID of `land.parcel.geom`. */
export const PARCEL_SRID = 9210;

/** A sheet, and numbers on it. */
export interface SheetNumbers {
  readonly sheet: string;
  readonly numbers: readonly number[];
}

/** East and north in `srid`. */
export interface ParcelPoint {
  readonly easting: number;
  readonly northing: number;
  readonly srid: number;
}

export interface ParcelRendering {
  /** SRID of the returned geometry and bbox. */
  readonly srid: number;
  readonly limit: number;
  /** Number of parcels before the first one returned. */
  readonly offset?: number | undefined;
}

/** Scope of a search for numbers: certain units, all units that have or had a code, or anywhere. */
export type Where = readonly ScopeEntry[] | { readonly code: string } | undefined;

/**
 * Selects the parcels that have these numbers now, those that had them before, and what became of a parcel that was
 * split or merged. For a code, each row holds the units of that code as `units`.
 */
export function byNumberQuery(asked: SheetNumbers, where: Where, rendering: ParcelRendering): Query {
  const place = (column: string) => sql`array_position(${asked.numbers}::int[], ${ident(column)}) AS place`;
  const found = sql`
    SELECT id, 'current' AS matched, unit_code, unit_valid_from, ${place('number')} FROM land.parcel WHERE ${isAsked(asked)}
    UNION ALL SELECT parcel_id, 'former', unit_code, unit_valid_from, ${place('number')} FROM land.parcel_alias WHERE ${isAsked(asked)}
    UNION ALL SELECT id, 'successor', unit_code, unit_valid_from, ${place('number')} FROM (${descendants(asked)}) AS heirs`;
  if (where === undefined)
    return parcelsQuery(
      sql`SELECT id, matched, (matched <> 'current')::int AS tier, place FROM (${found}) AS found`,
      rendering,
    );
  if ('code' in where) {
    return parcelsQuery(
      sql`SELECT id, matched, (matched <> 'current')::int AS tier, place FROM (${found}) AS found WHERE unit_code = ${where.code}`,
      rendering,
      sql`, (SELECT jsonb_agg(u) FROM (${unitsOfCodeQuery(where.code)}) AS u) AS units`,
    );
  }
  return parcelsQuery(
    sql`SELECT id, matched, CASE matched WHEN 'current' THEN scope.current ELSE scope.former END AS tier, place
      FROM (${found}) AS found JOIN ${scopeTable(where)} ON (scope.code, scope.valid_from) = (unit_code, unit_valid_from)`,
    rendering,
  );
}

/** True where a row of `land.parcel` or `land.parcel_alias` has one of the numbers. */
function isAsked({ sheet, numbers }: SheetNumbers, prefix = ''): Sql {
  const column = (name: string) => ident(prefix + name);
  return sql`${column('sheet')} = ANY(${sheetVariants(sheet)}::text[]) AND ${column('number')} = ANY(${numbers}::int[])`;
}

/** Selects the parcels of today that came from a parcel with these numbers, with the parent's unit and number. */
function descendants(asked: SheetNumbers): Sql {
  return sql`
    WITH RECURSIVE heir (unit_code, unit_valid_from, number, id) AS (
      SELECT parent_unit_code, parent_unit_valid_from, parent_number, child_id FROM land.parcel_lineage WHERE ${isAsked(asked, 'parent_')}
      UNION SELECT heir.unit_code, heir.unit_valid_from, heir.number, next.child_id
      FROM heir JOIN land.parcel_lineage AS next ON next.parent_id = heir.id)
    SELECT heir.id, heir.unit_code, heir.unit_valid_from, heir.number FROM heir JOIN land.parcel ON parcel.id = heir.id`;
}

/** Returns the entries of a scope as a table. */
function scopeTable(entries: readonly ScopeEntry[]): Sql {
  const column = (name: keyof ScopeEntry) => entries.map((entry) => entry[name]);
  return sql`unnest(${column('code')}::text[], ${column('validFrom')}::date[], ${column('current')}::int[], ${column('former')}::int[])
    AS scope (code, valid_from, current, former)`;
}

/** Selects splits and merges of parcels with these numbers, and what they became. */
export function lineageQuery(asked: SheetNumbers, where: Where): Query {
  const inScope =
    where === undefined
      ? raw('TRUE')
      : 'code' in where
        ? sql`l.parent_unit_code = ${where.code}`
        : sql`EXISTS (SELECT FROM ${scopeTable(where)} WHERE (scope.code, scope.valid_from) = (l.parent_unit_code, l.parent_unit_valid_from)
            AND scope.former IS NOT NULL)`;
  const unit = (alias: string) =>
    raw(`jsonb_build_object('code', ${alias}.code, 'validFrom', ${alias}.valid_from, 'name', ${alias}.full_name)`);
  return sql`
    SELECT l.event, l.happened_on AS "happenedOn", ${unit('u')} AS unit, l.parent_sheet AS sheet, l.parent_number AS number,
      jsonb_agg(DISTINCT jsonb_build_object('id', p.id, 'sheet', coalesce(p.sheet, gone.parent_sheet),
        'number', coalesce(p.number, gone.parent_number))) AS children,
      coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_object('sheet', o.parent_sheet, 'number', o.parent_number))
        FROM land.parcel_lineage o WHERE l.event = 'merge' AND o.child_id = min(l.child_id) AND o.parent_id <> l.parent_id), '[]') AS "mergedWith"
    FROM land.parcel_lineage l JOIN base.unit u ON (u.code, u.valid_from) = (l.parent_unit_code, l.parent_unit_valid_from)
    LEFT JOIN land.parcel p ON p.id = l.child_id
    LEFT JOIN land.parcel_lineage gone ON gone.parent_id = l.child_id
    WHERE l.parent_sheet = ANY(${sheetVariants(asked.sheet)}::text[]) AND l.parent_number = ANY(${asked.numbers}::int[]) AND ${inScope}
    GROUP BY l.parent_id, l.event, l.happened_on, u.code, u.valid_from, u.full_name, l.parent_sheet, l.parent_number
    ORDER BY l.happened_on, l.parent_id LIMIT 20`;
}

export function byIdQuery(id: number, rendering: ParcelRendering): Query {
  return parcelsQuery(
    sql`SELECT id, 'current' AS matched, 0 AS tier, 1 AS place FROM land.parcel WHERE id = ${id}::bigint`,
    rendering,
  );
}

/** Selects parcels in the order of their ids. */
export function byIdsQuery(ids: readonly number[], rendering: ParcelRendering): Query {
  return parcelsQuery(
    sql`SELECT id, 'current' AS matched, 0 AS tier, 1 AS place FROM land.parcel WHERE id = ANY(${ids}::bigint[])`,
    rendering,
  );
}

export function byNationalIdQuery(nationalId: string, rendering: ParcelRendering): Query {
  return parcelsQuery(
    sql`SELECT id, 'current' AS matched, 0 AS tier, 1 AS place FROM land.parcel WHERE national_id = ${nationalId}`,
    rendering,
  );
}

/** Selects the parcels that contain a point, or touch it with their edge. */
export function atPointQuery(point: ParcelPoint, rendering: ParcelRendering): Query {
  const place = sql`ST_Transform(${parcelPoint(point)}, ${raw(String(PARCEL_SRID))})`;
  return parcelsQuery(
    sql`SELECT id, 'current' AS matched, 0 AS tier, 1 AS place FROM land.parcel WHERE geom && ${place} AND ST_Intersects(${renderedShape('geom')}, ${place})`,
    rendering,
  );
}

/** Selects longitude and latitude of a point, to report how it was understood. */
export function lonLatQuery(point: ParcelPoint): Query {
  return sql`SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (
    SELECT ST_Transform(${parcelPoint(point)}, 4326) AS p) AS t`;
}

/** Returns true if a text is the code of a unit, not a name. */
export function isUnitCode(text: string): boolean {
  return /^\d+$/.test(text);
}

/** Selects the units that have or had a code. */
function unitsOfCodeQuery(code: string): Sql {
  return sql`SELECT code, valid_from AS "validFrom", full_name AS name, valid_to AS "validTo" FROM base.unit
    WHERE code = ${code} AND level = 'commune' ORDER BY valid_to IS NULL DESC, valid_from DESC`;
}

function parcelPoint({ easting, northing, srid }: ParcelPoint): Sql {
  return sql`ST_SetSRID(ST_MakePoint(${easting}::float8, ${northing}::float8), ${srid}::int)`;
}

function inUnits(where: Where): Sql[] {
  if (!where) return [];
  if ('code' in where) return [sql`unit_code = ${where.code}`];
  const isNamed = ({ current, former }: ScopeEntry) => Math.min(current ?? 2, former ?? 2) < 2;
  const named = where.filter(isNamed);
  const keys = named.map(({ code, validFrom }) => sql`(${code}, ${validFrom}::date)`);
  return [keys.length ? sql`(unit_code, unit_valid_from) IN (${join(keys, ', ')})` : raw('FALSE')];
}

/** @param column `land.parcel.geom`, as the statement names it */
function renderedShape(column: string): Sql {
  return shapeIn(raw(column), 'MULTIPOLYGON');
}

/**
 * Selects the parcels of `hits` (id, matched, tier, place) with the columns `more`, each once, the lowest tier first, then
 * in the order of the question. Tier 2 is returned only where nothing matches better. `total` is their number.
 */
function parcelsQuery(hits: Sql, { srid, limit, offset = 0 }: ParcelRendering, more = EMPTY): Query {
  const shape = renderedShape('p.geom');
  const geometry = srid === PARCEL_SRID ? shape : sql`ST_Transform(${shape}, ${srid}::int)`;
  // Option 0 omits the CRS. By default PostGIS names it by its authority, and fails for our VN-2000, which has none. 9
  // decimals of a degree and 4 of a metre are both a tenth of a millimetre.
  const digits = srid === 4326 || srid === 4756 ? 9 : 4;
  return sql`
    WITH hits AS MATERIALIZED (SELECT DISTINCT ON (id) id, matched, tier, place FROM (${hits}) AS hits WHERE tier IS NOT NULL
      ORDER BY id, tier, matched, place),
    hit AS (SELECT id, matched, tier, place, count(*) OVER () AS total FROM hits
      WHERE tier < 2 OR NOT EXISTS (SELECT FROM hits AS better WHERE better.tier < 2)
      ORDER BY tier, matched, place, id LIMIT ${limit}::int OFFSET ${offset}::int)
    SELECT p.id, hit.matched, hit.total, p.sheet, p.number, p.national_id AS "nationalId", p.address, p.status,
      p.surveyed_on AS "surveyedOn", p.legal_area_m2 AS "legalAreaM2", p.measured_area_m2 AS "measuredAreaM2",
      jsonb_build_object('code', p.unit_code, 'validFrom', p.unit_valid_from, 'name', u.full_name) AS unit,
      coalesce(uses.list, jsonb_build_array(jsonb_build_object('code', t.code, 'nameVi', t.name_vi, 'nameEn', t.name_en,
        'colour', t.colour, 'areaM2', coalesce(p.legal_area_m2, p.measured_area_m2)))) AS uses,
      coalesce(former.list, '[]') AS formerly,
      ST_AsGeoJSON(${wind('polygon', raw('g.geom'))}, ${raw(String(digits))}, 0)::jsonb AS geometry,
      CASE WHEN g.geom IS NOT NULL THEN ${boxOf(raw('g.geom'))} END AS bbox${more}
    FROM hit JOIN land.parcel p USING (id)
    CROSS JOIN LATERAL (SELECT ${geometry} AS geom OFFSET 0) AS g
    JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
    JOIN land.land_use_type t ON t.code = p.main_use
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('code', k.code, 'nameVi', k.name_vi, 'nameEn', k.name_en, 'colour', k.colour,
        'areaM2', pu.area_m2) ORDER BY pu.area_m2 DESC NULLS LAST, k.code) AS list
      FROM land.parcel_use pu JOIN land.land_use_type k USING (code) WHERE pu.parcel_id = p.id) AS uses ON TRUE
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('unit', jsonb_build_object('code', a.unit_code, 'validFrom', a.unit_valid_from,
        'name', o.full_name), 'sheet', a.sheet, 'number', a.number, 'until', a.until) ORDER BY a.until DESC NULLS LAST, a.id) AS list
      FROM land.parcel_alias a JOIN base.unit o ON (o.code, o.valid_from) = (a.unit_code, a.unit_valid_from)
      WHERE a.parcel_id = p.id) AS former ON TRUE
    ORDER BY hit.tier, hit.matched, hit.place, p.id`;
}

/** For a miss: selects the numbers on the sheet nearest to the one requested, current or former. */
export function nearestNumbersQuery({ sheet, number }: { sheet: string; number: number }, where: Where): Query {
  const on = all([sql`sheet = ${sheet}`, ...inUnits(where)]);
  const near = (table: Sql, direction: 'up' | 'down') => sql`(
    SELECT number FROM ${table} WHERE ${on} AND number ${raw(direction === 'up' ? '>=' : '<=')} ${number}::int
    ORDER BY number ${raw(direction === 'up' ? 'ASC' : 'DESC')} LIMIT 3)`;
  const tables = [ident('land', 'parcel'), ident('land', 'parcel_alias')];
  const pieces = tables.flatMap((table) => [near(table, 'up'), near(table, 'down')]);
  return sql`SELECT DISTINCT number, abs(number - ${number}::int) AS distance FROM (${join(pieces, ' UNION ')}) AS near
    ORDER BY distance, number LIMIT 4`;
}

/** For a miss: selects sheets of the units, the nearest by number first. */
export function nearestSheetsQuery(sheet: string, where: Where): Query {
  const wanted = Number(/\d{1,9}/.exec(sheet)?.[0] ?? 0);
  return sql`SELECT sheet FROM (SELECT DISTINCT sheet FROM land.parcel WHERE ${all(inUnits(where))}) AS sheets
    ORDER BY abs(coalesce(substring(sheet FROM '[0-9]{1,9}')::int, 0) - ${wanted}::int), sheet LIMIT 5`;
}

/** For a miss: selects the date of the newest survey in the units. */
export function dataDateQuery(where: Where): Query {
  return sql`SELECT max(surveyed_on) AS date FROM land.parcel WHERE ${all(inUnits(where))}`;
}
