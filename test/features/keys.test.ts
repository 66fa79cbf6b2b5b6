import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Layer } from '../../src/catalog/layer.ts';
import { readRows } from '../../src/features/rows.ts';
import { rowsQuery } from '../../src/features/rows-query.ts';
import { describeEngines } from '../engine.ts';
import { filled } from '../filled.ts';

const FIXTURES = ['composite-key', 'no-key', 'text-key', 'wide-keys', 'domains', 'partitioned'];
const ALL = { fields: [], srid: undefined, sort: [], limit: 1000, skip: 0 };

describeEngines('rows by their keys', (engine) => {
  let layers: readonly Layer[];
  beforeAll(async () => {
    const scripts = FIXTURES.map((name) => readFileSync(new URL(`../fixtures/${name}.sql`, import.meta.url), 'utf8'));
    await engine.db.script(['CREATE SCHEMA odd;', ...scripts].join('\n'));
    layers = [...(await discover(engine.db, ['odd'])).layers.values()];
  });

  it('finds exactly those that are asked for, whatever the key consists of', async () => {
    expect(layers.length).toBeGreaterThan(8);
    for (const layer of filled(layers)) {
      const { rows } = await readRows(engine.db, layer, ALL, {});
      const keys = rows.map(({ key }) => key);
      const half = keys.filter((_, index) => index % 2 === 0);
      const read = async (asked: typeof keys) =>
        (await readRows(engine.db, layer, { ...ALL, keys: asked }, {})).rows.map(({ key }) => key);
      expect(await read([...keys].reverse()), layer.id).toEqual(keys);
      expect(await read([...half, ...half]), layer.id).toEqual(half);
      expect(await read([]), layer.id).toEqual([]);
    }
  });

  it('takes a list for each column, whose text does not grow with the number of keys', () => {
    for (const layer of filled(layers)) {
      const width = layer.key.kind === 'columns' ? layer.key.columns.length : layer.key.kind === 'none' ? 2 : 1;
      const keys = (count: number) => Array.from({ length: count }, () => Array.from({ length: width }, () => '1'));
      const [one, many] = [1, 1000].map((count) => rowsQuery(layer, { ...ALL, keys: keys(count) }));
      expect(many?.text).toBe(one?.text);
    }
  });
});
