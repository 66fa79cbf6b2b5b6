/** Random edits of the planted parcels and stations, the same at every run. */
import type { Ground } from './planting.ts';

/** Returns numbers from 0 to 1 of the generator mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Pool {
  readonly parcels: readonly number[];
  readonly stations: readonly number[];
  readonly ground: Ground;
  readonly random: () => number;
}

const SOUND = 'NOT ST_IsEmpty(geom) AND catalog.is_closed(geom) AND measured_area_m2 <> $$NaN$$';
const COPIED = 'unit_code, unit_valid_from, sheet, number, national_id, main_use, address, legal_area_m2, surveyed_on';

/** Each returns the SQL of one edit. */
const EDITS: readonly ((pool: Pool) => string)[] = [
  (
    pool,
  ) => `UPDATE land.parcel SET geom = ST_Multi(ST_MakePolygon(ST_SetPoint(ST_ExteriorRing(ST_GeometryN(geom, 1)), 1,
    ST_Translate(ST_PointN(ST_ExteriorRing(ST_GeometryN(geom, 1)), 2), ${metres(pool)}, ${metres(pool)})))) WHERE id = ${parcel(pool)} AND ${SOUND}`,
  (pool) =>
    `UPDATE land.parcel SET geom = ST_Translate(geom, ${metres(pool)}, ${metres(pool)}) WHERE id = ${parcel(pool)}`,
  (pool) =>
    `UPDATE land.parcel SET geom = (SELECT geom FROM land.parcel WHERE id = ${parcel(pool)}) WHERE id = ${parcel(pool)}`,
  (pool) => `UPDATE land.parcel SET geom = $$SRID=9210;MULTIPOLYGON EMPTY$$::geometry WHERE id = ${parcel(pool)}`,
  (pool) => `DELETE FROM land.parcel WHERE id = ${parcel(pool)}`,
  (pool) =>
    `UPDATE land.parcel SET (sheet, number) = (SELECT sheet, number FROM land.parcel WHERE id = ${parcel(pool)}) WHERE id = ${parcel(pool)}`,
  (pool) =>
    `UPDATE land.parcel SET legal_area_m2 = measured_area_m2 * ${one(pool, ['1.2', '1', 'NULL'])} WHERE id = ${parcel(pool)} AND measured_area_m2 <> $$NaN$$`,
  (pool) =>
    `UPDATE land.parcel SET main_use = '${code(pool)}', address = ${one(pool, ['NULL', '$$Khu$$'])} WHERE id = ${parcel(pool)}`,
  (pool) => `INSERT INTO land.parcel_use VALUES (${parcel(pool)}, '${code(pool)}', ${Math.round(100 * pool.random())})
    ON CONFLICT (parcel_id, code) DO UPDATE SET area_m2 = EXCLUDED.area_m2`,
  (pool) => `DELETE FROM land.parcel_use WHERE parcel_id = ${parcel(pool)}`,
  ({ ground, ...pool }) =>
    `UPDATE land.parcel SET (unit_code, unit_valid_from) = (${one(
      pool,
      [ground.unit, ground.other, ground.former].map(({ code, from }) => `'${code}', '${from}'`),
    )}) WHERE id = ${parcel(pool)}`,
  // A split.
  (pool) => {
    const id = parcel(pool);
    const half = (side: number) => `INSERT INTO land.parcel (${COPIED}, geom)
      SELECT ${COPIED}, ST_Multi(ST_CollectionExtract(ST_Intersection(catalog.sound(geom), ST_Translate(ST_Envelope(geom), ${side} * (ST_XMax(geom) - ST_XMin(geom)) / 2, 0)), 3))
      FROM land.parcel WHERE id = ${id} AND ${SOUND}`;
    return `${half(1)}; ${half(-1)}; DELETE FROM land.parcel WHERE id = ${id}`;
  },
  (pool) =>
    `UPDATE land.parcel SET id = id + 5000000 WHERE id = ${parcel(pool)} AND NOT EXISTS (SELECT FROM land.parcel_use WHERE parcel_id = id)`,
  (pool) =>
    `INSERT INTO land.parcel (${COPIED}, geom) SELECT ${COPIED}, geom FROM land.parcel WHERE id = ${parcel(pool)}`,
  (pool) => `INSERT INTO environment.observation (station_id, parameter, observed_at, value, status)
    VALUES (${station(pool)}, 'pH', now() - interval '${Math.round(1000 * pool.random())} s', ${one(pool, ['7', '15', '-1'])}, '00') ON CONFLICT DO NOTHING`,
  (pool) =>
    `DELETE FROM environment.observation WHERE station_id = ${station(pool)} AND observed_at > now() - interval '2 hours'`,
  (pool) =>
    `UPDATE environment.station SET automatic = NOT automatic, geom = ST_Translate(geom, 5000 * ${metres(pool)}, 0) WHERE id = ${station(pool)}`,
  (pool) => `UPDATE environment.permit SET expires_on = expires_on + ${one(pool, ['-400', '400'])} WHERE id >= 9951`,
  (pool) => `UPDATE environment.discharge SET permit_id = ${one(pool, ['NULL', '9951', '9952'])} WHERE id = 9953`,
  (pool) => `UPDATE land.land_use_type SET era = '${one(pool, ['L', 'C'])}' WHERE code = '${code(pool)}'`,
  (pool) => `UPDATE environment.parameter SET highest = ${one(pool, ['14', '6'])} WHERE code = 'pH'`,
  (pool) => `UPDATE environment.parameter SET lowest = ${one(pool, ['0', '-5', 'NULL'])} WHERE code = 'pH'`,
  (pool) =>
    `UPDATE land.parcel SET national_id = ${one(pool, ['NULL', `(SELECT national_id FROM land.parcel WHERE id = ${parcel(pool)})`])} WHERE id = ${parcel(pool)}`,
  ({ ground, ...pool }) =>
    `UPDATE base.unit SET full_name = 'Phường ${Math.round(9 * pool.random())}' WHERE code = '${ground.other.code}'`,
  ({ ground, ...pool }) =>
    `UPDATE base.unit SET valid_to = ${one(pool, ['NULL', 'current_date - 1'])} WHERE (code, valid_from) = ('${ground.unit.code}', '${ground.unit.from}')`,
];

/** Returns the next random edit. */
export function randomEdit(pool: Pool): string {
  return one(pool, EDITS)(pool);
}

function one<T>({ random }: Pick<Pool, 'random'>, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

const parcel = (pool: Pick<Pool, 'random' | 'parcels'>) => one(pool, pool.parcels);
const station = (pool: Pick<Pool, 'random' | 'stations'>) => one(pool, pool.stations);
const code = (pool: Pool) => one(pool, Object.values(pool.ground.codes));
const metres = ({ random }: Pick<Pool, 'random'>) => Math.round(300 * (random() - 0.5)) / 10;
