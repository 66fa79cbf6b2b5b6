import { type Sql, sql } from '../database/sql.ts';
import type { BBox } from '../geo/bbox.ts';

/** A box as a geometry of its own system: one without breadth or height is a line or a point, since no polygon can be. */
export function envelope([west, south, east, north]: BBox, srid: number): Sql {
  if (west < east && south < north)
    return sql`ST_MakeEnvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, ${srid}::int)`;
  const low = sql`ST_MakePoint(${west}::float8, ${south}::float8)`;
  const isPoint = west === east && south === north;
  return sql`ST_SetSRID(${isPoint ? low : sql`ST_MakeLine(${low}, ST_MakePoint(${east}::float8, ${north}::float8))`}, ${srid}::int)`;
}

/** A sixteenth of a box: its edges are cut into pieces of that length where they are curves in another system. */
export function segmentOf([west, south, east, north]: BBox): number {
  return Math.max(east - west, north - south, 1e-9) / 16;
}

/** A micrometre: what is thinner has corners that fall together in another system, and is lost when it is cut. */
const THINNEST = { degree: 1e-11, metre: 1e-6 } as const;

/** The box as it can be transformed: one that is too thin for that becomes a line or a point. */
export function transformable([west, south, east, north]: BBox, unit: keyof typeof THINNEST): BBox {
  const thinnest = THINNEST[unit];
  return [west, south, east - west < thinnest ? west : east, north - south < thinnest ? south : north];
}
