import polylabel from 'polylabel';
import { expect, it } from 'vitest';
import { loadReference } from '../../src/database/reference.ts';
import { ident, raw, sql } from '../../src/database/sql.ts';
import { loadSample } from '../../src/sample/load.ts';
import { readSampleMark } from '../../src/sample/mark.ts';
import { buildModel } from '../../src/sample/model.ts';
import { labelPrecision, ParcelWriter } from '../../src/sample/parcels.ts';
import { oldSheetNumbers, planSheets } from '../../src/sample/sheets.ts';
import { describeEngines } from '../engine.ts';
import { SAMPLE_PARCELS } from '../setup/template.ts';
import { WITH_GEOMETRY, WITHOUT_GEOMETRY } from './filled-tables.ts';

let same: string[] | undefined;
let other: string[] | undefined;

/** Returns id, national identifier and legal area of the first 500 parcels. */
function generate(seed: number): string[] {
  const model = buildModel(seed);
  const writer = new ParcelWriter(model, oldSheetNumbers(model));
  const lines: string[] = [];
  for (const sheet of planSheets(model, SAMPLE_PARCELS)) {
    lines.push(...writer.write(sheet).parcels.trimEnd().split('\n'));
    if (lines.length >= 500) break;
  }
  return lines.slice(0, 500).map((line) => {
    const fields = line.split('\t');
    const [id, national, legal] = [fields[0], fields[5], fields[8]];
    return [id, national, legal === '\\N' ? legal : Number(legal).toFixed(1)]
      .filter((each) => each !== '\\N')
      .join(' ');
  });
}

