import { expect } from 'vitest';
import { GAP_KINDS, type RouteValues } from '../../src/analysis/route-take/outputs.ts';
import type { Database } from '../../src/database/database.ts';
import { sql } from '../../src/database/sql.ts';
import { filled } from '../filled.ts';
import { fillGrid, GRID, WEST_UNIT } from './grid.ts';

const SIZE = 12;
export const [X, Y] = [GRID.x, GRID.y];
export const at = (...points: [number, number][]) => points.map(([x, y]) => [X + x, Y + y]);
export const line = (...points: [number, number][]) => ({ type: 'LineString', coordinates: at(...points) });
/** Parcels of odd forms over a corner of the grid that has no squares: a ring, a comb, and two that overlap. */
const ODD = [
  ['1001', 'POLYGON((0 0, 100 0, 100 100, 0 100, 0 0), (20 20, 20 80, 80 80, 80 20, 20 20))'],
  [
    '1002',
    'POLYGON((100 0, 300 0, 300 100, 260 100, 260 10, 220 10, 220 100, 180 100, 180 10, 140 10, 140 100, 100 100, 100 0))',
  ],
  ['1003', 'POLYGON((300 0, 400 0, 400 100, 300 100, 300 0))'],
  ['1004', 'POLYGON((390 0, 500 0, 500 100, 390 100, 390 0))'],
] as const;

export const LINES = {
  'one straight side': line([50, 550], [1150, 570]),
  'many bends': line([50, 250], [300, 420], [310, 640], [700, 600], [720, 900], [1100, 1000]),
  'one that crosses itself': line([100, 300], [900, 900], [900, 300], [100, 900]),
  'one that returns over itself': line([100, 450], [800, 450], [300, 450]),
  'one that returns beside itself': line([100, 450], [800, 450], [800, 460], [100, 460]),
  'one that ends inside a parcel': line([430, 430], [470, 470]),
  'a ring': line([300, 300], [700, 300], [700, 700], [300, 700], [300, 300]),
  'repeated points': line([100, 450], [100, 450], [600, 450], [600, 450], [600, 800]),
  'one through a hole': line([-50, 50], [150, 50]),
  'one that cuts a parcel in three': line([80, 60], [320, 60]),
  'one over overlapping parcels': line([310, 50], [490, 50]),
  'one that leaves the units': line([1000, 650], [1700, 650]),
};

/** Fills the grid, with odd parcels, buildings, zones and roads. */
export async function layOutLand(db: Database): Promise<void> {
  await fillGrid(db, SIZE);
  await db.script(
    `DELETE FROM land.parcel WHERE id IN (1, 2, 3, 4, 5); TRUNCATE base.building, land.planning_zone, base.road RESTART IDENTITY`,
  );
  for (const [id, shape] of ODD) {
    await db.query(sql`INSERT INTO land.parcel (id, unit_code, unit_valid_from, sheet, number, main_use, legal_area_m2, geom)
      VALUES (${Number(id)}::int8, ${WEST_UNIT}, '2025-07-01', '2', ${Number(id)}::int, 'ODT', 9000,
        ST_Multi(ST_Translate(ST_GeomFromText(${shape}, 9210), ${X}::float8, ${Y}::float8)))`);
  }
  await db.query(sql`INSERT INTO land.parcel_alias (parcel_id, unit_code, unit_valid_from, sheet, number)
    SELECT 1001, code, valid_from, '27', 280 FROM base.unit WHERE valid_to IS NOT NULL AND level = 'commune' ORDER BY code LIMIT 1`);
  await db.query(sql`INSERT INTO base.building (kind, geom) SELECT 'house', ST_Multi(ST_MakeEnvelope(x, y, x + 10, y + 10, 9210))
    FROM (VALUES (${X + 445}::float8, ${Y + 445}::float8), (${X + 420}, ${Y + 490}), (${X + 460}, ${Y + 450})) AS corner (x, y)`);
  await db.query(sql`INSERT INTO land.planning_zone (plan, zone_code, name, period, geom) SELECT plan, code, code, '2021-2030',
    ST_Multi(ST_MakeEnvelope(west, ${Y}::float8, east, ${Y + 1200}::float8, 9210)) FROM (VALUES
    ('land_use', 'ONE', ${X}::float8, ${X + 500}::float8), ('land_use', 'TWO', ${X + 500}, ${X + 1200}), ('construction', 'ALL', ${X}, ${X + 600})) AS zone (plan, code, west, east)`);
  await db.query(sql`INSERT INTO base.road (name, kind, geom) SELECT 'A', 'urban', ST_Multi(ST_SetSRID(ST_MakeLine(ST_MakePoint(a, ${Y + 950}::float8), ST_MakePoint(b, ${Y + 950}::float8)), 9210))
    FROM (VALUES (${X + 600}::float8, ${X + 900}::float8), (${X + 100}, ${X + 600})) AS piece (a, b)`);
  // A strip of 5 cm on both sides of a square of the eastern unit.
  await db.query(
    sql`UPDATE land.parcel SET geom = ST_Multi(ST_MakeEnvelope(${X + 700.05}::float8, ${Y + 1100}::float8, ${X + 799.95}::float8, ${Y + 1200}::float8, 9210)) WHERE id = 140`,
  );
}

