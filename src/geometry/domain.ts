import { raw, type Sql, sql } from '../database/sql.ts';
import { type BBox, intersectBBox } from '../geo/bbox.ts';
import { sridDomain } from '../geo/crs.ts';
import { type GeometryColumn, geometryOf } from './column.ts';
import { envelope, segmentOf, transformable } from './envelope.ts';

const WORLD: BBox = [-180, -90, 180, 90];
/** Beyond these latitudes Web Mercator has no coordinates. */
const MERCATOR: BBox = [-180, -85.06, 180, 85.06];

/** Where rows can be in longitude and latitude; undefined: not known. */
export function domainOf({ srid, domain }: Pick<GeometryColumn, 'srid' | 'domain'>): BBox | undefined {
  if (srid === 4326) return WORLD;
  return srid === 3857 ? MERCATOR : domain;
}

/** A box of longitudes and latitudes in another system, where its edges are curves: it is cut into short pieces first. */
export function lonLatBox(box: BBox, srid: number): Sql {
  if (srid === 4326) return envelope(box, srid);
  const whole = envelope(transformable(box, 'degree'), 4326);
  return sql`ST_Transform(ST_Segmentize(${whole}, ${segmentOf(box)}::float8), ${srid}::int)`;
}

/** Where rows can be, and a system of another SRID is defined as well; null: nowhere, undefined: not known. */
export function commonDomain(geometry: GeometryColumn, srid: number): BBox | null | undefined {
  const [own, other] = [domainOf(geometry), domainOf({ srid, domain: sridDomain(srid) })];
  return own && other ? intersectBBox(own, other) : (own ?? other);
}

/** Whether a row lies where it can be transformed: one that does not must not make a whole answer fail. */
export function isInDomain(geometry: GeometryColumn): Sql {
  return isWithin(geometry, domainOf(geometry));
}

/** Whether a row lies in a domain of {@link commonDomain}. */
export function isWithin(geometry: GeometryColumn, domain: BBox | null | undefined): Sql {
  if (domain === null) return raw('FALSE');
  // As a subquery it is computed once; as a constant it is unpacked for every row (24 ms against 11 for 20 000 rows).
  return domain ? sql`${geometryOf(geometry)} @ (SELECT ${lonLatBox(domain, geometry.srid)})` : raw('TRUE');
}
