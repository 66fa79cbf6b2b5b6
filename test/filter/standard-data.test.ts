/** The test data of CQL2 (OGC 21-065r2, annex A): how many features each predicate must find. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { Database as Sqlite } from 'node-sqlite3-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Catalog } from '../../src/catalog/layer.ts';
import { parseCql2Text } from '../../src/cql2/text.ts';
import type { Database } from '../../src/database/database.ts';
import { ident, identList, join, raw, sql } from '../../src/database/sql.ts';
import { filterToSql } from '../../src/filter/filter.ts';
import { describeEngines } from '../engine.ts';

interface Case {
  readonly data_source: string;
  readonly predicate: string;
  readonly expected: string;
}

const FOLDER = new URL('../../../shared/data/cql2/', import.meta.url);
const isThere = existsSync(FOLDER);
if (!isThere) process.stdout.write("Skipped: the standard's test data of CQL2. It is not on this machine.\n");

const CASES = isThere ? (parse(readFileSync(new URL('ats_expected.csv', FOLDER)), { columns: true }) as Case[]) : [];

const TYPES: Readonly<Record<string, string>> = {
  DATE: 'date',
  DATETIME: 'timestamptz',
  BOOLEAN: 'boolean',
  REAL: 'float8',
  INTEGER: 'int8',
  MEDIUMINT: 'int4',
};

/** What a GeoPackage puts before the WKB: 8 bytes, and a box. */
function wkbOf(blob: Uint8Array): string {
  const boxes = [0, 32, 48, 48, 64];
  return Buffer.from(blob.subarray(8 + (boxes[((blob[3] ?? 0) >> 1) & 7] ?? 0))).toString('hex');
}

async function load(db: Database, file: string): Promise<void> {
  const gpkg = new Sqlite(file, { readOnly: true });
  await db.script('CREATE SCHEMA ne');
  const tables = gpkg.all('SELECT table_name AS name FROM gpkg_contents') as { name: string }[];
  for (const { name } of tables) {
    const columns = gpkg.all(`SELECT name, type FROM pragma_table_info('${name}')`) as { name: string; type: string }[];
    const definitions = columns.map((column) =>
      column.name === 'geom'
        ? 'geom geometry(Geometry, 4326)'
        : `"${column.name}" ${TYPES[column.type] ?? 'text'}${column.name === 'fid' ? ' PRIMARY KEY' : ''}`,
    );
    await db.script(`CREATE TABLE ne.${name} (${definitions.join(', ')})`);
    for (const row of gpkg.all(`SELECT * FROM "${name}"`) as Record<string, unknown>[]) {
      const values = columns.map(({ name: column, type }) => {
        const value = row[column];
        if (column === 'geom')
          return sql`ST_SetSRID(ST_GeomFromWKB(decode(${wkbOf(value as Uint8Array)}::text, 'hex')), 4326)`;
        const text = value === null ? null : type === 'BOOLEAN' ? String(Boolean(value)) : String(value);
        return sql`${text}::text::${raw(TYPES[type] ?? 'text')}`;
      });
      await db.query(
        sql`INSERT INTO ${ident('ne', name)} (${identList(columns.map((column) => column.name))}) VALUES (${join(values, ', ')})`,
      );
    }
  }
  gpkg.close();
}

describe.skipIf(!isThere)("the standard's data", () => {
  describeEngines('predicates', (engine) => {
    let catalog: Catalog;
    beforeAll(async () => {
      await load(engine.db, fileURLToPath(new URL('ne110m4cql2.gpkg', FOLDER)));
      catalog = await discover(engine.db, ['ne']);
    }, 120_000);

    it.each(CASES)('$data_source: $predicate -> $expected', async ({ data_source: table, predicate, expected }) => {
      const layer = catalog.layers.get(`ne.${table}`)!;
      // The file escapes every second parenthesis, which CQL2 does not.
      const filter = parseCql2Text(predicate.replaceAll('\\(', '('));
      const [row] = await engine.db.query<{ count: number }>(
        sql`SELECT count(*)::int AS count FROM ${ident('ne', table)} WHERE ${filterToSql(filter, layer)}`,
      );
      expect(row?.count).toBe(Number(expected));
    });
  });
});