interface Corridor {
  readonly geometry: object;
  readonly distance: number;
  readonly style: string;
}

/** Cuts each parcel by the buffer of the whole line, in plain SQL. */
async function takeInSql(db: Database, { geometry, distance, style }: Corridor) {
  const rows = await db.query<{ id: number; area: number; whole: number }>(sql`
    SELECT id, ST_Area(ST_Intersection(geom, corridor, 1e-6)) AS area, ST_Area(corridor) AS whole FROM land.parcel,
      (SELECT ST_Buffer(ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(geometry)}::text), 9210), ${distance}::float8, ${style}::text) AS corridor) AS b
    WHERE ST_Intersects(geom, corridor)`);
  return {
    areas: new Map(rows.filter(({ area }) => area > 0.01).map(({ id, area }) => [id, area])),
    whole: rows[0]?.whole ?? 0,
  };
}

/** Compares the sums of an answer with its rows. */
export function expectSums({ summary: s, parcels, gaps, byUse, byUnit }: RouteValues): void {
  const [withoutParcel, outside] = GAP_KINDS.map((kind) =>
    gaps.filter((gap) => gap.kind === kind).reduce((total, { areaM2 }) => total + areaM2, 0),
  );
  expect(withoutParcel).toBeCloseTo(s.withoutParcelM2, 1);
  expect(outside).toBeCloseTo(s.outsideUnitsM2, 1);
  const sum = s.takenM2 + s.excludedM2 + s.withoutParcelM2 + s.outsideUnitsM2 - s.countedTwiceM2;
  expect(Math.abs(sum - s.corridorM2)).toBeLessThan(1e-4 * s.corridorM2);
  for (const list of [parcels, byUse, byUnit]) {
    expect(list.reduce((total, { takenM2 }) => total + takenM2, 0)).toBeCloseTo(s.takenM2, 0);
  }
}

/** Compares an answer with plain SQL, parcel by parcel. */
export async function expectSameAsSql(db: Database, values: RouteValues, corridor: Corridor): Promise<void> {
  const { areas, whole } = await takeInSql(db, corridor);
  expect(values.parcels.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(
    filled([...areas.keys()]).sort((a, b) => a - b),
  );
  for (const { id, takenM2 } of values.parcels) {
    // An arc of another start has other corners: 0.01 % of its sector.
    expect(Math.abs(takenM2 - (areas.get(Number(id)) as number))).toBeLessThan(
      0.01 + 1e-4 * Math.PI * corridor.distance ** 2,
    );
  }
  expect(Math.abs(values.summary.corridorM2 - whole)).toBeLessThan(1e-4 * whole);
  expectSums(values);
}
