import { type Query, sql } from '../../database/sql.ts';
import type { Tier } from './definition.ts';

/** A unit in force. Areas are in m² by its boundary and in km² by its decision; null: not recorded. */
export interface ReportingUnit {
  readonly code: string;
  readonly name: string;
  readonly level: Tier;
  readonly parentName: string | null;
  readonly boundaryM2: number | null;
  readonly registeredKm2: number | null;
  /** Today in the province, ISO 8601. */
  readonly today: string;
}

/** Selects communes and provinces in force by code or name, in any case and with or without tone marks. */
export function reportingUnitsQuery(asked: string): Query {
  return sql`
    SELECT unit.code, unit.full_name AS name, unit.level, parent.full_name AS "parentName",
      ST_Area(unit.geom) AS "boundaryM2", unit.area_km2::float8 AS "registeredKm2", (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date::text AS today
    FROM base.unit LEFT JOIN base.unit AS parent ON parent.code = unit.parent_code AND parent.valid_to IS NULL
    WHERE unit.valid_to IS NULL AND unit.level IN ('commune', 'province')
      AND (unit.code = ${asked} OR base.fold(${asked}) IN (base.fold(unit.name), base.fold(unit.full_name)))
    ORDER BY unit.code LIMIT 10`;
}

/** m² of a use and a subject in a commune, as decimal text. `subject` is null where it is unknown. */
export interface AreaRow {
  readonly unit: string;
  readonly use: string;
  readonly subject: string | null;
  readonly area: string;
}

/** Selects the sums of the parcels of a commune or a province. */
export function areasQuery(unit: string): Query {
  return sql`
    SELECT unit_code AS unit, use, subject, sum(area_m2)::text AS area FROM land.use_area(${unit}::text)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
}

/** Selects the communes in force of a province, by code. */
export function communesQuery(province: string): Query {
  return sql`
    SELECT code, full_name AS name FROM base.unit
    WHERE valid_to IS NULL AND level = 'commune' AND parent_code = ${province} ORDER BY code`;
}

/** A land-use type; `group` is the code above it. */
export interface UseName {
  readonly code: string;
  readonly name: string;
  readonly group: string | null;
}

export function useNamesQuery(): Query {
  return sql`SELECT code, name_vi AS name, parent_code AS "group" FROM land.land_use_type`;
}

/** Holders of parcels by row of a form and subject. `parcels`: different ones; `unkeyed`: holders without a key. */
export interface UsersRow {
  readonly row: number;
  readonly subject: string | null;
  readonly users: number;
  readonly unkeyed: number;
  readonly parcels: number;
}

/**
 * Counts each holder once in each row.
 * @param places a row of the form for each use that it counts
 */
export function usersQuery(unit: string, places: readonly { row: number; use: string }[]): Query {
  return sql`
    SELECT place.row, area.subject, count(DISTINCT holder.holder_key) AS users,
      count(*) FILTER (WHERE holder.id IS NOT NULL AND holder.holder_key IS NULL) AS unkeyed, count(DISTINCT area.parcel) AS parcels
    FROM land.use_area(${unit}::text) AS area
    JOIN unnest(${places.map(({ row }) => row)}::int[], ${places.map(({ use }) => use)}::text[]) AS place (row, use) ON place.use = area.use
    LEFT JOIN land.right_holder AS holder ON holder.parcel_id = area.parcel
    GROUP BY 1, 2`;
}
