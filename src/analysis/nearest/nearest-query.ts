import type { Layer } from '../../catalog/layer.ts';
import { all, type Query, raw, type Sql, sql } from '../../database/sql.ts';
import { geometryOf } from '../../geometry/column.ts';
import { isInDomain } from '../../geometry/domain.ts';
import { shapeOf } from '../../geometry/shape.ts';
import { idText, plainGeometry, tableOf } from '../layer-sql.ts';
import type { AskedPlace } from '../source/source.ts';
import { given, selected } from '../source/source-query.ts';

/** Features beyond k that are measured too. The index sorts by the layer's own CRS, which can be degrees. */
const MORE = 50;

/** Selects the place asked about in the measuring zone: `{geom}`, hexadecimal EWKB. */
export function askedPlaceQuery(source: AskedPlace, zone: number): Query {
  if (source.kind === 'geometry')
    return sql`SELECT ST_Transform(ST_Force2D(${given(source)}), ${zone}::int)::text AS geom`;
  return sql`SELECT ST_Collect(${plainGeometry(source.layer, zone)})::text AS geom FROM ${tableOf(source.layer)} WHERE ${selected(source)}`;
}

export interface NearestRequest {
  readonly layer: Layer;
  /** Hexadecimal EWKB in `zone`. */
  readonly place: string;
  readonly zone: number;
  readonly k: number;
  /** Metres. */
  readonly within: number;
  readonly source: AskedPlace;
}

/** `bearing`: degrees clockwise from grid north, to the nearest point of the feature; null if they touch. */
export interface NearestRow {
  readonly id: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly distanceM: number;
  readonly bearing: number | null;
  /** The feature, hexadecimal EWKB in the measuring zone. */
  readonly geom: string;
}

/** Selects the k nearest features, the nearest first. The index finds them in the order of their distance. */
export function nearestQuery({ layer, place, zone, k, within, source }: NearestRequest, properties: Sql): Query {
  const { srid } = layer.geometry;
  const there = srid === zone ? raw('asked.geom') : sql`ST_Transform(asked.geom, ${srid}::int)`;
  return sql`
    WITH asked AS MATERIALIZED (SELECT ${place}::text::geometry AS geom)
    SELECT id, properties, distance AS "distanceM", geom::text AS geom,
      CASE WHEN distance > 0 THEN degrees(ST_Azimuth(ST_StartPoint(line), ST_EndPoint(line))) END AS bearing
    FROM (SELECT near.*, ST_Distance(asked.geom, near.geom) AS distance, ST_ShortestLine(asked.geom, near.geom) AS line
      FROM asked CROSS JOIN (
        SELECT ${idText(layer)} AS id, ${properties} AS properties, ${plainGeometry(layer, zone)} AS geom FROM ${tableOf(layer)}
        WHERE ${all([sql`${shapeOf(layer.geometry)} IS NOT NULL`, isInDomain(layer.geometry), isOther(source, layer)])}
        ORDER BY ${geometryOf(layer.geometry)} <-> (SELECT ${there} FROM asked) LIMIT ${k + MORE}::int) AS near) AS measured
    WHERE distance <= ${within}::float8 ORDER BY distance, id LIMIT ${k}::int`;
}

/** A feature is not its own neighbour. */
function isOther(source: AskedPlace, layer: Layer): Sql {
  if (source.kind === 'geometry' || source.layer.id !== layer.id) return raw('TRUE');
  return sql`(${selected(source)}) IS NOT TRUE`;
}
