import { type Sql, sql } from '../database/sql.ts';
import type { BBox } from '../geo/bbox.ts';

/**
 * Returns a box as a geometry of its own CRS. A box without width or height becomes a line or a point, since a polygon
 * would be invalid.
 */
export function envelope([west, south, east, north]: BBox, srid: number): Sql {
  if (west < east && south < north)
    return sql`ST_MakeEnvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, ${srid}::int)`;
  const low = sql`ST_MakePoint(${west}::float8, ${south}::float8)`;
  const isPoint = west === east && south === north;
  return sql`ST_SetSRID(${isPoint ? low : sql`ST_MakeLine(${low}, ST_MakePoint(${east}::float8, ${north}::float8))`}, ${srid}::int)`;
}

/** Returns a sixteenth of a box: the length to which its edges are cut where they are curves in another CRS. */
export function segmentOf([west, south, east, north]: BBox): number {
  return Math.max(east - west, north - south, 1e-9) / 16;
}

/** A micrometre. The corners of a thinner box coincide in another CRS, and clipping would lose it. */
const THINNEST = { degree: 1e-11, metre: 1e-6 } as const;

/** Returns a box that can be transformed. One that is too thin becomes a line or a point. */
export function transformable([west, south, east, north]: BBox, unit: keyof typeof THINNEST): BBox {
  const thinnest = THINNEST[unit];
  return [west, south, east - west < thinnest ? west : east, north - south < thinnest ? south : north];
}
