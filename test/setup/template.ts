/**
 * Provides the sample of each engine to every run: a snapshot for the embedded one, a template database for PostgreSQL.
 */
import { createHash } from 'node:crypto';
import {
  type Dirent,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { TestProject } from 'vitest/node';
import { discover } from '../../src/catalog/discover.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import { type EmbeddedDatabase, openEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { loadReference } from '../../src/database/reference.ts';
import { raw, sql } from '../../src/database/sql.ts';
import { isAlive } from '../../src/lib/process-identity.ts';
import { loadSample } from '../../src/sample/load.ts';
import { Derivation } from '../../src/tiles/derived/derivation.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { compileProgram } from './program.ts';
import { withoutFiles } from './tar.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    snapshot: string;
    /** `postgres://…` of the maintenance database; '' without PostgreSQL. */
    postgres: string;
    /** Folder of that cluster's saved files, from which others can be started; '' without PostgreSQL. */
    cluster: string;
  }
}

export const SAMPLE_PARCELS = 3000;

/** @param now hour of the last observation; both engines receive the same, so that their samples are equal */
async function fill(db: Database, now: Date): Promise<void> {
  await migrate(db);
  await loadReference(db);
  await loadSample(db, { parcels: SAMPLE_PARCELS, now });
  const derivation = new Derivation(db);
  await derivation.ensure(await discover(db, readConfig({}).schemas));
  const [unfinished] = await db.query<{ layer: string }>(sql`SELECT layer FROM tile.mosaic WHERE shown IS NULL`);
  if (unfinished) throw new Error(`the mosaic of ${unfinished.layer} was not finished`);
}

/**
 * Returns a snapshot that opens in half the time of {@link EmbeddedDatabase.dump}: it is not compressed, and lacks the
 * write-ahead log before the last checkpoint, half of its 165 MB.
 */
async function dump(db: EmbeddedDatabase): Promise<Uint8Array> {
  await db.script('CHECKPOINT');
  const [wal] = await db.query<{ first: string; last: string }>(
    raw(`SELECT redo_wal_file AS first, pg_walfile_name(pg_current_wal_lsn()) AS last FROM pg_control_checkpoint()`),
  );
  if (!wal) throw new Error('there is no checkpoint');
  return withoutFiles(gunzipSync(await db.dump()), (path) => {
    const [, segment] = /pg_wal\/([0-9A-F]{24})$/.exec(path) ?? [];
    return segment === undefined || (segment >= wal.first && segment <= wal.last);
  });
}

async function buildSnapshot(file: string, now: Date): Promise<void> {
  const db = await openEmbedded();
  try {
    await fill(db, now);
    writeFileSync(file, await dump(db));
  } finally {
    await db.close();
  }
}

async function buildTemplate(url: string, now: Date): Promise<void> {
  const options = { poolSize: 2, statementTimeout: 60_000 };
  const maintenance = await openPostgres({ url, ...options });
  await maintenance.query(raw('CREATE DATABASE diaba_template'));
  const template = await openPostgres({ url: url.replace(/postgres$/, 'diaba_template'), ...options });
  await fill(template, now);
  await template.close();
  await maintenance.close();
}

/** Samples of earlier runs, with which a run of one file starts after 2 s instead of 30. */
const CACHE = 'node_modules/.cache/diaba';
/** Most samples in the cache, of 250 MB each: those used last. */
const MOST_CACHED = 8;
/** Folders and files on which the sample depends. The lock file gives the version of the embedded engine. */
const SOURCES = {
  folders: [
    'sql/migrations',
    'sql/functions',
    'sql/views',
    'data',
    'src/sample',
    'src/database',
    'src/catalog',
    'src/geo',
    'src/tiles',
  ],
  files: ['package-lock.json', 'test/setup/template.ts', 'test/setup/cluster.ts', 'test/setup/tar.ts'],
};

/** @returns the cache folder of the current source's sample, named by a digest of everything it depends on */
export function sampleFolder(): string {
  const files = SOURCES.folders.flatMap((folder) =>
    (readdirSync(folder, { recursive: true, withFileTypes: true }) as Dirent[])
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const hash = createHash('sha1');
  for (const file of [...SOURCES.files, ...files.sort()]) hash.update(file).update(readFileSync(file));
  return resolve(CACHE, hash.digest('hex').slice(0, 16));
}

/**
 * Builds the samples in a folder, which appears once complete. A run that is killed leaves nothing that a later one
 * reads.
 * @param cluster undefined without PostgreSQL
 */
async function build(folder: string, cluster: Cluster | undefined): Promise<void> {
  const unfinished = mkdtempSync(`${folder}-${process.pid}-`);
  const now = new Date();
  await Promise.all([buildSnapshot(join(unfinished, 'snapshot.tar'), now), cluster && buildTemplate(cluster.url, now)]);
  cluster?.save(join(unfinished, 'cluster'));
  // If two runs build at once, either result will do.
  if (existsSync(folder)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, folder);
}

function removeOld(): void {
  const folders = readdirSync(CACHE).map((name) => join(CACHE, name));
  // Left incomplete by a killed run, or still being built by another one.
  const owners = new Map(folders.map((folder) => [folder, /-(\d+)-\w{6}$/.exec(folder)?.[1]]));
  const complete = folders.filter((folder) => owners.get(folder) === undefined);
  const usedLast = complete
    .map((folder) => ({ folder, at: statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  const left = folders.filter((folder) => {
    const owner = owners.get(folder);
    return owner !== undefined && !isAlive({ pid: Number(owner), started: undefined });
  });
  for (const folder of [...left, ...usedLast.slice(MOST_CACHED).map((each) => each.folder)])
    rmSync(folder, { recursive: true, force: true });
}

export async function setup(project: TestProject): Promise<() => void> {
  const compiled = compileProgram();
  mkdirSync(CACHE, { recursive: true });
  removeOld();
  // A mutant of the sample's sources runs on the sample of the sound source.
  const made = process.env.TEST_SAMPLE ?? sampleFolder();
  const saved = join(made, 'cluster');
  const cluster = await startCluster(existsSync(saved) ? saved : undefined);
  const running = typeof cluster !== 'string';
  if (!running) {
    const advice = 'install one (Debian: apt-get install postgresql-15-postgis-3) to test both engines';
    if (process.env.REQUIRE_POSTGRES) throw new Error(`${cluster}; ${advice}`);
    process.stdout.write(`Skipped: everything on PostgreSQL. ${cluster}; ${advice}.\n`);
  }
  const folder = running ? made : `${made}-embedded`;
  if (!existsSync(folder)) await build(folder, running ? cluster : undefined);
  utimesSync(folder, new Date(), new Date());
  await compiled;
  project.provide('snapshot', join(folder, 'snapshot.tar'));
  project.provide('postgres', running ? cluster.url : '');
  project.provide('cluster', running ? join(folder, 'cluster') : '');
  return () => {
    if (running) cluster.stop();
  };
}
