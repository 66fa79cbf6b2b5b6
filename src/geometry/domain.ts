import { raw, type Sql, sql } from '../database/sql.ts';
import { type BBox, intersectBBox } from '../geo/bbox.ts';
import { sridDomain } from '../geo/crs.ts';
import { type GeometryColumn, geometryOf } from './column.ts';
import { envelope, segmentOf, transformable } from './envelope.ts';

const WORLD: BBox = [-180, -90, 180, 90];
/** Web Mercator is not defined beyond these latitudes. */
const MERCATOR_DOMAIN: BBox = [-180, -85.06, 180, 85.06];

/** Returns the area in which rows can lie, in longitude and latitude; undefined if it is unknown. */
export function domainOf({ srid, domain }: Pick<GeometryColumn, 'srid' | 'domain'>): BBox | undefined {
  if (srid === 4326) return WORLD;
  return srid === 3857 ? MERCATOR_DOMAIN : domain;
}

/**
 * Returns a box of longitudes and latitudes in another CRS. Its edges are curves there, so they are first cut into
 * short pieces.
 */
export function lonLatBox(box: BBox, srid: number): Sql {
  if (srid === 4326) return envelope(box, srid);
  const whole = envelope(transformable(box, 'degree'), 4326);
  return sql`ST_Transform(ST_Segmentize(${whole}, ${segmentOf(box)}::float8), ${srid}::int)`;
}

/**
 * Returns the intersection of the column's domain with that of another SRID. null: they are disjoint; undefined:
 * unknown.
 */
export function commonDomain(geometry: GeometryColumn, srid: number): BBox | null | undefined {
  const [own, other] = [domainOf(geometry), domainOf({ srid, domain: sridDomain(srid) })];
  return own && other ? intersectBBox(own, other) : (own ?? other);
}

/** True where a row can be transformed. A single row outside of its domain must not make the whole answer fail. */
export function isInDomain(geometry: GeometryColumn): Sql {
  return isWithin(geometry, domainOf(geometry));
}

/** True where a row lies in a domain of {@link commonDomain}. */
export function isWithin(geometry: GeometryColumn, domain: BBox | null | undefined): Sql {
  if (domain === null) return raw('FALSE');
  // A subquery is computed once; a constant is unpacked for every row (11 ms instead of 24 for 20 000 rows).
  return domain ? sql`${geometryOf(geometry)} @ (SELECT ${lonLatBox(domain, geometry.srid)})` : raw('TRUE');
}
