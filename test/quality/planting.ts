/** Writes the planted faults into a copy of the sample. */
import type { Database } from '../../src/database/database.ts';
import { ident, type Sql, sql } from '../../src/database/sql.ts';
import { idOfCopy } from './planted.ts';
import { PLANTED_LINES } from './planted-lines.ts';
import { PLANTED_PARCELS, type PlantedParcel } from './planted-parcels.ts';
import { PLANTED_PERMITS, PLANTED_STATIONS } from './planted-stations.ts';
import { randomNumbers } from './random-edits.ts';

/** Sheet of the planted parcels. */
export const SHEET = '999';

function sheetOf(copy: number): string {
  return String(Number(SHEET) + 10 * copy);
}

/** Metres between the places of planted parcels. */
const STEP = 20;
const IN_A_ROW = 8;

export interface Ground {
  readonly x: number;
  readonly y: number;
  readonly unit: UnitKey;
  readonly other: UnitKey;
  readonly former: UnitKey;
  /** Codes of land uses: two present ones, and a former one. */
  readonly codes: Readonly<Record<string, string>>;
}

export interface UnitKey {
  readonly code: string;
  readonly from: string;
}

/** Finds a commune without parcels, in the middle of which faults can be planted. */
export async function findGround(db: Database): Promise<Ground> {
  const [row] = await db.query<Omit<Ground, 'codes'>>(sql`
    WITH place AS (
      SELECT code, valid_from, round(ST_X(point)) AS x, round(ST_Y(point)) AS y, area
      FROM base.unit CROSS JOIN LATERAL (SELECT center AS point, radius AS area FROM ST_MaximumInscribedCircle(geom)) AS middle
      WHERE level = 'commune' AND valid_to IS NULL AND geom IS NOT NULL
        AND NOT EXISTS (SELECT FROM land.parcel WHERE unit_code = code AND unit_valid_from = valid_from)
      ORDER BY area DESC, code LIMIT 1)
    SELECT x, y, json_build_object('code', place.code, 'from', place.valid_from) AS unit,
      (SELECT json_build_object('code', code, 'from', valid_from) FROM base.unit
        WHERE level = 'commune' AND valid_to IS NULL AND geom IS NOT NULL AND code <> place.code
          AND NOT ST_DWithin(geom, ST_SetSRID(ST_MakePoint(x, y), 9210), 1000) ORDER BY code LIMIT 1) AS other,
      (SELECT json_build_object('code', code, 'from', valid_from) FROM base.unit
        WHERE level = 'commune' AND valid_to IS NOT NULL AND (geom IS NULL OR ST_Contains(geom, ST_SetSRID(ST_MakeBox2D(
          ST_MakePoint(x - 20, y - 20), ST_MakePoint(x + 200, y + 2700))::geometry, 9210))) ORDER BY code LIMIT 1) AS former
    FROM place`);
  const codes = await db.query<{ code: string; era: string }>(
    sql`SELECT code, era FROM land.land_use_type ORDER BY code`,
  );
  const [present = '', second = ''] = codes.filter(({ era }) => era === 'C').map(({ code }) => code);
  const former = codes.find(({ era }) => era === 'L')?.code ?? '';
  if (!row) throw new Error('there is no commune without parcels');
  return { ...row, codes: { present, second, former } };
}

/**
 * Leaves the first parcels, no lines, and the values of the first stations. The tables are emptied and filled, since the derived
 * rows of thousands of deleted parcels would follow them for many seconds.
 */
export async function leaveFew(
  db: Database,
  { parcels, stations }: { parcels: number; stations?: number },
): Promise<void> {
  const columns =
    'id, unit_code, unit_valid_from, sheet, number, national_id, main_use, address, legal_area_m2, status, surveyed_on, geom';
  const values = 'station_id, parameter, observed_at, value, status';
  await db.script(`CREATE TEMP TABLE few AS SELECT ${columns} FROM land.parcel ORDER BY id LIMIT ${parcels};
    CREATE TEMP TABLE few_uses AS SELECT parcel_use.* FROM land.parcel_use WHERE parcel_id IN (SELECT id FROM few);
    TRUNCATE land.parcel CASCADE;
    INSERT INTO land.parcel (${columns}) SELECT ${columns} FROM few;
    INSERT INTO land.parcel_use SELECT * FROM few_uses;
    DROP TABLE few, few_uses;
    TRUNCATE base.road, base.waterway`);
  if (stations === undefined) return;
  await db.script(`CREATE TEMP TABLE few AS SELECT ${values} FROM environment.observation
      WHERE station_id IN (SELECT id FROM environment.station ORDER BY id LIMIT ${stations});
    TRUNCATE environment.observation;
    INSERT INTO environment.observation (${values}) SELECT ${values} FROM few;
    DROP TABLE few`);
}

