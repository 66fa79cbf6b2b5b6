/** The test data of CQL2 (OGC 21-065r2, annex A), with the number of features that each predicate must find. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Catalog } from '../../src/catalog/layer.ts';
import { parseCql2Text } from '../../src/cql2/text.ts';
import { ident, sql } from '../../src/database/sql.ts';
import { bindFilter } from '../../src/filter/filter.ts';
import { describeEngines } from '../engine.ts';

interface Case {
  readonly data_source: string;
  readonly predicate: string;
  readonly expected: string;
}

const FOLDER = new URL('../fixtures/cql2/', import.meta.url);
const CASES: Case[] = parse(readFileSync(new URL('ats_expected.csv', FOLDER)), { columns: true });

describeEngines("predicates on the standard's data", (engine) => {
  let catalog: Catalog;
  beforeAll(async () => {
    await engine.db.script(readFileSync(new URL('natural-earth.sql', FOLDER), 'utf8'));
    catalog = await discover(engine.db, ['ne']);
  });

  it('are all there', () => expect(CASES).toHaveLength(139));

  it.each(CASES)('$data_source: $predicate -> $expected', async ({ data_source: table, predicate, expected }) => {
    const layer = catalog.layers.get(`ne.${table}`)!;
    // The file escapes every second parenthesis, which CQL2 does not.
    const filter = parseCql2Text(predicate.replaceAll('\\(', '('));
    const [row] = await engine.db.query<{ count: number }>(
      sql`SELECT count(*)::int AS count FROM ${ident('ne', table)} WHERE ${bindFilter(filter, layer)}`,
    );
    expect(row?.count).toBe(Number(expected));
  });
});
