/** Amounts that are missing, against the long way and by hand. */
import { beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import { readConfig } from '../../src/config.ts';
import { sql } from '../../src/database/sql.ts';
import { checkAll } from '../../src/quality/check.ts';
import { Quality } from '../../src/quality/quality.ts';
import { rulesOf, scoreOfAll } from '../../src/quality/score.ts';
import { describeEngines } from '../engine.ts';
import { findGround, type Ground, plant } from './planting.ts';

interface Amount {
  readonly expected: number;
  readonly missing: number;
}

describeEngines('completeness', (engine) => {
  let quality: Quality;
  let ground: Ground;
  /** Rules that were run, each with faults and with near misses; the first have tests of their own. */
  const seen = new Set(['personal-data', 'parcel-gap', 'unit-boundary']);
  const run = async (...ids: string[]) => {
    for (const id of ids) seen.add(id);
    for (const bound of quality.rules) if (ids.includes(bound.rule.id)) await checkAll(engine.db, bound);
  };
  const findings = (rule: string, unit = ground.unit) =>
    engine.db.query<{ key: string; aspect: string; measure: number; vi: string; layer: string; placed: boolean }>(sql`
      SELECT key, aspect, measure, words_vi AS vi, layer, geom IS NOT NULL AS placed FROM quality.finding
      WHERE rule = ${rule} AND (unit_code, unit_valid_from) = (${unit.code}, ${unit.from}::date) AND closed_at IS NULL ORDER BY aspect`);
  const amountOf = async (rule: string, { code, from } = ground.unit) => {
    const { units } = await quality.scores();
    const unit = units.find((each) => each.code === code && each.validFrom === from);
    const own = rulesOf(unit?.databases ?? []).find(({ rule: { id } }) => id === rule);
    return own && own.score !== null ? { expected: own.records, missing: own.failing } : undefined;
  };
  const expectAmount = (rule: string, aspect: string, amount: number, unit = ground.unit.code) =>
    engine.db.query(sql`INSERT INTO quality.expectation (rule, unit_code, aspect, amount) VALUES (${rule}, ${unit}, ${aspect}, ${amount}::numeric)
      ON CONFLICT (rule, unit_code, aspect) DO UPDATE SET amount = EXCLUDED.amount`);
  const insertParcels = (rows: readonly (readonly [id: number, sheet: string, number: number, x: number])[]) =>
    engine.db.query(sql`
      INSERT INTO land.parcel (id, unit_code, unit_valid_from, sheet, number, main_use, surveyed_on, geom)
      SELECT id, ${ground.unit.code}, ${ground.unit.from}::date, sheet, number, ${ground.codes.present}, '2001-01-01',
        ST_Multi(ST_MakeEnvelope(${ground.x}::float8 + x, ${ground.y}::float8 - 50, ${ground.x}::float8 + x + 10, ${ground.y}::float8 - 40, 9210))
      FROM json_to_recordset(${JSON.stringify(rows.map(([id, sheet, number, x]) => ({ id, sheet, number, x })))}::json)
        AS given (id bigint, sheet text, number integer, x float8)`);

  beforeAll(async () => {
    quality = new Quality(engine.db, await discover(engine.db, readConfig({}).schemas));
    ground = await findGround(engine.db);
    await engine.db.query(
      sql`DELETE FROM land.parcel WHERE id > (SELECT id FROM land.parcel ORDER BY id OFFSET 400 LIMIT 1)`,
    );
    await plant(engine.db, ground);
  });

  it('of the area waits for the rules on which it rests', async () => {
    await run('parcel-cover');
    expect(await amountOf('parcel-cover')).toBeUndefined();
    await run('parcel-geometry', 'parcel-overlap', 'parcel-in-unit', 'parcel-cover');
    expect(await amountOf('parcel-cover')).toBeDefined();
  });

  it('of the area is that of uniting all parcels and cutting them by their units', async () => {
    const long = await engine.db.query<Amount & { code: string; from: string }>(sql`
      SELECT code, valid_from AS "from", ST_Area(unit.geom) AS expected, ST_Area(unit.geom) - coalesce(ST_Area(ST_Intersection(catalog.sound(unit.geom), united)), 0) AS missing
      FROM base.unit LEFT JOIN (
        SELECT unit_code, unit_valid_from, ST_Union(catalog.sound(geom)) AS united FROM land.parcel
        WHERE NOT ST_IsEmpty(geom) AND measured_area_m2 <> 'NaN' GROUP BY 1, 2) AS held ON (unit_code, unit_valid_from) = (code, valid_from)
      WHERE level = 'commune' AND valid_to IS NULL AND unit.geom IS NOT NULL ORDER BY code`);
    expect(long.length).toBeGreaterThan(30);
    for (const { code, from, expected, missing } of long) {
      const own = await amountOf('parcel-cover', { code, from });
      expect([code, own?.expected]).toEqual([code, Math.round(expected)]);
      // Areas of parcels are stored with one digit, and overlaps below 0.1 m² are no findings.
      expect(Math.abs(Number(own?.missing) - missing), code).toBeLessThan(30);
    }
    expect(long.filter(({ expected, missing }) => missing < expected - 1000).length).toBeGreaterThan(1);
  });

  it('of the area has a finding a unit, and the expected part is data', async () => {
    const [finding] = await findings('parcel-cover');
    expect(finding).toMatchObject({ layer: 'base.unit', key: `${ground.unit.code}:${ground.unit.from}`, placed: true });
    expect(finding?.vi).toMatch(/^(Phường|Xã) .*: thửa đất phủ 0% diện tích, còn thiếu [\d.,]+ ha$/);
    const whole = await amountOf('parcel-cover');
    await expectAmount('parcel-cover', '', 0.5);
    await run('parcel-cover');
    const half = await amountOf('parcel-cover');
    expect(Math.abs(Number(half?.expected) - Number(whole?.expected) / 2)).toBeLessThanOrEqual(1);
  });

  it('of numbers sees gaps, takes a leap for one number, and knows the last one of a sheet from the agency', async () => {
    await insertParcels([
      [930_001, '1', 1, 0],
      [930_002, '1', 2, 20],
      [930_003, '1', 4, 40],
      [930_004, '1', 8, 60],
      [930_005, '1', 8000, 80],
      [930_006, '3', 2, 100],
      [930_007, '3', 2, 120],
    ]);
    await run('parcel-numbering');
    const own = (await findings('parcel-numbering')).filter(({ aspect }) => aspect !== '999');
    const unit = own[0]?.vi.replace(/^Tờ 1, (.*): thiếu.*$/, '$1');
    expect(own.map(({ aspect, measure, vi }) => [aspect, measure, vi])).toEqual([
      ['1', 5, `Tờ 1, ${unit}: thiếu 5 số thửa: 3, 5–7, 9–7999`],
      ['3', 1, `Tờ 3, ${unit}: thiếu 1 số thửa: 1`],
    ]);
    await expectAmount('parcel-numbering', '3', 6);
    await run('parcel-numbering');
    const [, third] = (await findings('parcel-numbering')).filter(({ aspect }) => aspect !== '999');
    expect(third).toMatchObject({ measure: 5, vi: `Tờ 3, ${unit}: thiếu 5 số thửa: 1, 3–6` });
    expect(third).toMatchObject({ placed: true, layer: 'base.unit' });
    const [{ planted } = { planted: 0 }] = await engine.db.query<{ planted: number }>(sql`
      SELECT count(DISTINCT number) AS planted FROM land.parcel WHERE (unit_code, unit_valid_from) = (${ground.unit.code}, ${ground.unit.from}::date) AND sheet = '999'`);
    const [last] = (await findings('parcel-numbering')).filter(({ aspect }) => aspect === '999');
    const missing = 5 + 5 + Number(last?.measure);
    // Present: 1, 2, 4, 8, 8000 and 2.
    expect(await amountOf('parcel-numbering')).toEqual({ expected: 6 + planted + missing, missing });
  });

  it('of sheets sees gaps, and knows from the agency how many there are', async () => {
    await run('parcel-sheets');
    // Sheets 1, 3 and 999: 2 is missing, and the leap to 999 counts as one.
    expect(await findings('parcel-sheets')).toMatchObject([
      { aspect: '', measure: 2, vi: expect.stringMatching(/2, 4–998$/) },
    ]);
    expect(await amountOf('parcel-sheets')).toEqual({ expected: 5, missing: 2 });
    await expectAmount('parcel-sheets', '', 12, ground.other.code);
    await engine.db.query(sql`DELETE FROM land.parcel WHERE unit_code = ${ground.other.code}`);
    await run('parcel-sheets');
    expect(await amountOf('parcel-sheets', ground.other)).toEqual({ expected: 12, missing: 12 });
  });

  it('of certificates needs one in the database, and counts the land uses that need one', async () => {
    await run('parcel-certificate');
    const before = await amountOf('parcel-certificate');
    expect(before?.missing).toBe(before?.expected);
    await engine.db.query(sql`INSERT INTO land.right_holder (parcel_id, holder_kind, holder_name, certificate_no)
      VALUES (930001, 'person', 'A', 'S 1'), (930001, 'person', 'B', 'S 1'), (930002, 'person', 'C', ' '), (930003, 'person', 'D', NULL)`);
    await run('parcel-certificate');
    expect(await amountOf('parcel-certificate')).toEqual({
      expected: before?.expected,
      missing: Number(before?.missing) - 1,
    });
    await expectAmount('parcel-certificate', ground.codes.present ?? '', 0);
    await run('parcel-certificate');
    const fewer = await amountOf('parcel-certificate');
    expect(Number(fewer?.expected ?? 0)).toBeLessThan(Number(before?.expected));
    await engine.db.query(sql`DELETE FROM land.right_holder`);
    await run('parcel-certificate');
    expect(await amountOf('parcel-certificate')).toBeUndefined();
  });

  it('of mandatory attributes is data', async () => {
    const missing = () =>
      engine.db.query<{ aspect: string }>(sql`
        SELECT DISTINCT aspect FROM quality.finding WHERE rule = 'parcel-attributes' AND key = '930001' AND closed_at IS NULL ORDER BY aspect`);
    await run('parcel-attributes');
    expect(await missing()).toEqual([{ aspect: 'address' }, { aspect: 'legal_area_m2' }, { aspect: 'national_id' }]);
    await expectAmount('parcel-attributes', 'address', 0);
    await run('parcel-attributes');
    expect(await missing()).toEqual([{ aspect: 'legal_area_m2' }, { aspect: 'national_id' }]);
  });

  it('of surveys counts the parcels that are older than the agency allows', async () => {
    await run('parcel-survey-age');
    const [row] = await engine.db.query<Amount>(sql`
      SELECT count(*) AS expected, count(*) FILTER (WHERE surveyed_on < (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - interval '10 years') AS missing
      FROM land.parcel WHERE (unit_code, unit_valid_from) = (${ground.unit.code}, ${ground.unit.from}::date) AND surveyed_on IS NOT NULL`);
    expect(row?.missing).toBeGreaterThan(0);
    expect(await amountOf('parcel-survey-age')).toEqual(row);
    await expectAmount('parcel-survey-age', '', 0);
    await run('parcel-survey-age');
    expect(await amountOf('parcel-survey-age')).toBeUndefined();
  });

  it('of base geography counts the seven components of each commune', async () => {
    await engine.db.query(sql`DELETE FROM base.contour`);
    await run('base-component');
    const units = await engine.db.query<{ code: string; from: string }>(
      sql`SELECT code, valid_from AS "from" FROM base.unit WHERE level = 'commune' AND valid_to IS NULL AND geom IS NOT NULL`,
    );
    for (const unit of units) {
      const own = await findings('base-component', unit);
      expect(own.map(({ aspect }) => aspect)).toContain('relief');
      expect((await amountOf('base-component', unit))?.expected).toBe(7);
    }
    const relief = (await findings('base-component')).find(({ aspect }) => aspect === 'relief');
    expect(relief?.vi).toMatch(/: chưa có dữ liệu địa hình$/);
    await expectAmount('base-component', 'relief', 0);
    await run('base-component');
    expect((await amountOf('base-component'))?.expected).toBe(6);
  });

  it('of hours counts the values of a week, by the parameters that a station measures', async () => {
    await run('station-hours');
    const [row] = await engine.db.query<{ key: string; measure: number; hours: number; measured: number }>(sql`
      SELECT key, measure, 168 * parameters AS hours, hours AS measured FROM quality.finding AS f CROSS JOIN LATERAL (
        SELECT count(DISTINCT parameter) AS parameters, count(*) FILTER (WHERE observed_at > until - interval '168 hours' AND observed_at <= until) AS hours
        FROM environment.observation CROSS JOIN (SELECT date_trunc('hour', now() - interval '3 hours') AS until) AS clock
        WHERE station_id = f.key::bigint) AS held
      JOIN environment.station ON station.id = f.key::bigint
      WHERE rule = 'station-hours' AND closed_at IS NULL AND code = 'KK06'`);
    expect(row?.measure).toBe(Number(row?.hours) - Number(row?.measured));
    await engine.db.query(sql`UPDATE quality.expectation SET amount = 0 WHERE rule = 'station-hours'`);
    await run('station-hours');
    const scores = await quality.scores();
    expect(rulesOf(scores.databases).find(({ rule }) => rule.id === 'station-hours')?.score).toBeNull();
  });

  it('follows no single edit, and an acknowledged amount counts as present', async () => {
    const bound = quality.rules.find(({ rule }) => rule.id === 'parcel-numbering');
    expect(bound).toMatchObject({ sources: [], rule: { recheckHours: 1 } });
    const amount = await amountOf('parcel-numbering');
    await engine.db.query(
      sql`UPDATE quality.finding SET acknowledged_reason = 'đúng theo hồ sơ' WHERE rule = 'parcel-numbering' AND aspect = '3' AND closed_at IS NULL`,
    );
    expect(await amountOf('parcel-numbering')).toEqual({ ...amount, missing: Number(amount?.missing) - 5 });
  });

  it('has a snapshot of today, once, and the trend ends with the present score', async () => {
    await quality.writeSnapshots();
    const { databases, units } = await quality.scores();
    const rows = await engine.db.query<{ score: number }>(
      sql`SELECT score FROM quality.snapshot WHERE unit_code IS NULL AND day = (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date`,
    );
    expect(rows).toEqual([{ score: expect.closeTo(Number(scoreOfAll(databases)), 8) }]);
    const [{ count } = { count: 0 }] = await engine.db.query<{ count: number }>(
      sql`SELECT count(*) AS count FROM quality.snapshot`,
    );
    expect(count).toBe(1 + units.filter(({ code }) => code !== null).length);
    await engine.db.query(sql`UPDATE quality.snapshot SET day = day - 3, score = 12.5, findings = 7`);
    await quality.writeSnapshots();
    await quality.writeSnapshots();
    const trend = await quality.trend({ code: null, validFrom: null, databases });
    expect(trend.map(({ score }) => score)).toEqual([12.5, expect.closeTo(Number(scoreOfAll(databases)), 8)]);
    const [unit] = units;
    expect(unit && (await quality.trend(unit))).toHaveLength(2);
  });

  it('is tested of every rule that counts amounts', () => {
    const amounts = quality.rules.filter(({ rule }) => rule.counts === 'amounts').map(({ rule }) => rule.id);
    expect(amounts.filter((id) => !seen.has(id))).toEqual([]);
  });
});
