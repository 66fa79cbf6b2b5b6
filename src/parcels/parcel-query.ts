import { all, EMPTY, ident, join, type Query, raw, type Sql, sql } from '../database/sql.ts';
import { boxOf } from '../geometry/box.ts';
import { shapeIn } from '../geometry/shape.ts';
import { wind } from '../geometry/winding.ts';

/** SRID of `land.parcel.geom`. */
const PARCEL_SRID = 9210;

/** Key of a unit. */
export interface UnitKey {
  readonly code: string;
  readonly validFrom: string;
}

/** Sheet and number as stored. */
export interface ParcelNumber {
  readonly sheet: string;
  readonly number: number;
}

/** East and north in `srid`. */
export interface ParcelPoint {
  readonly easting: number;
  readonly northing: number;
  readonly srid: number;
}

export interface Rendering {
  /** SRID of the returned geometry and bbox. */
  readonly srid: number;
  readonly limit: number;
}

/** Scope of a search for numbers: certain units, all units that have or had a code, or anywhere. */
type Where = readonly UnitKey[] | { readonly code: string } | undefined;

/**
 * Selects the parcels that have these numbers now, and those that had them before. For a code, each row holds the
 * result of {@link unitsQuery} as `units`.
 */
export function byNumberQuery(asked: ParcelNumber, where: Where, rendering: Rendering): Query {
  const condition = all([sql`sheet = ${asked.sheet}`, sql`number = ${asked.number}::int`, ...inUnits(where)]);
  return parcelsQuery(
    sql`SELECT id, 'current' AS matched FROM land.parcel WHERE ${condition}
      UNION ALL SELECT parcel_id, 'former' FROM land.parcel_alias WHERE ${condition}`,
    rendering,
    where && 'code' in where ? sql`, (SELECT jsonb_agg(u) FROM (${unitsQuery(where.code)}) AS u) AS units` : EMPTY,
  );
}

export function byIdQuery(id: number, rendering: Rendering): Query {
  return parcelsQuery(sql`SELECT id, 'current' AS matched FROM land.parcel WHERE id = ${id}::bigint`, rendering);
}

export function byNationalIdQuery(nationalId: string, rendering: Rendering): Query {
  return parcelsQuery(
    sql`SELECT id, 'current' AS matched FROM land.parcel WHERE national_id = ${nationalId}`,
    rendering,
  );
}

/** Selects the parcels that contain a point, or touch it with their edge. */
export function atPointQuery(point: ParcelPoint, rendering: Rendering): Query {
  const place = sql`ST_Transform(${pointOf(point)}, ${raw(String(PARCEL_SRID))})`;
  return parcelsQuery(
    sql`SELECT id, 'current' AS matched FROM land.parcel WHERE geom && ${place} AND ST_Intersects(${shapeOf('geom')}, ${place})`,
    rendering,
  );
}

/** Selects longitude and latitude of a point, to report how it was understood. */
export function lonLatQuery(point: ParcelPoint): Query {
  return sql`SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (
    SELECT ST_Transform(${pointOf(point)}, 4326) AS p) AS t`;
}

/** Returns true if a text is the code of a unit, not a name. */
export function isUnitCode(text: string): boolean {
  return /^\d+$/.test(text);
}

/**
 * Selects the units with this code, or whose name holds the folded words. The closest names come first, and units in
 * force before former ones.
 */
export function unitsQuery(text: string): Sql {
  const select = sql`SELECT code, valid_from AS "validFrom", full_name AS name, valid_to AS "validTo" FROM base.unit`;
  if (isUnitCode(text))
    return sql`${select} WHERE code = ${text} AND level = 'commune' ORDER BY valid_to IS NULL DESC, valid_from DESC`;
  const kindless = raw(`regexp_replace(search, '^(phuong|xa|thi tran) ', '')`);
  return sql`${select} WHERE level = 'commune' AND search LIKE ${`%${text.replace(/[\\%_]/g, '\\$&')}%`}
    ORDER BY (search = ${text} OR ${kindless} = ${text}) DESC, valid_to IS NULL DESC, length(search), code LIMIT 20`;
}

function pointOf({ easting, northing, srid }: ParcelPoint): Sql {
  return sql`ST_SetSRID(ST_MakePoint(${easting}::float8, ${northing}::float8), ${srid}::int)`;
}

/** Returns the `IN` list of keys; an empty list matches nothing. */
function keysOf(units: readonly UnitKey[]): Sql {
  const keys = units.map(({ code, validFrom }) => sql`(${code}, ${validFrom}::date)`);
  return keys.length ? join(keys, ', ') : sql`(NULL, NULL::date)`;
}

