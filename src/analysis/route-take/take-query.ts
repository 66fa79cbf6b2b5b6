import type { Layer } from '../../catalog/layer.ts';
import { type Query, raw, type Sql, sql } from '../../database/sql.ts';
import { difference, union } from '../../geometry/overlay.ts';
import { plainGeometry, tableOf } from '../layer-sql.ts';
import { type MeasuredLayer, nearRows, SPECK } from './part-query.ts';

/** A parcel with the part of it that the corridor takes. Areas in m², positions in metres along the line. */
export interface TakeRow {
  readonly id: number | string;
  readonly unitCode: string;
  readonly unitValidFrom: string;
  readonly unitName: string;
  readonly sheet: string;
  readonly number: number;
  /** Null if there is none, or the principal may not see it. */
  readonly address: string | null;
  readonly former: readonly { unit: string; sheet: string; number: number }[];
  readonly uses: readonly { code: string; areaM2: number | null }[];
  readonly legalAreaM2: number | null;
  readonly areaM2: number;
  readonly takenM2: number;
  readonly fromM: number;
  readonly toM: number;
  readonly buildings: number | null;
  /** The smallest area that a piece left may have by the rule for its use and unit; null: no rule. */
  readonly threshold: number | null;
  readonly thresholdUse: string | null;
  /** Hexadecimal EWKB in the measuring zone. */
  readonly geom: string;
  readonly left: readonly { geom: string; areaM2: number }[];
}

/** The parts that cells take of one parcel. */
export interface TakenParts {
  readonly id: string;
  /** Hexadecimal EWKB in the measuring zone. */
  readonly geoms: readonly string[];
}

/** Selects what the corridor takes and leaves of parcels: rows of {@link TakeRow} without the figures of the parts. */
export function takeQuery(
  taken: readonly TakenParts[],
  { layer, zone }: MeasuredLayer,
  buildings: Layer | undefined,
): Query {
  const parts = taken.flatMap(({ id, geoms }) => geoms.map((geom) => ({ id, geom, isOnly: geoms.length === 1 })));
  const piece = sql`SELECT jsonb_agg(jsonb_build_object('geom', piece.geom::text, 'areaM2', ST_Area(piece.geom)) ORDER BY ST_Area(piece.geom) DESC)
    FROM ST_Dump(ST_CollectionExtract(${difference(raw('parcel.shape'), raw('taken.geom'))}, 3)) AS piece
    WHERE ST_Area(piece.geom) >= ${SPECK}::float8`;
  return sql`
    WITH part AS MATERIALIZED (
      SELECT id, geom::geometry AS geom, is_only FROM unnest(${parts.map(({ id }) => id)}::int8[], ${parts.map(({ geom }) => geom)}::text[],
        ${parts.map(({ isOnly }) => isOnly)}::boolean[]) AS given (id, geom, is_only)),
    taken AS MATERIALIZED (
      SELECT id, geom FROM part WHERE is_only UNION ALL SELECT id, ${union(raw('geom'))} FROM part WHERE NOT is_only GROUP BY id),
    parcel AS MATERIALIZED (SELECT source.*, ${plainGeometry(layer, zone)} AS shape FROM ${tableOf(layer)} AS source
      WHERE source.id IN (SELECT id FROM taken)),
    ${PLACES}
    SELECT parcel.id, parcel.unit_code AS "unitCode", parcel.unit_valid_from AS "unitValidFrom", place.full_name AS "unitName",
      parcel.sheet, parcel.number, ${addressColumn(layer)} AS address, ${FORMER} AS former, ${USES} AS uses, parcel.legal_area_m2::float8 AS "legalAreaM2",
      ST_Area(parcel.shape) AS "areaM2", ${touchedBuildings(buildings, zone)} AS buildings,
      place.min_area_m2::float8 AS threshold, place.use_code AS "thresholdUse", taken.geom::text AS geom,
      coalesce(CASE WHEN ST_Area(parcel.shape) - ST_Area(taken.geom) >= ${SPECK}::float8 THEN (${piece}) END, '[]') AS "left"
    FROM taken JOIN parcel USING (id)
    JOIN place ON (place.unit_code, place.unit_valid_from, place.main_use) = (parcel.unit_code, parcel.unit_valid_from, parcel.main_use)`;
}

function addressColumn({ fields }: Layer): Sql {
  return fields.some(({ name }) => name === 'address') ? raw('parcel.address') : raw('NULL::text');
}

const FORMER = sql`coalesce((SELECT jsonb_agg(jsonb_build_object('unit', old.full_name, 'sheet', alias.sheet, 'number', alias.number)
    ORDER BY alias.until DESC NULLS LAST, alias.id)
  FROM land.parcel_alias AS alias JOIN base.unit AS old ON (old.code, old.valid_from) = (alias.unit_code, alias.unit_valid_from)
  WHERE alias.parcel_id = parcel.id), '[]')`;

/** A parcel without a list of uses has its main one. */
const USES = sql`coalesce((SELECT jsonb_agg(jsonb_build_object('code', use.code, 'areaM2', use.area_m2) ORDER BY use.area_m2 DESC NULLS LAST, use.code)
  FROM land.parcel_use AS use WHERE use.parcel_id = parcel.id),
  jsonb_build_array(jsonb_build_object('code', parcel.main_use, 'areaM2', coalesce(parcel.legal_area_m2, parcel.measured_area_m2))))`;

/**
 * The name of the unit and the nearest rule: of the unit before its kind, and of the use before the groups that hold it.
 * Parcels of one unit and use share a row: a lookup for each took a quarter of the statement.
 */
const PLACES = raw(`place AS MATERIALIZED (
    SELECT asked.*, unit.full_name, rule.min_area_m2, rule.use_code FROM (SELECT DISTINCT unit_code, unit_valid_from, main_use FROM parcel) AS asked
    LEFT JOIN base.unit ON (unit.code, unit.valid_from) = (asked.unit_code, asked.unit_valid_from)
    LEFT JOIN LATERAL (
      WITH RECURSIVE held AS (
        SELECT code, parent_code, 0 AS level FROM land.land_use_type WHERE code = asked.main_use
        UNION ALL SELECT t.code, t.parent_code, level + 1 FROM held JOIN land.land_use_type AS t ON t.code = held.parent_code WHERE level < 8)
      SELECT threshold.* FROM land.remnant_threshold AS threshold JOIN held ON held.code = threshold.use_code
      WHERE threshold.unit IN (asked.unit_code, unit.kind, '')
      ORDER BY threshold.unit = asked.unit_code DESC, threshold.unit = unit.kind DESC, held.level LIMIT 1) AS rule ON TRUE)`);

function touchedBuildings(buildings: Layer | undefined, zone: number): Sql {
  if (!buildings) return raw('NULL::int8');
  return sql`(SELECT count(*) FROM (SELECT taken.geom) AS cell CROSS JOIN LATERAL (${nearRows(buildings, zone, raw('1'))}) AS building
    WHERE ST_Intersects(cell.geom, shape))`;
}
