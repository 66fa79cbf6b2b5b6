import { type Query, raw, sql } from '../../database/sql.ts';
import { difference, intersection, sound, union } from '../../geometry/overlay.ts';
import { isThinSql } from '../sliver.ts';
import { boxThere, type CorridorCell, cellTable, located } from './part-query.ts';

/** SRID of the units. */
const UNITS = 9210;
/** Metres within which two pieces of different cells are one. */
const TOUCH = raw('0.001');

/** A commune in force. */
export interface GapUnit {
  readonly code: string;
  readonly validFrom: string;
  readonly name: string;
}

/** A piece of a cell that no parcel covers. */
export interface GapPiece {
  /** Null outside of the units. */
  readonly unit: GapUnit | null;
  readonly fromM: number;
  readonly toM: number;
  /** Hexadecimal EWKB in the measuring zone. */
  readonly geom: string;
}

/**
 * Divides land without a parcel among the communes in force, and what lies outside of them: rows of {@link GapPiece},
 * each of one polygon. A cell that lies wholly in a commune is not cut.
 * @param free cells, of which only the part without a parcel is left
 */
export function gapPiecesQuery(free: readonly CorridorCell[], zone: number): Query {
  const shape = sound(zone === UNITS ? raw('unit.geom') : sql`ST_Transform(unit.geom, ${zone}::int)`);
  return sql`
    WITH ${cellTable(free)},
    unit AS MATERIALIZED (
      SELECT jsonb_build_object('code', code, 'validFrom', valid_from, 'name', full_name) AS unit, ${shape} AS shape FROM base.unit
      WHERE level = 'commune' AND valid_to IS NULL AND EXISTS (SELECT FROM cell WHERE unit.geom && ${boxThere(raw('cell.geom'), UNITS, zone)})),
    inside AS MATERIALIZED (
      SELECT number, line, start, unit, is_whole, CASE WHEN is_whole THEN geom
        ELSE ST_CollectionExtract(${intersection(raw('shape'), raw('geom'))}, 3) END AS geom
      FROM unit CROSS JOIN cell CROSS JOIN LATERAL (SELECT ST_Covers(shape, geom) AS is_whole OFFSET 0) AS relation
      WHERE is_whole OR ST_Intersects(shape, geom)),
    outside AS (
      SELECT number, line, start, NULL::jsonb AS unit, CASE WHEN covered.geom IS NULL THEN cell.geom
        ELSE ST_CollectionExtract(${difference(raw('cell.geom'), raw('covered.geom'))}, 3) END AS geom
      FROM cell LEFT JOIN (SELECT number, ${union(raw('geom'))} AS geom FROM inside WHERE NOT is_whole GROUP BY number) AS covered USING (number)
      WHERE NOT EXISTS (SELECT FROM inside WHERE is_whole AND inside.number = cell.number))
    SELECT unit, "fromM", "toM", piece.geom::text AS geom
    FROM (SELECT line, start, unit, (ST_Dump(geom)).geom FROM (
      SELECT line, start, unit, geom FROM inside UNION ALL SELECT line, start, unit, geom FROM outside) AS part) AS piece
    CROSS JOIN LATERAL (${located(raw('piece.geom'))}) AS place`;
}

/** A gap: pieces that touch each other. All slivers of a unit are one. */
export interface GapRow extends GapPiece {
  readonly areaM2: number;
  readonly isSliver: boolean;
}

/** Joins the pieces of one unit: rows of {@link GapRow} without the unit. */
export function gapsQuery(pieces: readonly GapPiece[]): Query {
  return sql`
    WITH gap AS (
      SELECT min("fromM") AS "fromM", max("toM") AS "toM", sum(ST_Area(geom)) AS area, ${union(raw('geom'))} AS geom, cluster
      FROM (SELECT *, ST_ClusterDBSCAN(geom, ${TOUCH}, 1) OVER () AS cluster FROM (
        SELECT "fromM", "toM", geom::geometry AS geom FROM unnest(${pieces.map(({ fromM }) => fromM)}::float8[],
          ${pieces.map(({ toM }) => toM)}::float8[], ${pieces.map(({ geom }) => geom)}::text[]) AS given ("fromM", "toM", geom)) AS piece) AS clustered
      GROUP BY cluster)
    SELECT min("fromM") AS "fromM", max("toM") AS "toM", sum(area) AS "areaM2", is_sliver AS "isSliver",
      ST_Multi(ST_CollectionExtract(ST_Collect(geom), 3))::text AS geom
    FROM (SELECT *, ${isThinSql(raw('geom'))} AS is_sliver FROM gap) AS judged
    GROUP BY is_sliver, CASE WHEN NOT is_sliver THEN cluster END`;
}