/**
 * Plants copies of all faults, at the same places at every run. Each copy lies 800 m north of the one before, and up to
 * 10 m aside. Its ids are higher.
 */
export async function plant(db: Database, ground: Ground, copies = 1): Promise<void> {
  // Databases of other programs have tables without it.
  await db.script('ALTER TABLE land.parcel DROP CONSTRAINT parcel_national_id_check');
  const random = randomNumbers(200);
  for (let copy = 0; copy < copies; copy++) {
    const aside = () => (copy === 0 ? 0 : Math.round(10_000 * random()) / 1000);
    const there = { ...ground, x: ground.x + aside(), y: ground.y + 800 * copy + aside(), copy };
    for (const parcel of PLANTED_PARCELS) await plantParcel(db, there, parcel);
    await plantLines(db, there);
    await plantStations(db, there);
    await plantPermits(db, there);
  }
}

/** Ground of one copy of the faults. */
interface CopyGround extends Ground {
  readonly copy: number;
}

async function plantParcel(db: Database, ground: CopyGround, parcel: PlantedParcel): Promise<void> {
  const { id, number = id, excess = 0, uses = {}, mainUse = 'present', address = 'Khu phố 1' } = parcel;
  const unit = parcel.unit ? ground[parcel.unit] : ground.unit;
  const geom = shape(ground, parcel);
  const nationalId = identifier(ground, parcel);
  await db.query(sql`
    INSERT INTO land.parcel (id, unit_code, unit_valid_from, sheet, number, national_id, main_use, address, legal_area_m2, surveyed_on, geom)
    SELECT ${idOfCopy(id, ground.copy)}::bigint, ${unit.code}, ${unit.from}::date, ${sheetOf(ground.copy)}, ${number}::int, ${nationalId}, ${ground.codes[mainUse]}, ${address},
      round(ST_Area(geom)::numeric, 1) + ${excess}::numeric, '2024-01-01', geom FROM (SELECT ${geom} AS geom) AS given`);
  for (const [code, area] of Object.entries(uses))
    await db.query(
      sql`INSERT INTO land.parcel_use VALUES (${idOfCopy(id, ground.copy)}::bigint, ${ground.codes[code]}, ${area}::numeric)`,
    );
}

/** Returns the GeoHash of a point inside of the parcel, another for each, unless the parcel names its own. */
function identifier(ground: CopyGround, parcel: PlantedParcel): Sql {
  const { id, rings, nationalId } = parcel;
  // The first 0 is another digit in another copy, so that no two have the same.
  if (nationalId === null || typeof nationalId === 'string')
    return sql`${nationalId?.replace('0', String(ground.copy)) ?? null}::text`;
  const [x, y] = placeOf(ground, parcel);
  const point = nationalId
    ? sql`ST_SetSRID(ST_MakePoint(${x + nationalId[0]}::float8, ${y + nationalId[1]}::float8), 9210)`
    : sql`ST_GeometryN(ST_GeneratePoints(catalog.sound(${shape(ground, typeof rings === 'string' ? { ...parcel, rings: undefined } : parcel)}), 1, ${id}::int), 1)`;
  return sql`ST_GeoHash(ST_Transform(${point}, 4326), 12)`;
}

function placeOf(ground: Ground, { id, at = id }: PlantedParcel): readonly [x: number, y: number] {
  const place = PLANTED_PARCELS.findIndex((each) => each.id === at);
  return [ground.x + (place % IN_A_ROW) * STEP, ground.y + Math.floor(place / IN_A_ROW) * STEP];
}

