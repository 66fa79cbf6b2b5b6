/** Runs the same suite on both engines, each on its own copy of the sample. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import type { Database } from '../src/database/database.ts';
import { openEmbedded } from '../src/database/embedded.ts';
import { openPostgres } from '../src/database/postgres.ts';
import { ident, sql } from '../src/database/sql.ts';

export interface Engine {
  readonly name: 'embedded' | 'postgres';
  /** Open from `beforeAll` on. */
  readonly db: Database;
}

/** A fresh embedded database with the sample, in memory. */
export function openEmbeddedCopy(): Promise<Database> {
  return openEmbedded({ snapshot: readFileSync(inject('snapshot')) });
}

let copies = 0;

/** URL of a fresh PostgreSQL database with the sample. It goes with the cluster. */
export async function copyPostgres(template = 'diaba_template'): Promise<string> {
  const url = inject('postgres');
  const name = `test_${process.pid}_${copies++}`;
  const maintenance = await openPostgres({ url, poolSize: 1, statementTimeout: 60_000 });
  await maintenance.query(sql`CREATE DATABASE ${ident(name)} TEMPLATE ${ident(template)}`);
  await maintenance.close();
  return url.replace(/postgres$/, name);
}

async function openPostgresCopy(): Promise<Database> {
  return openPostgres({ url: await copyPostgres(), poolSize: 4, statementTimeout: 30_000 });
}

/** Whether a PostgreSQL with PostGIS is there; what needs it is skipped elsewhere (one line at the start says so). */
export function hasPostgres(): boolean {
  return inject('postgres') !== '';
}

/** `describe` for each engine. `engine.db` is a copy of the sample that the suite may change as it likes. */
export function describeEngines(title: string, suite: (engine: Engine) => void): void {
  const engines = [
    { name: 'embedded', open: openEmbeddedCopy, skip: false },
    { name: 'postgres', open: openPostgresCopy, skip: !hasPostgres() },
  ] as const;
  for (const { name, open, skip } of engines) {
    describe.skipIf(skip)(`${title} (${name})`, () => {
      const engine = { name, db: undefined as unknown as Database };
      beforeAll(async () => {
        engine.db = await open();
      });
      afterAll(() => engine.db?.close());
      suite(engine);
    });
  }
}
