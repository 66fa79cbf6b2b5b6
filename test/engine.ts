/** Runs the same suite on both engines, each on its own copy of the sample. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { discover } from '../src/catalog/discover.ts';
import type { Database } from '../src/database/database.ts';
import { openEmbedded } from '../src/database/embedded.ts';
import { openPostgres } from '../src/database/postgres.ts';
import { ident, sql } from '../src/database/sql.ts';
import { Derivation } from '../src/tiles/derived/derivation.ts';
import { type Cluster, startCluster, withDatabase } from './setup/cluster.ts';
import { Undo } from './setup/undo.ts';

export interface Engine {
  readonly name: 'embedded' | 'postgres';
  /** Open from `beforeAll` on. */
  readonly db: Database;
}

/** `bare` has no derived rows. A server would drop those of layers that it does not publish. */
type Kind = 'sample' | 'bare';

interface Shared {
  readonly db: Database;
  readonly undo: Undo;
}

/** Embedded copies that the files of this worker share in turn. Opening one takes 3 s of a core. */
const free = new Map<Kind, Shared>();
const lent = new Map<Database, readonly [Kind, Undo]>();

/** Opens an embedded database in memory with the sample, used by nobody else. It must be closed. */
export function openEmbeddedCopy(): Promise<Database> {
  return openEmbedded({ snapshot: readFileSync(inject('snapshot')) });
}

/** Lends a shared embedded copy in its original state, for one suite at a time. */
export async function borrowEmbedded(kind: Kind = 'sample'): Promise<Database> {
  const { db, undo } = free.get(kind) ?? (await openShared(kind));
  free.delete(kind);
  lent.set(db, [kind, undo]);
  return db;
}

/**
 * Returns a copy, drops the suite's objects and restores its rows. A copy with altered tables or settings is closed, so
 * that no other suite sees them.
 */
export async function giveBack(db: Database): Promise<void> {
  const [kind, undo] = lent.get(db) ?? [];
  lent.delete(db);
  const isAsBefore = await undo?.run().catch(() => false);
  if (kind && undo && isAsBefore && !free.has(kind)) free.set(kind, { db, undo });
  else await db.close();
}

async function openShared(kind: Kind): Promise<Shared> {
  const db = await openEmbeddedCopy();
  if (kind === 'bare') await new Derivation(db).ensure(await discover(db, []));
  return { db, undo: await Undo.of(db) };
}

let copies = 0;

/** Returns the URL of a fresh PostgreSQL database with the sample. It is removed with the cluster. */
export async function copyPostgres(template = 'diaba_template'): Promise<string> {
  const url = inject('postgres');
  const name = `test_${process.pid}_${copies++}`;
  const maintenance = await openPostgres({ url, poolSize: 1, statementTimeout: 60_000 });
  await maintenance.query(sql`CREATE DATABASE ${ident(name)} TEMPLATE ${ident(template)}`);
  await maintenance.close();
  return url.replace(/postgres$/, name);
}

/** A cluster of its own, whose URL is that of a database with the sample. @returns it running, or why there is none */
export async function startSampleCluster(): Promise<Cluster | string> {
  const cluster = await startCluster(inject('cluster'));
  return typeof cluster === 'string' ? cluster : withDatabase(cluster, 'diaba_template');
}

async function openPostgresCopy(): Promise<Database> {
  return openPostgres({ url: await copyPostgres(), poolSize: 4, statementTimeout: 30_000 });
}

/**
 * Returns true if PostgreSQL with PostGIS is available. Tests that need it are skipped otherwise (one line at the start
 * says so).
 */
export function hasPostgres(): boolean {
  return inject('postgres') !== '';
}

/** `describe` for each engine. `engine.db` is a copy of the sample that the suite may alter freely. */
export function describeEngines(title: string, suite: (engine: Engine) => void): void {
  describeEach(title, 'sample', suite);
}

/** The same, for suites whose servers publish none of the sample's schemas. */
export function describeBareEngines(title: string, suite: (engine: Engine) => void): void {
  describeEach(title, 'bare', suite);
}

function describeEach(title: string, kind: Kind, suite: (engine: Engine) => void): void {
  const engines = [
    { name: 'embedded', open: () => borrowEmbedded(kind), close: giveBack, skip: false },
    { name: 'postgres', open: openPostgresCopy, close: (db: Database) => db.close(), skip: !hasPostgres() },
  ] as const;
  for (const { name, open, close, skip } of engines) {
    describe.skipIf(skip)(`${title} (${name})`, () => {
      const engine = { name, db: undefined as unknown as Database };
      beforeAll(async () => {
        engine.db = await open();
      });
      afterAll(() => engine.db && close(engine.db));
      suite(engine);
    });
  }
}
