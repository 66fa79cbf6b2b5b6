import { type Query, raw, type Sql, sql } from '../../database/sql.ts';
import { difference, union } from '../../geometry/overlay.ts';
import { plainGeometry, tableOf } from '../layer-sql.ts';
import type { AskedPlace } from '../source/source.ts';
import { given, selected } from '../source/source-query.ts';
import type { CorridorRing, Stretch } from './corridor.ts';

/**
 * Selects the lines of a source in the measuring zone as GeoJSON, every digit of theirs: rows `{line}`. Features are
 * first joined where the end of one is the start of another.
 */
export function linesQuery(source: AskedPlace, zone: number): Query {
  const whole =
    source.kind === 'geometry'
      ? sql`SELECT ST_Transform(ST_Force2D(${given(source)}), ${zone}::int) AS geom`
      : sql`SELECT ST_LineMerge(ST_CollectionExtract(ST_Collect(${plainGeometry(source.layer, zone)}), 2)) AS geom FROM ${tableOf(source.layer)} WHERE ${selected(source)}`;
  return sql`SELECT ST_AsGeoJSON((part).geom, 15, 0) AS line FROM (SELECT ST_Dump(geom) AS part FROM (${whole}) AS whole) AS parts
    ORDER BY (part).path`;
}

/**
 * Selects lines to which different metres are added, joined as in {@link linesQuery} where these are equal: rows
 * `{line, extra}`, near ones together.
 * @param extra metres, a number or an expression over the columns of the layer
 */
export function joinedLinesQuery(source: AskedPlace, zone: number, extra: Sql): Query {
  const rows =
    source.kind === 'geometry'
      ? sql`SELECT ST_Transform(ST_Force2D(${given(source)}), ${zone}::int) AS geom, ${extra} AS extra`
      : sql`SELECT ${plainGeometry(source.layer, zone)} AS geom, ${extra} AS extra FROM ${tableOf(source.layer)} WHERE ${selected(source)}`;
  return sql`SELECT ST_AsGeoJSON(geom, 15, 0) AS line, extra FROM (
      SELECT extra, (ST_Dump(ST_LineMerge(ST_CollectionExtract(ST_Collect(geom), 2)))).geom FROM (${rows}) AS given GROUP BY extra) AS joined
    ORDER BY geom`;
}

/** Stretches whose pieces are united in one statement. */
export const STRETCHES = 40;

/** Selects the corridor of each stretch as one polygon: `{geom}`, in their order. */
export function stretchesQuery(stretches: readonly Stretch[], zone: number): Query {
  const numbers = stretches.flatMap(({ pieces }, index) => pieces.map(() => index));
  const pieces = stretches.flatMap((stretch) => stretch.pieces.map(polygonText));
  return sql`
    SELECT ${union(sql`ST_GeomFromText(piece, ${zone}::int)`)}::text AS geom
    FROM unnest(${numbers}::int[], ${pieces}::text[]) AS given (number, piece) GROUP BY number ORDER BY number`;
}

/** Selects each corridor without what earlier ones hold: `{geom, area}`, in their order. */
export function disjointQuery(corridors: readonly string[]): Query {
  return sql`
    WITH corridor AS MATERIALIZED (
      SELECT number, geom::geometry AS geom FROM unnest(${corridors}::text[]) WITH ORDINALITY AS given (geom, number))
    SELECT geom::text AS geom, ST_Area(geom) AS area FROM (
      SELECT number, CASE WHEN earlier.geom IS NULL THEN corridor.geom
        ELSE ST_CollectionExtract(${difference(raw('corridor.geom'), raw('earlier.geom'))}, 3) END AS geom
      FROM corridor CROSS JOIN LATERAL (
        SELECT ${union(raw('other.geom'))} AS geom FROM corridor AS other
        WHERE other.number < corridor.number AND other.geom && corridor.geom AND ST_Intersects(other.geom, corridor.geom)) AS earlier
    ) AS cells ORDER BY number`;
}

/** Returns the line of a stretch as WKT. */
export function lineText(line: Stretch['line']): string {
  return `LINESTRING(${line.map(([x, y]) => `${x} ${y}`).join(',')})`;
}

function polygonText(ring: CorridorRing): string {
  return `POLYGON((${ring.map(([x, y]) => `${x} ${y}`).join(',')}))`;
}