function inUnits(where: Where): Sql[] {
  if (!where) return [];
  return 'code' in where ? [sql`unit_code = ${where.code}`] : [sql`(unit_code, unit_valid_from) IN (${keysOf(where)})`];
}

/** @param column `land.parcel.geom`, as the statement names it */
function shapeOf(column: string): Sql {
  return shapeIn(raw(column), 'MULTIPOLYGON');
}

/** Selects the parcels of `hits` (id, matched) with the columns `more`, each once, current before former. */
function parcelsQuery(hits: Sql, { srid, limit }: Rendering, more = EMPTY): Query {
  const shape = shapeOf('p.geom');
  const geometry = srid === PARCEL_SRID ? shape : sql`ST_Transform(${shape}, ${srid}::int)`;
  // Option 0 omits the CRS. By default PostGIS names it by its authority, and fails for our VN-2000, which has none. 9
  // decimals of a degree and 4 of a metre are both a tenth of a millimetre.
  const digits = srid === 4326 || srid === 4756 ? 9 : 4;
  return sql`
    WITH hit AS (SELECT id, min(matched) AS matched FROM (${hits}) AS hits GROUP BY id ORDER BY min(matched), id LIMIT ${limit}::int)
    SELECT p.id, hit.matched, p.sheet, p.number, p.national_id AS "nationalId", p.address, p.status,
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
        'areaM2', pu.area_m2) ORDER BY pu.area_m2 DESC, k.code) AS list
      FROM land.parcel_use pu JOIN land.land_use_type k USING (code) WHERE pu.parcel_id = p.id) AS uses ON TRUE
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('unit', jsonb_build_object('code', a.unit_code, 'validFrom', a.unit_valid_from,
        'name', o.full_name), 'sheet', a.sheet, 'number', a.number, 'until', a.until) ORDER BY a.until DESC NULLS LAST, a.id) AS list
      FROM land.parcel_alias a JOIN base.unit o ON (o.code, o.valid_from) = (a.unit_code, a.unit_valid_from)
      WHERE a.parcel_id = p.id) AS former ON TRUE
    ORDER BY hit.matched, p.unit_code, p.id`;
}

/** For a miss: selects the numbers on the sheet nearest to the one requested, current or former. */
export function nearestNumbersQuery(asked: ParcelNumber, units: readonly UnitKey[] | undefined): Query {
  const on = all([sql`sheet = ${asked.sheet}`, ...inUnits(units)]);
  const near = (table: Sql, direction: 'up' | 'down') => sql`(
    SELECT number FROM ${table} WHERE ${on} AND number ${raw(direction === 'up' ? '>=' : '<=')} ${asked.number}::int
    ORDER BY number ${raw(direction === 'up' ? 'ASC' : 'DESC')} LIMIT 3)`;
  const tables = [ident('land', 'parcel'), ident('land', 'parcel_alias')];
  const pieces = tables.flatMap((table) => [near(table, 'up'), near(table, 'down')]);
  return sql`SELECT DISTINCT number, abs(number - ${asked.number}::int) AS distance FROM (${join(pieces, ' UNION ')}) AS near
    ORDER BY distance, number LIMIT 4`;
}

/** For a miss: selects sheets of the units, the nearest by number first. */
export function nearestSheetsQuery(sheet: string, units: readonly UnitKey[]): Query {
  const wanted = Number(/\d{1,9}/.exec(sheet)?.[0] ?? 0);
  return sql`SELECT sheet FROM (SELECT DISTINCT sheet FROM land.parcel WHERE ${all(inUnits(units))}) AS sheets
    ORDER BY abs(coalesce(substring(sheet FROM '[0-9]{1,9}')::int, 0) - ${wanted}::int), sheet LIMIT 5`;
}

/** For a miss: selects the date of the newest survey in the units. */
export function dataDateQuery(units: readonly UnitKey[]): Query {
  return sql`SELECT max(surveyed_on) AS date FROM land.parcel WHERE ${all(inUnits(units))}`;
}

/** For a miss: selects the successors of former units. */
export function successorsQuery(units: readonly UnitKey[]): Query {
  return sql`SELECT DISTINCT n.code, n.valid_from AS "validFrom", n.full_name AS name FROM base.unit_crosswalk c
    JOIN base.unit n ON (n.code, n.valid_from) = (c.new_code, c.new_valid_from)
    WHERE (c.old_code, c.old_valid_from) IN (${keysOf(units)}) ORDER BY n.full_name`;
}
