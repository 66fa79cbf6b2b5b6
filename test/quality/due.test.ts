/** Touched values become keys that are due, or all records. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import { sql } from '../../src/database/sql.ts';
import { checkAll, checkDue, countDue } from '../../src/quality/check.ts';
import { takeTouched } from '../../src/quality/due.ts';
import { insertDueQuery } from '../../src/quality/due-query.ts';
import type { BoundRule } from '../../src/quality/rule.ts';
import { parseRule, readQualityRules } from '../../src/quality/rule-file.ts';
import { bindRules } from '../../src/quality/rules.ts';
import { describeEngines } from '../engine.ts';

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

describeEngines('what is due', (engine) => {
  describe('of rules', () => {
    let rules: readonly BoundRule[];
    beforeAll(async () => {
      rules = bindRules(readQualityRules(), await discover(engine.db, ['land', 'environment']));
    });
    afterEach(() => engine.db.script('DELETE FROM quality.due'));

    /** Returns the number of keys of each row that is due for a rule; null: all records. */
    async function dueAfter(rule: string, touched: readonly (readonly [table: string, values: unknown])[]) {
      for (const [table, values] of touched)
        await engine.db.query(
          sql`INSERT INTO quality.touched (relation, "values") VALUES (${table}, ${values && JSON.stringify(values)}::jsonb)`,
        );
      expect(await takeTouched(engine.db, rules)).toBe(true);
      const rows = await engine.db.query<{ keys: readonly string[] | null }>(
        sql`SELECT keys FROM quality.due WHERE rule = ${rule} ORDER BY id`,
      );
      return rows.map(({ keys }) => keys?.length ?? null);
    }

    it.each<
      readonly [what: string, rule: string, touched: Parameters<typeof dueAfter>[1], keys: readonly (number | null)[]]
    >([
      [
        'some keys, each once',
        'parcel-number',
        [
          ['land.parcel', { id: ['1', '2'] }],
          ['land.parcel', { id: ['2', '3'] }],
        ],
        [3],
      ],
      [
        'all, if one statement touched any row',
        'parcel-number',
        [
          ['land.parcel', { id: ['1'] }],
          ['land.parcel', null],
        ],
        [null],
      ],
      [
        '5000 keys, in parts',
        'parcel-number',
        [
          ['land.parcel', { id: numbers(1, 2500) }],
          ['land.parcel', { id: numbers(2501, 5000) }],
        ],
        Array(10).fill(500),
      ],
      [
        'all for 5001 keys',
        'parcel-number',
        [
          ['land.parcel', { id: numbers(1, 2500) }],
          ['land.parcel', { id: numbers(2500, 5001) }],
        ],
        [null],
      ],
      ['all, if a table without a relation was touched', 'parcel-use-code', [['land.land_use_type', null]], [null]],
      ['what another table names', 'parcel-use-sum', [['land.parcel_use', { parcel_id: ['7'] }]], [1]],
      [
        'nothing for a table that the rule does not read',
        'parcel-area',
        [['land.parcel_use', { parcel_id: ['7'] }]],
        [],
      ],
    ])('is %s', async (_what, rule, touched, keys) => {
      expect(await dueAfter(rule, touched)).toEqual(keys);
      expect(await takeTouched(engine.db, rules)).toBe(false);
    });

    it('is found by a column of the layer', async () => {
      const [row] = await engine.db.query<{ permit: string; count: number }>(sql`
        SELECT permit_id::text AS permit, count(*)::int AS count FROM environment.discharge WHERE permit_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 1`);
      expect(await dueAfter('discharge-permit', [['environment.permit', { id: [row?.permit] }]])).toEqual([row?.count]);
    });
  });

  it('counts records in no unit where the layer may name none, after their findings', async () => {
    await engine.db.script(`CREATE SCHEMA odd; CREATE TABLE odd.plot (id bigint PRIMARY KEY, unit_code text, unit_valid_from date, geom geometry(Point, 9210));
      INSERT INTO odd.plot SELECT n, CASE WHEN n > 1 THEN '1' END, CASE WHEN n > 1 THEN date '2025-07-01' END FROM generate_series(1, 3) AS n`);
    const head = [
      'title_vi: a',
      'title_en: a',
      'layer: odd.plot',
      'criterion: clean',
      'severity: error',
      'weight: 1',
      'scope: TRUE',
      'scope_vi: a',
      'scope_en: a',
      'basis: a',
      'advice_vi: a',
      'advice_en: a',
    ];
    const body = `SELECT id::text AS key, '' AS aspect, ARRAY[]::text[] AS others, 1::numeric AS measure, 'a' AS words_vi, 'b' AS words_en, geom FROM scope WHERE id > 100`;
    const text = [...head.map((line) => `-- ${line}`), body].join('\n');
    const [bound] = bindRules([parseRule('plot', text)], await discover(engine.db, ['odd'])) as [BoundRule];
    const counts = async () =>
      (
        await engine.db.query(
          sql`SELECT unit_code AS unit, records FROM quality.assessed WHERE rule = 'plot' ORDER BY unit_code`,
        )
      ).map(Object.values);
    await checkAll(engine.db, bound);
    const before = [
      ['1', 2],
      [null, 1],
    ];
    expect(await counts()).toEqual(before);
    expect(await countDue(engine.db, bound)).toBe(false);
    await engine.db.script('UPDATE odd.plot SET unit_code = NULL, unit_valid_from = NULL WHERE id = 2');
    await engine.db.query(insertDueQuery([{ rule: 'plot', keys: ['2'], units: ['1'] }]));
    expect(await checkDue(engine.db, bound)).toBe(true);
    expect(await checkDue(engine.db, bound)).toBe(false);
    expect(await counts()).toEqual(before);
    expect(await countDue(engine.db, bound)).toBe(true);
    expect(await counts()).toEqual([
      ['1', 1],
      [null, 2],
    ]);
  });
});
