/** Checks of what edits touch give what whole runs give. */
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import { readConfig } from '../../src/config.ts';
import { DatabaseError } from '../../src/database/database.ts';
import { copyLine, type Sql, sql } from '../../src/database/sql.ts';
import { Checks } from '../../src/quality/checks.ts';
import { Quality } from '../../src/quality/quality.ts';
import type { BoundRule } from '../../src/quality/rule.ts';
import { describeEngines } from '../engine.ts';
import { intercepted } from '../intercepted.ts';
import { findGround, type Ground, leaveFew, plant } from './planting.ts';
import { randomEdit, randomNumbers } from './random-edits.ts';
import { storedState, wholeState } from './whole-state.ts';

/** No pauses between whole runs. */
const AT_ONCE = { rest: 0, retry: 0 };
const silent = pino({ level: 'silent' });

describeEngines('an edit', (engine) => {
  let rules: readonly BoundRule[];
  let quality: Quality;
  let ground: Ground;
  let checks: Checks;
  const wholeRuns = async () => (await engine.db.query(sql`SELECT id FROM quality.run`)).length;
  const dueRows = async () => (await engine.db.query(sql`SELECT id FROM quality.due`)).length;
  /** Returns ids of planted records. */
  const idsOf = async (table: Sql) =>
    (await engine.db.query<{ id: number }>(sql`SELECT id FROM ${table} WHERE id > 9000 ORDER BY id`)).map(
      ({ id }) => id,
    );
  const expectSame = async (what?: string) =>
    expect(await storedState(engine.db, rules), what).toEqual(await wholeState(engine.db, rules));

  beforeAll(async () => {
    quality = new Quality(engine.db, await discover(engine.db, readConfig({}).schemas));
    // Other amounts are of whole units, and follow no edit.
    rules = quality.rules.filter(({ rule }) => rule.counts === 'records' || rule.reach !== undefined);
    ground = await findGround(engine.db);
    // Few records, since the rules run many times.
    await leaveFew(engine.db, { parcels: 20, stations: 3 });
    await plant(engine.db, ground);
    checks = new Checks({ db: engine.db, log: silent, rules, pauses: AT_ONCE });
    checks.start();
    await checks.settled();
  });
  afterAll(() => checks.close());

  it('comes after a first whole run of every rule', async () => {
    expect(await wholeRuns()).toBe(rules.length);
    await expectSame();
  });

  it.each<readonly [rule: string, fault: string, mended: string]>([
    [
      'parcel-area',
      'UPDATE land.parcel SET legal_area_m2 = 200 WHERE id = 900092',
      'UPDATE land.parcel SET legal_area_m2 = 100 WHERE id = 900092',
    ],
    [
      'parcel-attributes',
      "UPDATE land.parcel SET address = '' WHERE id = 900092",
      "UPDATE land.parcel SET address = 'Khu phố 1' WHERE id = 900092",
    ],
    [
      'parcel-geometry',
      "UPDATE land.parcel SET geom = 'SRID=9210;MULTIPOLYGON EMPTY' WHERE id = 900092",
      'DELETE FROM land.parcel WHERE id = 900092',
    ],
  ])('against %s is found, and its mending too', async (rule, fault, mended) => {
    const found = async () =>
      (await storedState(engine.db)).findings.filter((text) => text.startsWith(`${rule} | 900092`));
    const runs = await wholeRuns();
    expect(await found()).toEqual([]);
    await engine.db.script(fault);
    await checks.settled();
    expect(await found()).toHaveLength(1);
    await engine.db.script(mended);
    await checks.settled();
    expect(await found()).toEqual([]);
    expect(await wholeRuns()).toBe(runs);
  });

  it('opens and closes gaps between parcels, in its neighbourhood only', async () => {
    const gaps = async () =>
      (await storedState(engine.db)).findings.filter((text) => text.startsWith('parcel-gap | ')).length;
    const runs = await wholeRuns();
    const { x, y, unit, codes } = ground;
    // Four parcels around a hole of 4 m², and one that fills it; a kilometre away from the planted ones.
    const parcel = (id: number, [west, south, east, north]: readonly number[]) => `INSERT INTO land.parcel
      (id, unit_code, unit_valid_from, sheet, number, main_use, legal_area_m2, geom)
      VALUES (${id}, '${unit.code}', '${unit.from}', '998', ${id % 100}, '${codes.present}', 100,
        ST_Multi(ST_MakeEnvelope(${x} - 1000 + ${west}, ${y} + ${south}, ${x} - 1000 + ${east}, ${y} + ${north}, 9210)))`;
    const [before] = [await gaps()];
    const frame = [
      [0, 0, 12, 10],
      [12, 0, 22, 12],
      [10, 12, 22, 22],
      [0, 10, 10, 22],
    ].map((box, index) => parcel(930_001 + index, box));
    const counts: number[] = [];
    for (const edit of [
      frame.join('; '),
      parcel(930_005, [10, 10, 12, 12]),
      'UPDATE land.parcel SET geom = ST_Translate(geom, 0, 0.4) WHERE id = 930005',
      'DELETE FROM land.parcel WHERE id = 930005',
      'UPDATE land.parcel SET geom = ST_Translate(geom, 3, 0) WHERE id = 930002',
      'DELETE FROM land.parcel WHERE id BETWEEN 930001 AND 930004',
    ]) {
      await engine.db.script(edit);
      await checks.settled();
      await expectSame(edit);
      counts.push((await gaps()) - Number(before));
    }
    expect(counts).toEqual([1, 0, 1, 1, 0, 0]);
    expect(await wholeRuns()).toBe(runs);
  });

  it('is in the scores once it is checked', async () => {
    const scoreOf = async () => {
      const scored = (await quality.scores()).databases
        .flatMap(({ fields }) => fields)
        .flatMap(({ criteria }) => criteria);
      return scored.flatMap(({ rules }) => rules).find(({ rule }) => rule.id === 'parcel-area');
    };
    const before = await scoreOf();
    await engine.db.script('UPDATE land.parcel SET legal_area_m2 = 200 WHERE id = 900093');
    await checks.settled();
    const after = await scoreOf();
    expect([after?.records, after?.failing]).toEqual([before?.records, Number(before?.failing) + 1]);
  });

  it('of any kind, among many', { timeout: 240_000 }, async () => {
    const random = randomNumbers(14);
    for (let batch = 0; batch < 10; batch++) {
      const parcels = await idsOf(sql`land.parcel`);
      const pool = { ground, random, parcels, stations: await idsOf(sql`environment.station`) };
      const edits = Array.from({ length: 5 }, () => randomEdit(pool));
      for (const edit of edits) await engine.db.script(edit);
      await checks.settled();
      await expectSame(edits.join('\n'));
    }
  });

  it('by COPY is followed too, and one that is rolled back is not', async () => {
    const runs = await wholeRuns();
    const [parcel] = await idsOf(sql`land.parcel`);
    await engine.db.copy({ schema: 'land', table: 'parcel_use', columns: ['parcel_id', 'code', 'area_m2'] }, [
      copyLine([parcel, ground.codes.former, 3]),
    ]);
    await expect(engine.db.script('DELETE FROM land.parcel_use; SELECT 1 / 0')).rejects.toMatchObject({
      code: '22012',
    });
    await checks.settled();
    await expectSame();
    expect(
      await engine.db.query(sql`SELECT FROM quality.finding WHERE key = ${String(parcel)} AND rule = 'parcel-use-code' AND aspect = ${ground.codes.former}
      AND closed_at IS NULL`),
    ).toHaveLength(1);
    expect(await wholeRuns()).toBe(runs);
  });

  it('is checked by one of two instances, which run each rule once', async () => {
    const other = new Checks({ db: engine.db, log: silent, rules, pauses: AT_ONCE });
    other.start();
    const runs = await wholeRuns();
    await engine.db.script(
      `TRUNCATE land.parcel_use; UPDATE land.parcel SET number = 9; UPDATE land.parcel SET address = ''`,
    );
    await Promise.all([checks.settled(), other.settled()]);
    await other.close();
    await expectSame();
    expect(await wholeRuns()).toBe(runs + 2);
  });

  it('is not lost if the instance ends before its commit', async () => {
    await checks.close();
    const falling = intercepted(engine.db, ({ text }) => {
      if (text.includes('INSERT INTO quality.finding')) throw new DatabaseError('away', '08006');
    });
    const ending = new Checks({ db: falling, log: silent, rules, pauses: AT_ONCE });
    await engine.db.script('UPDATE land.parcel SET number = id');
    const before = await storedState(engine.db);
    ending.start();
    await vi.waitFor(async () => expect(await dueRows()).toBeGreaterThan(5));
    await ending.close();
    expect(await storedState(engine.db)).toEqual(before);
    checks = new Checks({ db: engine.db, log: silent, rules, pauses: AT_ONCE });
    checks.start();
    await checks.settled();
    expect(await storedState(engine.db)).not.toEqual(before);
    await expectSame();
  });

  it('of more than 5000 rows is one row of the log, also in parts of a transaction', async () => {
    await checks.close();
    const [station] = await idsOf(sql`environment.station`);
    const insert = (
      from: number,
      to: number,
    ) => `INSERT INTO environment.observation (station_id, parameter, observed_at, value)
      SELECT ${station}, 'pH', now() - n * interval '1 s', 6.5 + n % 3 FROM generate_series(${from}, ${to}) AS n`;
    const log = () => engine.db.query(sql`SELECT relation, "values" FROM quality.touched ORDER BY id`);
    await engine.db.script(insert(10_000, 15_000));
    expect(await log()).toEqual([{ relation: 'environment.observation', values: null }]);
    await engine.db.script(
      [insert(20_001, 22_400), insert(30_001, 32_400), insert(40_001, 42_400), insert(50_001, 50_010)].join('; '),
    );
    const some = { relation: 'environment.observation', values: { station_id: [String(station)] } };
    const all = { relation: 'environment.observation', values: null };
    expect(await log()).toEqual([all, some, some, all]);
    checks = new Checks({ db: engine.db, log: silent, rules, pauses: AT_ONCE });
    checks.start();
    await checks.settled();
    expect(await log()).toEqual([]);
    await expectSame();
  });

  it('never fails because the disk is full, and is followed all the same', async () => {
    await engine.db.script(`CREATE FUNCTION quality.fill_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON quality.touched FOR EACH ROW WHEN (pg_trigger_depth() > 0) EXECUTE FUNCTION quality.fill_disk()`);
    const runs = await wholeRuns();
    await engine.db.script('UPDATE land.parcel SET legal_area_m2 = 12345');
    expect(await engine.db.query(sql`SELECT FROM land.parcel WHERE legal_area_m2 <> 12345`)).toEqual([]);
    await vi.waitFor(async () => expect(await wholeRuns()).toBeGreaterThan(runs), 10_000);
    await checks.settled();
    await expectSame();
    await engine.db.script('DROP FUNCTION quality.fill_disk CASCADE');
  });

  it('needs no privileges on schema quality', async () => {
    const change = new Error('changed my mind');
    const attempt = engine.db.transaction(async (session) => {
      await session.script(`CREATE ROLE diaba_test_editor; GRANT USAGE ON SCHEMA base, land, catalog, tile TO diaba_test_editor;
        GRANT SELECT, UPDATE ON land.parcel TO diaba_test_editor; SET LOCAL ROLE diaba_test_editor;
        UPDATE land.parcel SET address = 'Khu phố 2'; RESET ROLE`);
      expect(await session.query(sql`SELECT relation, "values" IS NULL AS whole FROM quality.touched`)).toEqual([
        { relation: 'land.parcel', whole: false },
      ]);
      throw change;
    });
    await expect(attempt).rejects.toBe(change);
  });

  it('that makes a rule fail leaves the rule not assessed, until another mends it', async () => {
    const broken = rules.map((bound) => {
      const { rule } = bound;
      const findings = `${rule.findings} AND 1 / (legal_area_m2 - 666) IS NOT NULL`;
      return rule.id === 'parcel-area' ? { ...bound, rule: { ...rule, findings } } : bound;
    });
    const failing = new Checks({ db: engine.db, log: silent, rules: broken, pauses: AT_ONCE });
    const counted = async () =>
      (await engine.db.query(sql`SELECT FROM quality.assessed WHERE rule = 'parcel-area'`)).length > 0;
    await checks.close();
    failing.start();
    const [parcel] = await idsOf(sql`land.parcel`);
    for (const [area, isAssessed] of [
      [666, false],
      [5, true],
    ] as const) {
      await engine.db.query(sql`UPDATE land.parcel SET legal_area_m2 = ${area}::numeric WHERE id = ${parcel}::bigint`);
      await failing.settled();
      expect(await counted()).toBe(isAssessed);
    }
    await failing.close();
    await expectSame();
  });

  it('that empties a table closes what was found in it', async () => {
    checks = new Checks({ db: engine.db, log: silent, rules, pauses: AT_ONCE });
    checks.start();
    await engine.db.script('TRUNCATE land.parcel CASCADE');
    await checks.settled();
    await expectSame();
    expect((await storedState(engine.db)).findings.filter((text) => text.startsWith('parcel-'))).toEqual([]);
  });
});