describeEngines('sample', (engine) => {
  const one = async <T>(text: string): Promise<T> => ((await engine.db.query(raw(text)))[0] as { value: T }).value;

  it.each(WITH_GEOMETRY)('fills %s.%s with valid geometry in VN-2000', async (schema, table) => {
    const [row] = await engine.db.query<{ all: number; bad: number }>(sql`SELECT count(geom) AS all,
      count(*) FILTER (WHERE NOT ST_IsValid(geom) OR ST_IsEmpty(geom) OR ST_SRID(geom) <> 9210
        OR NOT ST_Within(geom, ST_MakeEnvelope(540000, 1180000, 660000, 1300000, 9210))) AS bad FROM ${ident(schema, table)}`);
    expect(row?.all).toBeGreaterThan(0);
    expect(row?.bad).toBe(0);
  });

  it.each(WITHOUT_GEOMETRY)('fills %s', async (table) => {
    expect(await one<number>(`SELECT count(*) AS value FROM ${table}`)).toBeGreaterThan(0);
  });

  it('makes about as many parcels as asked for, and says that they are synthetic', async () => {
    const count = await one<number>('SELECT count(*) AS value FROM land.parcel');
    expect(count).toBeGreaterThan(SAMPLE_PARCELS * 0.8);
    expect(count).toBeLessThan(SAMPLE_PARCELS * 3);
    expect(await readSampleMark(engine.db)).toMatchObject({
      parcels: count,
      seed: 1862,
      loadedAt: expect.stringMatching(/Z$/),
    });
  });

  it('has units that cover the province without gaps or overlaps, each near its real area', async () => {
    expect(await one("SELECT count(*) AS value FROM base.unit WHERE geom IS NULL AND code <> '79'")).toBe(0);
    expect(
      await one(`SELECT abs(sum(ST_Area(geom)) - (SELECT ST_Area(geom) FROM base.unit WHERE code = '74')) AS value
        FROM base.unit WHERE valid_to IS NULL AND level = 'commune'`),
    ).toBeLessThan(1);
    expect(
      await one(`SELECT count(*) AS value FROM base.unit a JOIN base.unit b ON a.code < b.code AND a.geom && b.geom
        WHERE a.valid_to IS NULL AND b.valid_to IS NULL AND ST_Area(ST_Intersection(a.geom, b.geom)) > 1`),
    ).toBe(0);
    expect(
      await one(
        `SELECT max(abs(ln(ST_Area(geom) / 1e6 / area_km2)))::float8 AS value FROM base.unit WHERE area_km2 IS NOT NULL`,
      ),
    ).toBeLessThan(0.5);
  });

  it('has old units where the crosswalk says that they went', async () => {
    const wrong = await one<number>(`SELECT count(*) AS value FROM base.unit_crosswalk x
      JOIN base.unit o ON (o.code, o.valid_from) = (x.old_code, x.old_valid_from)
      JOIN base.unit n ON (n.code, n.valid_from) = (x.new_code, x.new_valid_from)
      WHERE CASE relation WHEN 'full' THEN ST_Area(ST_Difference(o.geom, n.geom)) > 1
        ELSE ST_Area(ST_Intersection(o.geom, n.geom)) < 1000 END`);
    expect(wrong).toBe(0);
  });

  it('has parcels that do not overlap each other, rivers, or the carriageway of streets', async () => {
    // Coordinates are rounded to the millimetre, so shared area is thinner than that.
    expect(
      await one(`SELECT coalesce(max(ST_Area(ST_Intersection(a.geom, b.geom)) / ST_Perimeter(a.geom)), 0) AS value FROM land.parcel a
        JOIN land.parcel b ON a.id < b.id AND a.geom && b.geom WHERE a.id % 3 = 0`),
    ).toBeLessThan(0.001);
    expect(
      await one(`SELECT count(*) AS value FROM land.parcel p JOIN base.water_body w ON ST_Intersects(p.geom, w.geom)
          AND main_use NOT IN ('SON', 'MNC') AND ST_Area(ST_Intersection(p.geom, w.geom)) > 0.01`),
    ).toBe(0);
    expect(
      await one(`SELECT count(*) AS value FROM land.parcel p JOIN base.road r ON p.geom && r.geom AND ST_Intersects(p.geom, r.geom)
        WHERE r.kind <> 'local' AND p.main_use <> 'DGT' AND ST_Length(ST_Intersection(p.geom, r.geom)) > 0.5`),
    ).toBe(0);
  });

  it('covers two wards side by side and a commune with its landfill, streets and waters included', async () => {
    const units = await engine.db.query<{ kind: string; part: number }>(sql`
      SELECT u.kind, sum(ST_Area(p.geom)) / max(ST_Area(u.geom)) AS part FROM land.parcel p
      JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from) GROUP BY u.code, u.kind ORDER BY u.kind`);
    expect(units.map(({ kind }) => kind)).toEqual(['Phường', 'Phường', 'Xã']);
    for (const { part } of units) expect(part).toBeCloseTo(1, 5);
    expect(
      await one(`SELECT ST_Length(ST_Intersection(a.geom, b.geom)) > 1000 AS value FROM base.unit a JOIN base.unit b ON a.code < b.code
        WHERE a.kind = 'Phường' AND b.kind = 'Phường' AND a.valid_to IS NULL AND b.valid_to IS NULL
          AND a.code IN (SELECT unit_code FROM land.parcel) AND b.code IN (SELECT unit_code FROM land.parcel)`),
    ).toBe(true);
    expect(
      await one(`SELECT count(*) AS value FROM land.parcel p JOIN environment.waste_site w ON ST_Intersects(p.geom, w.geom)
        WHERE p.main_use = 'DRA' AND w.kind = 'landfill'`),
    ).toBeGreaterThan(0);
  });

  it('has a land-use plan without gaps or overlaps, whose zones divide three in ten parcels', async () => {
    const [row] = await engine.db.query<{ parcels: number; several: number; least: number; most: number }>(sql`
      SELECT count(*) AS parcels, count(*) FILTER (WHERE zones > 1) AS several, min(part) AS least, max(part) AS most
      FROM (SELECT count(*) FILTER (WHERE ST_Area(ST_Intersection(p.geom, z.geom)) > 0.5) AS zones,
          sum(ST_Area(ST_Intersection(p.geom, z.geom))) / ST_Area(p.geom) AS part
        FROM land.parcel p JOIN land.planning_zone z ON z.plan = 'land_use' AND ST_Intersects(p.geom, z.geom)
        WHERE p.id % 5 = 0 AND p.main_use NOT IN ('DGT', 'SON', 'MNC') GROUP BY p.id, p.geom) AS parcel`);
    expect(row!.several / row!.parcels).toBeGreaterThan(0.25);
    expect(row!.least).toBeCloseTo(1, 3);
    expect(row!.most).toBeCloseTo(1, 3);
    expect(
      await engine.db.query(sql`SELECT plan, count(DISTINCT decision) FROM land.planning_zone GROUP BY 1 ORDER BY 1`),
    ).toEqual([
      { plan: 'construction', count: 1 },
      { plan: 'land_use', count: 1 },
    ]);
  });

  it('has main roads that reach from one end to the other', async () => {
    expect(await one('SELECT min(ST_Length(geom)) AS value FROM base.road WHERE ref IS NOT NULL')).toBeGreaterThan(
      5000,
    );
  });

  it('has a planned road across parcels of two wards, with its land in the plan', async () => {
    const [row] = await engine.db.query<{ wards: number; parcels: number; zoned: number }>(sql`
      SELECT count(DISTINCT unit_code) AS wards, count(*) AS parcels,
        (SELECT ST_Area(ST_Intersection(corridor.geom, ST_Union(z.geom))) / ST_Area(corridor.geom) FROM land.planning_zone z
          WHERE z.plan = 'land_use' AND z.zone_code = 'DGT') AS zoned
      FROM (SELECT ST_Buffer(geom, width_m::float8 / 2, 'endcap=flat quad_segs=2') AS geom FROM land.planned_road) AS corridor
      JOIN land.parcel p ON ST_Intersects(p.geom, corridor.geom) GROUP BY corridor.geom`);
    expect(row!.wards).toBe(2);
    expect(row!.parcels).toBeGreaterThan(100);
    expect(row!.zoned).toBeCloseTo(1, 4);
  });

  it.each(['address', 'legal_area_m2', 'surveyed_on', 'national_id'])(
    'lacks %s in 3 to 8 of 100 parcels',
    async (column) => {
      const [row] = await engine.db.query<{ part: number }>(
        sql`SELECT avg((${ident(column)} IS NULL)::int)::float8 AS part FROM land.parcel`,
      );
      expect(row!.part).toBeGreaterThan(0.02);
      expect(row!.part).toBeLessThan(0.08);
    },
  );

  it('knows the numbers of parcels that were split or merged, which no other parcel has', async () => {
    expect(
      await one(`SELECT count(*) AS value FROM (SELECT FROM land.parcel_lineage WHERE event = 'split' GROUP BY parent_id, parent_number, happened_on
        HAVING count(*) <> 2) AS wrong`),
    ).toBe(0);
    expect(
      await one(`SELECT count(*) AS value FROM (SELECT FROM land.parcel_lineage WHERE event = 'merge' GROUP BY child_id, happened_on
        HAVING count(DISTINCT parent_number) <> 2) AS wrong`),
    ).toBe(0);
    expect(
      await one(`SELECT count(*) AS value FROM land.parcel_lineage l JOIN land.parcel_alias a
        ON (a.unit_code, a.sheet, a.number) = (l.parent_unit_code, l.parent_sheet, l.parent_number)`),
    ).toBe(0);
    expect(await one('SELECT count(DISTINCT event) AS value FROM land.parcel_lineage')).toBe(2);
    // Two that were one lie side by side.
    expect(
      await one(`SELECT max(ST_Distance(a.geom, b.geom)) AS value FROM land.parcel_lineage x JOIN land.parcel_lineage y USING (parent_id)
        JOIN land.parcel a ON a.id = x.child_id JOIN land.parcel b ON b.id = y.child_id WHERE x.child_id < y.child_id`),
    ).toBeLessThan(0.01);
  });

  it('keeps each parcel in its unit, its uses adding up to the legal area', async () => {
    expect(
      await one(`SELECT count(*) AS value FROM land.parcel p JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from)
        WHERE NOT ST_Covers(u.geom, p.geom)`),
    ).toBe(0);
    expect(
      await one(`SELECT count(*) AS value FROM land.parcel p
        WHERE abs(legal_area_m2 - (SELECT sum(area_m2) FROM land.parcel_use WHERE parcel_id = p.id)) > 0.05`),
    ).toBe(0);
    expect(
      await one(
        'SELECT count(*) AS value FROM (SELECT parcel_id FROM land.parcel_use GROUP BY 1 HAVING count(*) > 1) AS two',
      ),
    ).toBeGreaterThan(50);
  });

  it('finds every parcel by its old numbers, through the crosswalk', async () => {
    expect(
      await one(`SELECT count(*) AS value FROM land.parcel p WHERE NOT EXISTS (
        SELECT FROM land.parcel_alias a JOIN base.unit_crosswalk x ON (x.old_code, x.old_valid_from) = (a.unit_code, a.unit_valid_from)
        WHERE a.parcel_id = p.id AND (x.new_code, x.new_valid_from) = (p.unit_code, p.unit_valid_from) AND a.until = '2025-07-01')`),
    ).toBe(0);
    expect(
      await one(
        `SELECT count(*) AS value FROM (SELECT FROM land.parcel_alias GROUP BY unit_code, sheet, number HAVING count(*) > 1) AS twice`,
      ),
    ).toBe(0);
  });

  it('stores the national identifier that PostGIS makes of the polylabel point', async () => {
    const rows = await engine.db.query<{ national_id: string; outline: { coordinates: [number, number][][][] } }>(
      sql`SELECT national_id, ST_AsGeoJSON(geom, 3, 0)::jsonb AS outline FROM land.parcel WHERE id % 10 = 0 AND national_id IS NOT NULL`,
    );
    const points = rows.map(({ national_id, outline }) => {
      const rings = outline.coordinates[0]!;
      const [x, y] = polylabel(rings, labelPrecision(ringArea(rings[0]!), rings.length - 1));
      return { national_id, x, y };
    });
    const wrong =
      await engine.db.query(sql`SELECT * FROM jsonb_to_recordset(${JSON.stringify(points)}::jsonb) AS p (national_id text, x float8, y float8)
      WHERE national_id <> ST_GeoHash(ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 9210), 4326), 12)`);
    // A point on the very edge of a cell of 3.7 × 1.9 cm may fall to either side: 1e-5 m apart.
    expect(wrong.length).toBeLessThanOrEqual(rows.length / 200);
    expect(
      await one(`SELECT count(*) AS value FROM land.parcel WHERE NOT ST_DWithin(geom,
        ST_Transform(ST_SetSRID(ST_PointFromGeoHash(national_id), 4326), 9210), 0.05)`),
    ).toBe(0);
  });

  it('has observations of the last 14 days, with some beyond their limits', async () => {
    expect(
      await one(
        `SELECT (extract(epoch FROM max(observed_at) - min(observed_at)) / 3600)::float8 AS value FROM environment.observation`,
      ),
    ).toBe(335);
    const beyond =
      await one<number>(`SELECT count(*) AS value FROM environment.observation o JOIN environment.station s ON s.id = o.station_id
      JOIN environment.quality_limit l ON l.parameter = o.parameter AND l.medium = 'river' AND l.class = s.water_class
      WHERE s.kind = 'surface_water' AND (o.value > l.maximum OR o.value < l.minimum)`);
    const all = await one<number>(
      "SELECT count(*) AS value FROM environment.observation o JOIN environment.station s ON s.id = o.station_id WHERE s.kind = 'surface_water'",
    );
    expect(beyond).toBeGreaterThan(all * 0.01);
    expect(beyond).toBeLessThan(all * 0.5);
  });

  it('makes the same parcels of the same seed, and others of another', { timeout: 240_000 }, async () => {
    const rows = await engine.db.query<{ line: string }>(
      sql`SELECT concat_ws(' ', id, national_id, legal_area_m2) AS line FROM land.parcel WHERE id <= 500 ORDER BY id`,
    );
    const stored = rows.map(({ line }) => line);
    same ??= generate(1862);
    other ??= generate(1863);
    expect(same).toEqual(stored);
    expect(other).not.toEqual(stored);
  });

  it('goes on with free numbers, and refuses to load over what is there', async () => {
    const [row] = await engine.db.query<{
      id: number;
      valid_from: string;
    }>(sql`INSERT INTO land.parcel (unit_code, sheet, number, main_use, geom)
      VALUES ('25750', '999', 1, 'ODT', ST_Multi(ST_MakeEnvelope(600000, 1215000, 600010, 1215010, 9210))) RETURNING id, unit_valid_from AS valid_from`);
    expect(row).toEqual({ id: (await readSampleMark(engine.db))!.parcels + 1, valid_from: '2025-07-01' });
    await expect(loadSample(engine.db, { parcels: 10 })).rejects.toMatchObject({
      name: 'BootError',
      message: expect.stringContaining('parcels already'),
    });
    await loadReference(engine.db);
  });
});

function ringArea(ring: readonly [number, number][]): number {
  return Math.abs(
    ring.reduce((sum, [x, y], index) => {
      const [nx, ny] = ring[(index + 1) % ring.length]!;
      return sum + x * ny - nx * y;
    }, 0) / 2,
  );
}
