import { raw, type Sql, sql } from '../database/sql.ts';

/** Slivers are edges drawn twice, not ground: m², and metres of mean width. */
const SLIVER = { area: 0.5, width: 0.1 } as const;

/** Returns true for a sliver. The mean width of a long strip is its area divided by half its perimeter. */
export function isThin(areaM2: number, perimeterM: number): boolean {
  return areaM2 < SLIVER.area || (2 * areaM2) / perimeterM < SLIVER.width;
}

/** Returns the condition of {@link isThin} on a geometry in metres. */
export function isThinSql(geometry: Sql): Sql {
  const [area, width] = [raw(String(SLIVER.area)), raw(String(SLIVER.width))];
  return sql`(ST_Area(${geometry}) < ${area} OR 2 * ST_Area(${geometry}) < ${width} * ST_Perimeter(${geometry}))`;
}
