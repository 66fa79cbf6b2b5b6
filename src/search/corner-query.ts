import { type Query, raw, type Sql, sql } from '../database/sql.ts';
import { boxOf } from '../geometry/box.ts';
import { intersection, sound } from '../geometry/overlay.ts';
import { shapeIn } from '../geometry/shape.ts';
import { PARCEL_SRID } from '../parcels/parcel-query.ts';

/** Corners of a polygon, not closed, in `srid`. */
export interface Corners {
  readonly eastings: readonly number[];
  readonly northings: readonly number[];
  readonly srid: number;
  /** SRID in metres in which to measure. */
  readonly measuring: number;
}

/** Largest polygon of which the parcels are listed, m². */
export const MOST_AREA = 10_000_000;
/** Most parcels of a list. */
const MOST_PARCELS = 200;
/** Shares of less than 1 cm² are digits of the overlay. */
const LEAST_AREA = 0.0001;

/** {@link PARCEL_SRID} as SQL. */
const PARCEL_CRS = raw(String(PARCEL_SRID));

/** Returns the polygon of the corners, closed, in `srid`. */
function polygonOf({ eastings, northings, srid }: Corners): Sql {
  const closed = (values: readonly number[]) => [...values, values[0]];
  return sql`ST_SetSRID(ST_MakePolygon(ST_MakeLine(ARRAY(SELECT ST_MakePoint(x, y)
    FROM unnest(${closed(eastings)}::float8[], ${closed(northings)}::float8[]) WITH ORDINALITY AS c (x, y, n) ORDER BY n))), ${srid}::int)`;
}

/** Selects area and perimeter of the polygon, if its edges cross, and its shape in longitude and latitude. */
export function polygonQuery(corners: Corners): Query {
  const { srid, measuring } = corners;
  const measured = srid === measuring ? raw('shape.geom') : sql`ST_Transform(shape.geom, ${measuring}::int)`;
  return sql`SELECT ST_Area(m.geom) AS "areaM2", ST_Perimeter(m.geom) AS "perimeterM", ST_IsValid(shape.geom) AS "isValid",
      ST_AsGeoJSON(g.geom, 9, 0)::jsonb AS geometry, ${boxOf(raw('g.geom'))} AS bbox,
      jsonb_build_array(ST_X(ST_Centroid(g.geom)), ST_Y(ST_Centroid(g.geom))) AS point
    FROM (SELECT ${polygonOf(corners)} AS geom OFFSET 0) AS shape
    CROSS JOIN LATERAL (SELECT ${measured} AS geom OFFSET 0) AS m
    CROSS JOIN LATERAL (SELECT ST_Transform(shape.geom, 4326) AS geom OFFSET 0) AS g`;
}

/** Selects the parcels under the polygon with their shares, the largest first. */
export function parcelsUnderQuery(corners: Corners): Query {
  const shape = shapeIn(raw('p.geom'), 'MULTIPOLYGON');
  return sql`
    WITH asked AS MATERIALIZED (SELECT ${sound(sql`ST_Transform(${polygonOf(corners)}, ${PARCEL_CRS})`)} AS geom),
    share AS (SELECT p.id, p.sheet, p.number, p.unit_code, p.unit_valid_from, p.geom, ST_Area(p.geom) AS area, ST_Area(asked.geom) AS whole,
        ST_Area(${intersection(sound(shape), raw('asked.geom'))}) AS covered
      FROM asked JOIN land.parcel p ON p.geom && asked.geom AND ST_Intersects(${shape}, asked.geom))
    SELECT share.id, share.sheet, share.number, u.full_name AS unit, share.covered AS "areaM2",
      100 * share.covered / share.whole AS "percentOfPolygon", 100 * share.covered / share.area AS "percentOfParcel",
      count(*) OVER () AS total, ${boxOf(raw('g.geom'))} AS bbox,
      jsonb_build_array(ST_X(ST_PointOnSurface(g.geom)), ST_Y(ST_PointOnSurface(g.geom))) AS point
    FROM share JOIN base.unit u ON (u.code, u.valid_from) = (share.unit_code, share.unit_valid_from)
    CROSS JOIN LATERAL (SELECT ST_Transform(share.geom, 4326) AS geom OFFSET 0) AS g
    WHERE share.covered > ${LEAST_AREA} ORDER BY share.covered DESC, share.id LIMIT ${MOST_PARCELS}`;
}

/** Selects the distance of each corner from the nearest corner of a parcel, cm, in order. */
export function cornerDistancesQuery(corners: Corners, parcel: number): Query {
  const { eastings, northings, srid } = corners;
  return sql`SELECT round((100 * min(ST_Distance(c.geom, v.geom)))::numeric, 1) AS cm
    FROM (SELECT n, ST_Transform(ST_SetSRID(ST_MakePoint(x, y), ${srid}::int), ${PARCEL_CRS}) AS geom
      FROM unnest(${eastings}::float8[], ${northings}::float8[]) WITH ORDINALITY AS c (x, y, n)) AS c
    CROSS JOIN (SELECT (ST_DumpPoints(geom)).geom FROM land.parcel WHERE id = ${parcel}::bigint) AS v GROUP BY n ORDER BY n`;
}
