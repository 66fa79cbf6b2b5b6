/** The rules find every planted fault and nothing else, and close what was mended. */
import { beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import { readConfig } from '../../src/config.ts';
import { raw, sql } from '../../src/database/sql.ts';
import { checkAll, checkDue } from '../../src/quality/check.ts';
import { insertDueQuery } from '../../src/quality/due-query.ts';
import type { BoundRule } from '../../src/quality/rule.ts';
import { readQualityRules } from '../../src/quality/rule-file.ts';
import { bindRules } from '../../src/quality/rules.ts';
import { describeEngines } from '../engine.ts';
import { plantedCopies } from './planted.ts';
import { findGround, type Ground, leaveFew, plant, SHEET } from './planting.ts';

/** Copies of the planted faults, 200 findings and more. */
const COPIES = 4;

interface Finding {
  readonly rule: string;
  readonly key: string;
  readonly aspect: string;
  readonly measure: number | null;
}

describeEngines('the rules', (engine) => {
  let rules: readonly BoundRule[];
  let ground: Ground;
  let before: readonly Finding[];
  const findings = () =>
    engine.db.query<Finding>(sql`
      SELECT rule, key, aspect, measure FROM quality.finding WHERE closed_at IS NULL ORDER BY rule, key, aspect`);
  const checkEvery = async () => {
    for (const rule of rules) await checkAll(engine.db, rule);
  };
  const ruleOf = (id: string) => rules.find(({ rule }) => rule.id === id) as BoundRule;

  beforeAll(async () => {
    const all = bindRules(readQualityRules(), await discover(engine.db, readConfig({}).schemas));
    rules = all.filter(({ rule }) => rule.counts === 'records');
    ground = await findGround(engine.db);
    // Few parcels, since the rules run many times.
    await leaveFew(engine.db, { parcels: 400 });
    await checkEvery();
    before = await findings();
    await plant(engine.db, ground, COPIES);
    await checkEvery();
  });

  it('have a planted fault and a near miss each', () => {
    const planted = plantedCopies(1);
    const ids = rules.map(({ rule }) => rule.id).sort();
    const broken = new Set(planted.flatMap(({ expected }) => expected.map(([rule]) => rule)));
    const nearly = new Set(planted.flatMap((each) => each.nearly ?? []));
    expect([...broken].sort()).toEqual(ids);
    expect([...nearly].sort()).toEqual(ids);
    // A near miss has no finding of that rule.
    for (const { id, nearly: missed = [], expected } of planted)
      expect(
        expected.filter(([rule]) => missed.includes(rule)),
        String(id),
      ).toEqual([]);
    expect(plantedCopies(COPIES).flatMap(({ expected }) => expected).length).toBeGreaterThanOrEqual(200);
  });

  it('find every planted fault, and nothing else', async () => {
    const known = new Set(before.map(({ rule, key, aspect }) => [rule, key, aspect].join()));
    const found = (await findings()).filter(({ rule, key, aspect }) => !known.has([rule, key, aspect].join()));
    const planted = plantedCopies(COPIES).flatMap(({ id, expected }) =>
      expected.map(([rule, aspect, measure]) => [rule, String(id), ground.codes[aspect] ?? aspect, measure].join()),
    );
    expect(found.map(({ rule, key, aspect, measure }) => [rule, key, aspect, measure].join()).sort()).toEqual(
      planted.sort(),
    );
  });

  it('find the overlaps that comparing all parcels gives, also those of layers inside of which no edge is alone', async () => {
    // Two sheets of 5 by 5 squares, one 3 m beside the other.
    await engine.db.query(sql`
      INSERT INTO land.parcel (id, unit_code, unit_valid_from, sheet, number, main_use, geom)
      SELECT 1900000 + row_number() OVER (), ${ground.unit.code}, ${ground.unit.from}::date, '997', row_number() OVER (), ${ground.codes.present},
        ST_Multi(ST_MakeEnvelope(x, y, x + 10, y + 10, 9210))
      FROM generate_series(0, 1) AS layer, generate_series(0, 4) AS i, generate_series(0, 4) AS j,
        LATERAL (SELECT ${ground.x}::float8 - 100 + 10 * i + 3 * layer AS x, ${ground.y}::float8 - 100 + 10 * j + 3 * layer AS y) AS corner`);
    const { opened } = await checkAll(engine.db, ruleOf('parcel-overlap'));
    expect(opened).toBe(2 * (25 + 20 + 20 + 16));
    const differences = await engine.db.query(sql`
      WITH long AS (
        SELECT a.id::text AS key, b.id::text AS aspect, round(ST_Area(ST_Intersection(x, y))::numeric, 2) AS measure
        FROM land.parcel AS a JOIN land.parcel AS b ON a.geom && b.geom AND a.id <> b.id
        CROSS JOIN LATERAL (SELECT catalog.sound(catalog.shape(a.geom)) AS x, catalog.sound(catalog.shape(b.geom)) AS y) AS sound
        WHERE ST_Area(ST_Intersection(x, y)) > 0.1),
      short AS (SELECT key, aspect, measure FROM quality.finding WHERE rule = 'parcel-overlap' AND closed_at IS NULL)
      (TABLE long EXCEPT TABLE short) UNION ALL (TABLE short EXCEPT TABLE long)`);
    expect(differences).toEqual([]);
    await engine.db.query(sql`DELETE FROM land.parcel WHERE sheet = '997'`);
    expect(await checkAll(engine.db, ruleOf('parcel-overlap'))).toMatchObject({ opened: 0, closed: opened });
  });

  it('find the same again, and open and close nothing', async () => {
    for (const rule of rules)
      expect(await checkAll(engine.db, rule), rule.rule.id).toMatchObject({ opened: 0, closed: 0 });
  });

  it('have a place each, in the unit of the record', async () => {
    const [row] = await engine.db.query(sql`
      SELECT count(*) FILTER (WHERE geom IS NULL) AS placeless, count(*) FILTER (WHERE ST_SRID(geom) <> 9210) AS elsewhere,
        count(*) FILTER (WHERE words_vi = '' OR words_en = '' OR words_vi = words_en) AS wordless
      FROM quality.finding WHERE key::int BETWEEN 900004 AND 900999`);
    expect(row).toEqual({ placeless: 0, elsewhere: 0, wordless: 0 });
    const units = await engine.db.query(sql`
      SELECT DISTINCT unit_code AS code FROM quality.finding WHERE rule = 'station-range' AND key = '9905'`);
    expect(units).toEqual([{ code: ground.unit.code }]);
    const [cross] = await engine.db.query<{ place: string }>(sql`
      SELECT ST_AsText(ST_Translate(geom, ${-ground.x}::float8, ${-ground.y}::float8)) AS place FROM quality.finding WHERE key = '900001'`);
    expect(cross?.place).toBe('POINT(5 5)');
  });

  it('have a place that tiles show: a point in a sliver, and the shape of what is wider', async () => {
    const places = await engine.db.query(sql`
      SELECT key, ST_Dimension(geom) AS dimension FROM quality.finding WHERE key IN ('900090', '900094') AND rule = 'parcel-overlap' ORDER BY key`);
    expect(places).toEqual([
      { key: '900090', dimension: 0 },
      { key: '900094', dimension: 2 },
    ]);
    const dimensions = await engine.db.query(sql`
      SELECT ST_Dimension(quality.place(ST_MakeEnvelope(0, 0, 100, 0.15, 9210))) AS narrow,
        ST_Dimension(quality.place(ST_MakeEnvelope(0, 0, 100, 0.3, 9210))) AS wide`);
    expect(dimensions).toEqual([{ narrow: 0, wide: 2 }]);
  });

  it('say what is wrong in both languages', async () => {
    const words = await engine.db.query(sql`
      SELECT words_vi AS vi, words_en AS en FROM quality.finding WHERE key IN ('900001', '900020', '900090') ORDER BY key`);
    expect(words).toEqual([
      {
        vi: 'Thửa 900001, tờ 999: ranh thửa tự cắt',
        en: 'Parcel 900001, sheet 999: invalid geometry (Self-intersection)',
      },
      {
        vi: 'Thửa 900020, tờ 999: diện tích pháp lý 105,1 m², đo đạc 100 m²',
        en: 'Parcel 900020, sheet 999: legal area 105.1 m², measured 100.0 m²',
      },
      {
        vi: 'Thửa 900090, tờ 999 chồng lên thửa 900091, tờ 999: 0,2 m²',
        en: 'Parcel 900090, sheet 999 overlaps parcel 900091, sheet 999 by 0.20 m²',
      },
    ]);
  });

  it('count what they assess by unit, and a run says so', async () => {
    const [parcels] = await engine.db.query<{ count: number; here: number }>(sql`
      SELECT count(*) AS count, count(*) FILTER (WHERE unit_code = ${ground.unit.code}) AS here FROM land.parcel WHERE legal_area_m2 IS NOT NULL`);
    const [row] = await engine.db.query(sql`
      SELECT sum(records) AS count, sum(records) FILTER (WHERE unit_code = ${ground.unit.code}) AS here FROM quality.assessed WHERE rule = 'parcel-area'`);
    expect(row).toEqual(parcels);
    const [run] = await engine.db.query<{ records: number; error: string | null }>(
      sql`SELECT records, error FROM quality.run WHERE rule = 'parcel-area' ORDER BY id DESC LIMIT 1`,
    );
    expect(run).toEqual({ records: parcels?.count, error: null });
  });

  it('leave an acknowledged finding acknowledged until its measure changes', async () => {
    const acknowledged = () =>
      engine.db.query<{ reason: string | null; dated: boolean }>(sql`
        SELECT acknowledged_reason AS reason, acknowledged_at IS NOT NULL AS dated FROM quality.finding
        WHERE rule = 'parcel-area' AND key = '900020' AND closed_at IS NULL`);
    await engine.db.query(
      sql`UPDATE quality.finding SET acknowledged_reason = 'đúng theo hồ sơ' WHERE rule = 'parcel-area' AND key = '900020'`,
    );
    await engine.db.query(sql`UPDATE land.parcel SET sheet = '998' WHERE id = 900020`);
    await checkAll(engine.db, ruleOf('parcel-area'));
    expect(await acknowledged()).toEqual([{ reason: 'đúng theo hồ sơ', dated: true }]);
    await engine.db.query(sql`UPDATE land.parcel SET sheet = ${SHEET}, legal_area_m2 = 110 WHERE id = 900020`);
    await checkAll(engine.db, ruleOf('parcel-area'));
    expect(await acknowledged()).toEqual([{ reason: null, dated: false }]);
  });

  it.each<readonly [what: string, text: string, keys: readonly string[], ofRules: readonly string[]]>([
    [
      'the number of the first of three',
      'UPDATE land.parcel SET number = 8 WHERE id = 900010',
      ['900010'],
      ['parcel-number'],
    ],
    [
      'a number that becomes one of three again',
      'UPDATE land.parcel SET number = 7 WHERE id = 900021',
      ['900021'],
      ['parcel-number'],
    ],
    [
      'two that leave',
      'UPDATE land.parcel SET number = id WHERE id IN (900011, 900012)',
      ['900011', '900012'],
      ['parcel-number'],
    ],
    [
      'a mended overlap',
      'UPDATE land.parcel SET geom = ST_Translate(geom, 0.02, 0) WHERE id = 900091',
      ['900091'],
      ['parcel-overlap'],
    ],
    [
      'a new overlap',
      'UPDATE land.parcel SET geom = ST_Translate(geom, -1, 0) WHERE id = 900093',
      ['900093'],
      ['parcel-overlap'],
    ],
    [
      'one of two equal shapes deleted',
      'DELETE FROM land.parcel WHERE id = 900080',
      ['900080'],
      ['parcel-overlap', 'parcel-identical'],
    ],
    [
      'one of two equal identifiers',
      'UPDATE land.parcel SET national_id = NULL WHERE id = 900106',
      ['900106'],
      ['parcel-identifier-unique', 'parcel-attributes'],
    ],
    [
      'an identifier that a third parcel has too',
      'UPDATE land.parcel SET national_id = (SELECT national_id FROM land.parcel WHERE id = 900091) WHERE id IN (900096, 900097)',
      ['900096', '900097'],
      ['parcel-identifier', 'parcel-identifier-unique'],
    ],
    [
      'a parcel that leaves its identifier',
      'UPDATE land.parcel SET geom = ST_Translate(geom, 0, 30) WHERE id = 900099',
      ['900099'],
      ['parcel-identifier'],
    ],
    [
      'a record out of scope',
      'UPDATE land.parcel SET legal_area_m2 = NULL WHERE id = 900022',
      ['900022'],
      ['parcel-area', 'parcel-attributes'],
    ],
    [
      'a mended bow tie',
      'UPDATE land.parcel SET geom = ST_MakeValid(geom) WHERE id = 900001',
      ['900001'],
      ['parcel-geometry', 'parcel-area'],
    ],
  ])('give after an edit what a whole run gives: %s', async (_what, text, keys, ids) => {
    const earlier = await findings();
    await engine.db.query(raw(text));
    await engine.db.query(insertDueQuery(ids.map((rule) => ({ rule, keys, units: [] }))));
    for (const id of ids) expect(await checkDue(engine.db, ruleOf(id))).toBe(true);
    const later = await findings();
    for (const id of ids) {
      expect(
        later.filter(({ rule }) => rule === id),
        id,
      ).not.toEqual(earlier.filter(({ rule }) => rule === id));
      expect(await checkAll(engine.db, ruleOf(id)), id).toMatchObject({ opened: 0, closed: 0 });
    }
    expect(await findings()).toEqual(later);
  });

  it('record a run that fails, and assess nothing by it', async () => {
    const rule = ruleOf('parcel-attributes');
    const broken = { ...rule, rule: { ...rule.rule, findings: `${rule.rule.findings} AND 1 / (id - id) = 1` } };
    await expect(checkAll(engine.db, broken)).rejects.toMatchObject({ code: '22012' });
    const [row] = await engine.db.query(sql`
      SELECT (SELECT error FROM quality.run WHERE rule = 'parcel-attributes' ORDER BY id DESC LIMIT 1) AS error,
        (SELECT count(*) FROM quality.assessed WHERE rule = 'parcel-attributes') AS assessed,
        (SELECT count(*) > 0 FROM quality.finding WHERE rule = 'parcel-attributes' AND closed_at IS NULL) AS found`);
    expect(row).toEqual({ error: '22012', assessed: 0, found: true });
  });
});
