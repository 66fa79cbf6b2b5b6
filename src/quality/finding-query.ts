import type { Geometry } from 'geojson';
import { EMPTY, type Query, sql } from '../database/sql.ts';
import type { Severity } from './rule.ts';

/** An open finding of a rule. */
export interface Finding {
  readonly id: number;
  readonly layer: string;
  readonly key: string;
  readonly severity: Severity;
  readonly vi: string;
  readonly en: string;
  readonly measure: number | null;
  readonly foundAt: string;
  /** null: nobody has acknowledged it. */
  readonly reason: string | null;
  /** A point on it in degrees; null without a place. */
  readonly lon: number | null;
  readonly lat: number | null;
}

export interface FindingScope {
  readonly rule: string;
  /** undefined: all units; a code of null: in no unit. */
  readonly unit: { readonly code: string | null; readonly validFrom: string | null } | undefined;
  readonly limit: number;
}

/** Selects open findings of a rule, those that are not acknowledged and have the largest measure first. */
export function findingsOfRuleQuery({ rule, unit, limit }: FindingScope): Query {
  const inUnit = unit
    ? sql`AND (unit_code, unit_valid_from) IS NOT DISTINCT FROM (${unit.code}::text, ${unit.validFrom}::date)`
    : EMPTY;
  return sql`
    SELECT id, layer, key, severity, words_vi AS vi, words_en AS en, measure, found_at AS "foundAt", acknowledged_reason AS reason,
      round(ST_X(point)::numeric, 6) AS lon, round(ST_Y(point)::numeric, 6) AS lat
    FROM (
      SELECT * FROM quality.finding WHERE rule = ${rule} AND closed_at IS NULL ${inUnit}
      ORDER BY acknowledged_reason IS NOT NULL, abs(measure) DESC NULLS LAST, id LIMIT ${limit}::integer) AS first_findings
    CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(catalog.shape(geom)), 4326) AS point) AS place
    ORDER BY acknowledged_reason IS NOT NULL, abs(measure) DESC NULLS LAST, id`;
}

/** The boundary of a commune in force. */
export interface UnitShape {
  readonly code: string;
  readonly validFrom: string;
  readonly name: string;
  /** Longitude and latitude, simplified for a map of the province. */
  readonly geometry: Geometry;
}

/** Metres by which boundaries are simplified, a third of a pixel on the map of a province. */
const DETAIL = 40;

export function unitShapesQuery(): Query {
  return sql`
    SELECT code, valid_from AS "validFrom", full_name AS name,
      ST_AsGeoJSON(ST_Transform(ST_SimplifyPreserveTopology(geom, ${DETAIL}::float8), 4326), 5)::json AS geometry
    FROM base.unit WHERE level = 'commune' AND valid_to IS NULL AND NOT ST_IsEmpty(geom) ORDER BY code`;
}