function shape(ground: Ground, parcel: PlantedParcel): Sql {
  const { rings } = parcel;
  if (rings === 'EMPTY') return sql`'SRID=9210;MULTIPOLYGON EMPTY'::geometry`;
  const [x, y] = placeOf(ground, parcel);
  if (rings === 'open') return sql`${openRing(x, y)}::geometry`;
  if (rings === 'NaN')
    return sql`ST_Multi(ST_MakePolygon(ST_MakeLine(ARRAY[ST_SetSRID(ST_MakePoint(${x}::float8, ${y}::float8), 9210),
      ST_SetSRID(ST_MakePoint('NaN', ${y}::float8), 9210), ST_SetSRID(ST_MakePoint(${x}::float8, ${y}::float8 + 10), 9210),
      ST_SetSRID(ST_MakePoint(${x}::float8, ${y}::float8), 9210)])))`;
  const all = rings ?? [
    [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
      [0, 0],
    ] as const,
  ];
  const words = all.map((ring) => `(${ring.map(([dx, dy]) => `${x + dx} ${y + dy}`).join(', ')})`);
  return sql`${`SRID=9210;MULTIPOLYGON((${words.join(', ')}))`}::geometry`;
}

/** Plants lines west of the parcels. */
async function plantLines(db: Database, { x, y, copy }: CopyGround): Promise<void> {
  for (const [index, { table, lines, pond }] of PLANTED_LINES.entries()) {
    const [left, bottom] = [x - 100, y + 60 * index];
    for (const { id, parts } of lines) {
      const words = parts.map((part) => `(${part.map(([dx, dy]) => `${left + dx} ${bottom + dy}`).join(', ')})`);
      const line = `SRID=9210;MULTILINESTRING(${words.join(', ')})`;
      const kind = { road: 'local', waterway: 'canal' }[table];
      await db.query(
        sql`INSERT INTO base.${ident(table)} (id, kind, geom) VALUES (${idOfCopy(id, copy)}::bigint, ${kind}, ${line}::geometry)`,
      );
    }
    if (pond)
      await db.query(sql`INSERT INTO base.water_body (kind, geom) SELECT 'pond', ST_Multi(ST_Translate(ST_MakeEnvelope(0, 0, 10, 10, 9210),
        ${left + pond[0]}::float8, ${bottom + pond[1]}::float8))`);
  }
}

/** Returns EWKB of a polygon whose ring does not end where it begins. */
function openRing(x: number, y: number): string {
  const bytes = Buffer.alloc(13 + 13 + 4 * 16);
  let at = 0;
  const header = (type: number, count: number, srid?: number) => {
    at = bytes.writeUInt8(1, at);
    at = bytes.writeUInt32LE(srid === undefined ? type : type + 0x20000000, at);
    if (srid !== undefined) at = bytes.writeUInt32LE(srid, at);
    at = bytes.writeUInt32LE(count, at);
  };
  header(6, 1, 9210);
  header(3, 1);
  at = bytes.writeUInt32LE(4, at);
  for (const [dx, dy] of [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
  ] as const) {
    at = bytes.writeDoubleLE(x + dx, at);
    at = bytes.writeDoubleLE(y + dy, at);
  }
  return bytes.toString('hex');
}

async function plantStations(db: Database, { x, y, copy }: CopyGround): Promise<void> {
  for (const { id, automatic = true, parameter = 'pH', age = 0, values = [], status = '00' } of PLANTED_STATIONS) {
    await db.query(sql`INSERT INTO environment.station (id, code, name, kind, automatic, geom)
      VALUES (${idOfCopy(id, copy)}::bigint, ${`Q${idOfCopy(id, copy)}`}, 'Trạm thử', 'surface_water', ${automatic}, ST_SetSRID(ST_MakePoint(${x}::float8, ${y}::float8), 9210))`);
    await db.query(sql`INSERT INTO environment.observation (station_id, parameter, observed_at, value, status)
      SELECT ${idOfCopy(id, copy)}::bigint, ${parameter}, now() - make_interval(hours => ${age}::int + place::int - 1), value::numeric, ${status}
      FROM unnest(${values.map(String)}::text[]) WITH ORDINALITY AS given (value, place)`);
  }
}

async function plantPermits(db: Database, { x, y, copy }: CopyGround): Promise<void> {
  for (const { id, days } of PLANTED_PERMITS) {
    await db.query(sql`INSERT INTO environment.permit (id, number, issuer, facility, issued_on, expires_on)
      VALUES (${idOfCopy(id, copy)}::bigint, 'GP-1', 'Sở', 'Nhà máy', '2020-01-01', (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date + ${days}::int)`);
    await db.query(sql`INSERT INTO environment.discharge (id, permit_id, name, kind, geom)
      VALUES (${idOfCopy(id, copy)}::bigint, ${idOfCopy(id, copy)}::bigint, 'Cửa xả', 'wastewater', ST_SetSRID(ST_MakePoint(${x}::float8, ${y}::float8), 9210))`);
  }
}
