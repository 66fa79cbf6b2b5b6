/** A land of squares, for which every figure can be computed by hand. */
import type { Database } from '../../src/database/database.ts';
import { sql } from '../../src/database/sql.ts';

/** Lower left corner in EPSG:9210, side of a square, and squares a side. */
export const GRID = { x: 600_000, y: 1_220_000, side: 100 } as const;
export const WEST_UNIT = '25747';
export const EAST_UNIT = '25750';

export interface Square {
  readonly id: number;
  readonly column: number;
  readonly x: number;
  readonly y: number;
}

/**
 * Returns the squares in the order of their ids. Every fourth column is ODT 30 m² + CLN 70 m²; the others alternate
 * between ODT and CLN.
 */
export function squares(size: number): Square[] {
  return Array.from({ length: size * size }, (_, index) => {
    const column = index % size;
    return { id: index + 1, column, x: GRID.x + column * GRID.side, y: GRID.y + Math.floor(index / size) * GRID.side };
  });
}

/** Returns the shares of the uses of a square. */
export function usesOf({ column }: Square): Record<string, number> {
  if (column % 4 === 0) return { ODT: 0.3, CLN: 0.7 };
  return column % 2 ? { ODT: 1 } : { CLN: 1 };
}

/** Replaces all parcels by `size` × `size` squares. The western half lies in one unit, the eastern in another. */
export async function fillGrid(db: Database, size: number): Promise<void> {
  const { x, y, side } = GRID;
  await db.script('TRUNCATE land.parcel RESTART IDENTITY CASCADE; UPDATE base.unit SET geom = NULL');
  await db.query(sql`
    INSERT INTO land.parcel (id, unit_code, unit_valid_from, sheet, number, main_use, legal_area_m2, geom)
    SELECT i + 1, CASE WHEN i % ${size}::int < ${size}::int / 2 THEN ${WEST_UNIT} ELSE ${EAST_UNIT} END, '2025-07-01', '1', i + 1,
      CASE WHEN i % ${size}::int % 2 = 1 THEN 'ODT' ELSE 'CLN' END, 10000,
      ST_Multi(ST_MakeEnvelope(${x}::float8 + i % ${size}::int * ${side}::float8, ${y}::float8 + i / ${size}::int * ${side}::float8,
        ${x}::float8 + (i % ${size}::int + 1) * ${side}::float8, ${y}::float8 + (i / ${size}::int + 1) * ${side}::float8, 9210))
    FROM generate_series(0, ${size * size - 1}::int) AS i`);
  await db.query(sql`
    INSERT INTO land.parcel_use SELECT id, use.code, use.area FROM land.parcel
    CROSS JOIN (VALUES ('ODT', 30), ('CLN', 70)) AS use (code, area) WHERE (id - 1) % ${size}::int % 4 = 0`);
  const half = x + (size / 2) * side;
  const far = x + size * side;
  for (const [code, west, east] of [
    [WEST_UNIT, x, half],
    [EAST_UNIT, half, far],
  ] as const) {
    await db.query(sql`UPDATE base.unit SET geom = ST_Multi(ST_MakeEnvelope(${west}::float8, ${y}::float8, ${east}::float8, ${y + size * side}::float8, 9210))
      WHERE code = ${code} AND valid_from = '2025-07-01'`);
  }
}

/** Returns m² of a square inside a circle, integrated by slices without PostGIS. */
export function areaInCircle(square: Square, [centreX, centreY]: readonly [number, number], radius: number): number {
  const slices = 400;
  const width = GRID.side / slices;
  let area = 0;
  for (let slice = 0; slice < slices; slice++) {
    const x = square.x + (slice + 0.5) * width - centreX;
    const half = Math.sqrt(Math.max(0, radius ** 2 - x ** 2));
    const low = Math.max(square.y, centreY - half);
    area += Math.max(0, Math.min(square.y + GRID.side, centreY + half) - low) * width;
  }
  return area;
}

/** Returns the metres from a point to the nearest and to the farthest point of a square. */
export function reachOf({ x, y }: Square, [px, py]: readonly [number, number]): { nearest: number; farthest: number } {
  const away = (low: number, at: number) => Math.max(low - at, 0, at - low - GRID.side);
  const farX = Math.max(Math.abs(px - x), Math.abs(px - x - GRID.side));
  const farY = Math.max(Math.abs(py - y), Math.abs(py - y - GRID.side));
  return { nearest: Math.hypot(away(x, px), away(y, py)), farthest: Math.hypot(farX, farY) };
}
