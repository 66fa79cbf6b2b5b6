/** Builds the sample once for each engine: a snapshot for the embedded one, a template database for PostgreSQL. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { discover } from '../../src/catalog/discover.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { loadReference } from '../../src/database/reference.ts';
import { raw } from '../../src/database/sql.ts';
import { loadSample } from '../../src/sample/load.ts';
import { Derivation } from '../../src/tiles/derived/derivation.ts';
import { startCluster } from './cluster.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    snapshot: string;
    /** `postgres://…` of the maintenance database; '' where there is no PostgreSQL. */
    postgres: string;
  }
}

export const SAMPLE_PARCELS = 3000;

export async function fill(db: Database, parcels = SAMPLE_PARCELS): Promise<void> {
  await migrate(db);
  await loadReference(db);
  await loadSample(db, { parcels });
  const derivation = new Derivation(db);
  await derivation.ensure(await discover(db, readConfig({}).schemas));
}

async function buildSnapshot(file: string): Promise<void> {
  const db = await openEmbedded();
  try {
    await fill(db);
    writeFileSync(file, await db.dump());
  } finally {
    await db.close();
  }
}

async function buildTemplate(url: string): Promise<void> {
  const options = { poolSize: 2, statementTimeout: 60_000 };
  const maintenance = await openPostgres({ url, ...options });
  await maintenance.query(raw('CREATE DATABASE diaba_template'));
  const template = await openPostgres({ url: url.replace(/postgres$/, 'diaba_template'), ...options });
  await fill(template);
  await template.close();
  await maintenance.close();
}

export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'diaba-test-'));
  const snapshot = join(folder, 'snapshot.tgz');
  const cluster = await startCluster();
  const running = typeof cluster !== 'string';
  if (!running) {
    const advice = 'install one (Debian: apt-get install postgresql-15-postgis-3) to test both engines';
    if (process.env.REQUIRE_POSTGRES) throw new Error(`${cluster}; ${advice}`);
    process.stdout.write(`Skipped: everything on PostgreSQL. ${cluster}; ${advice}.\n`);
  }
  await Promise.all([buildSnapshot(snapshot), running && buildTemplate(cluster.url)]);
  project.provide('snapshot', snapshot);
  project.provide('postgres', running ? cluster.url : '');
  return () => {
    if (running) cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
