import { ident, type Query, raw, type Sql, sql } from '../../database/sql.ts';
import { boxOf } from '../../geometry/box.ts';
import { geometryOf } from '../../geometry/column.ts';
import { DIGITS } from '../../geometry/digits.ts';
import { difference, intersection, sound, unaryUnion, union } from '../../geometry/overlay.ts';
import { wind } from '../../geometry/winding.ts';
import { plainGeometry, tableOf } from '../layer-sql.ts';
import type { FeatureSource, GeometrySource } from '../source/source.ts';
import { selected } from '../source/source-query.ts';
import { QUARTER_SEGMENTS } from './buffer-request.ts';
import { WIDTH } from './edge-rule.ts';
import { partsOf } from './pieces.ts';

/**
 * Selects the geometry in the measuring zone, in pieces: rows `{geom, extra}`, in its order.
 * @param halfWidth metres from the middle of its lines to their edges
 */
export function givenQuery({ geometry, crs }: GeometrySource, zone: number, halfWidth: number): Query {
  const parts = partsOf(geometry);
  const [texts, wholes] = [parts.map((part) => JSON.stringify(part.geometry)), parts.map(({ isWhole }) => isWhole)];
  return sql`
    SELECT ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(part), ${crs.srid}::int), ${zone}::int)::text AS geom,
      CASE WHEN NOT is_whole THEN ${halfWidth}::float8 END AS extra
    FROM unnest(${texts}::text[], ${wholes}::boolean[]) WITH ORDINALITY AS piece (part, is_whole, number) ORDER BY number`;
}

/**
 * Selects the features in the measuring zone, near ones together (PostGIS sorts by the Hilbert curve): `{geom, extra}`.
 * @param withHalfWidth `extra` is half the feature's width
 */
export function selectedQuery(source: FeatureSource, zone: number, withHalfWidth: boolean): Query {
  const { layer } = source;
  return sql`
    SELECT ${plainGeometry(layer, zone)}::text AS geom,
      ${halfWidthOf(withHalfWidth)} AS extra
    FROM ${tableOf(layer)} WHERE ${selected(source)} ORDER BY ${geometryOf(layer.geometry)}`;
}

/** Returns the half of a feature's width; 0 if widths are not added. */
export function halfWidthOf(isAdded: boolean): Sql {
  return isAdded ? sql`(${ident(WIDTH)} / 2)::float8` : raw('0::float8');
}

/** A geometry to buffer: hexadecimal EWKB in the measuring zone, and metres to add to the distance. */
export interface Piece {
  readonly geom: string;
  /** null: the piece itself is part of the buffer. */
  readonly extra: number | null;
}

/**
 * Selects the buffer of a few pieces as one geometry.
 * @param areDissolved joins neighbours first, which avoids the arcs between them: not for {@link partsOf} a line
 */
export function bufferQuery(pieces: readonly Piece[], distance: number, areDissolved: boolean): Query {
  const circle = sql`${distance}::float8 + extra, ${`quad_segs=${QUARTER_SEGMENTS}`}`;
  const buffers = areDissolved
    ? sql`SELECT ST_Buffer(${unaryUnion(raw('geom::geometry'))}, ${circle}) AS buffer FROM piece GROUP BY extra`
    : sql`SELECT CASE WHEN extra IS NULL THEN geom::geometry ELSE ST_Buffer(geom::geometry, ${circle}) END AS buffer FROM piece`;
  return sql`
    WITH piece AS (SELECT * FROM unnest(${pieces.map(({ geom }) => geom)}::text[], ${pieces.map(({ extra }) => extra)}::float8[]) AS given (geom, extra))
    SELECT ${union(raw('buffer'))}::text AS geom FROM (${buffers}) AS buffers`;
}

/** Selects the part of a buffer outside of its source, `{geom}`. */
export function ringQuery(outer: string, inner: string): Query {
  return sql`SELECT ST_CollectionExtract(${difference(sql`${outer}::text::geometry`, sql`${inner}::text::geometry`)}, 3)::text AS geom`;
}

/** Selects area, vertices, GeoJSON (CRS84) and box of the buffer. */
export function describeQuery(buffer: string): Query {
  return sql`
    SELECT area, vertices, ST_AsGeoJSON(${wind('polygon', raw('lonlat'))}, ${raw(String(DIGITS.degree))}, 0) AS geojson, ${boxOf(raw('lonlat'))} AS box FROM (
      SELECT ST_Area(geom) AS area, ST_NPoints(geom) AS vertices, ST_Transform(geom, 4326) AS lonlat
      FROM (SELECT ${buffer}::text::geometry AS geom) AS given) AS measured`;
}

/** Units of one statement: a corridor of 100 000 vertices takes 40 ms each. */
export const UNIT_BATCH = 6;

/** Selects the next {@link UNIT_BATCH} present communes by code that the buffer may reach, and the m² of it in each. */
export function unitSharesQuery(buffer: string, zone: number, after: string): Query {
  const there = sql`ST_Expand(ST_Transform(ST_Envelope(area), 9210), 1000)`;
  return sql`
    SELECT code, "validFrom", name, ST_Area(${intersection(raw('geom'), raw('area'))}) AS "areaM2" FROM (
      SELECT code, valid_from AS "validFrom", full_name AS name, ${sound(sql`ST_Transform(geom, ${zone}::int)`)} AS geom, area
      FROM base.unit CROSS JOIN (SELECT ${buffer}::text::geometry AS area) AS given
      WHERE level = 'commune' AND valid_to IS NULL AND geom && ${there} AND code > ${after}
      ORDER BY code LIMIT ${UNIT_BATCH}::int) AS units ORDER BY code`;
}
