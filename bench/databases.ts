import pg from 'pg';
import { discover } from '../src/catalog/discover.ts';
import type { Layer } from '../src/catalog/layer.ts';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/database/open.ts';
import { runProgram } from './program.ts';
import { progress } from './report.ts';
import type { Settings } from './settings.ts';

/** The same seed makes the same province, whoever measures. */
const SEED = 74;

/** The province whole, and a tenth of it. */
export const PROVINCE = 1_200_000;
export const TENTH = 120_000;

export interface BenchDatabase {
  readonly url: string;
  readonly layers: ReadonlyMap<string, Layer>;
}

/** Makes the database of so many parcels where there is none, and brings it to this program's version. */
export async function prepareDatabase(settings: Settings, parcels: number): Promise<BenchDatabase> {
  const name = `diaba_bench_${parcels}`;
  const url = databaseUrl(settings, name);
  await withClient(settings.databaseUrl, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${name}`);
  });
  await runProgram(settings, url, ['migrate']);
  await withClient(url, async (client) => {
    const { rows } = await client.query('SELECT seed FROM catalog.sample');
    if (rows.length && rows[0].seed !== SEED) throw new Error(`${name} was made from another seed: drop it.`);
    if (rows.length) return;
    progress(`${name}: making the sample, once (minutes)`);
    await runProgram(settings, url, ['sample', '--parcels', String(parcels), '--seed', String(SEED)]);
    await client.query('VACUUM ANALYZE');
  });
  return { url, layers: await readLayers(url) };
}

async function readLayers(url: string): Promise<ReadonlyMap<string, Layer>> {
  const config = readConfig({ DATABASE_URL: url });
  const db = await openDatabase(config);
  try {
    return (await discover(db, config.schemas)).layers;
  } finally {
    await db.close();
  }
}

function databaseUrl(settings: Settings, name: string): string {
  const url = new URL(settings.databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** How long the program must have been still, and how long it may take to come to rest. */
const STILL_MS = 3000;
const LONGEST_MS = 1_800_000;

/**
 * Waits until a program that was started has nothing more to do: what it derives at its start takes minutes, once. Its
 * connection `diaba listen` asks for a sign of life twice a second, and the queue of jobs is read every 2 s: neither counts.
 */
export function untilAtRest(url: string): Promise<void> {
  return withClient(url, async (client) => {
    const deadline = Date.now() + LONGEST_MS;
    for (let lastBusy = Date.now(); Date.now() - lastBusy < STILL_MS; ) {
      if (Date.now() > deadline) throw new Error(`the program is still busy after ${LONGEST_MS / 60_000} minutes`);
      const { rowCount } = await client.query(`SELECT FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'diaba' AND query NOT LIKE '%result.job%' AND (state <> 'idle' OR state_change > now() - interval '0.5 s')`);
      if (rowCount) lastBusy = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  });
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
