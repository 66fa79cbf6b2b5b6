import { cpus, totalmem } from 'node:os';
import type { Bench, Section } from './bench.ts';
import { type BenchDatabase, prepareDatabase, untilAtRest, withClient } from './databases.ts';
import { preparePeerTables } from './peer-tables.ts';
import { Processes } from './processes.ts';
import { startProgram } from './program.ts';
import { progress, say, type Verdict, verdictTable } from './report.ts';
import { analyses } from './sections/analyses.ts';
import { bytes } from './sections/bytes.ts';
import { freshness } from './sections/freshness.ts';
import { hostile } from './sections/hostile.ts';
import { imports } from './sections/imports.ts';
import { limits } from './sections/limits.ts';
import { lookups } from './sections/lookups.ts';
import { memory } from './sections/memory.ts';
import { scale } from './sections/scale.ts';
import { starvation } from './sections/starvation.ts';
import { tiles } from './sections/tiles.ts';
import { viewer } from './sections/viewer.ts';
import { warm } from './sections/warm.ts';
import { workers } from './sections/workers.ts';
import { readSettings, type SectionName, type Settings, USAGE } from './settings.ts';

const SECTIONS: Readonly<Record<SectionName, { readonly title: string; readonly run: Section }>> = {
  tiles: { title: 'Cold tiles: a pan-and-zoom trace, z12-z17, style `all`', run: tiles },
  warm: { title: 'Warm tiles', run: warm },
  workers: { title: 'Two workers and one', run: workers },
  hostile: { title: 'The worst requests that are accepted', run: hostile },
  starvation: { title: 'Beside clients that ask for more than their share', run: starvation },
  limits: { title: 'Any tile of any layer', run: limits },
  scale: { title: 'Ten times the parcels', run: scale },
  lookups: { title: 'Lookups', run: lookups },
  imports: { title: 'Files become tables', run: imports },
  analyses: { title: 'Analyses of a planner', run: analyses },
  bytes: { title: 'Bytes of tiles in MLT', run: bytes },
  memory: { title: 'Memory', run: memory },
  freshness: { title: 'Edit to fresh tile', run: freshness },
  viewer: { title: 'First load of the map', run: viewer },
};

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env);
  const processes = new Processes();
  process.once('exit', () => processes.killAll());
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void processes.stopAll().finally(() => process.exit(130)));
  try {
    await runSections({ settings, processes, database: databases(settings, processes) });
  } finally {
    await processes.stopAll();
  }
}

/** A section that fails is told as such and ends the bench with 1; the others are run. */
async function runSections(bench: Bench): Promise<void> {
  const { settings } = bench;
  say(`# Bench\n\n${await describeMachine(settings)}`);
  const verdicts: Verdict[] = [];
  for (const name of settings.sections) {
    const { title, run } = SECTIONS[name];
    progress(`${name} …`);
    say(`## ${title}`);
    try {
      const found = await run(bench);
      for (const piece of found.markdown) say(piece);
      verdicts.push(...found.verdicts);
    } catch (error) {
      process.exitCode = 1;
      say(`**failed**: ${(error as Error).message}`);
      progress((error as Error).stack ?? String(error));
      verdicts.push({ what: title, measured: 'failed', goal: '', met: undefined });
    }
  }
  say(`## Goals\n\n${verdictTable(verdicts)}`);
}

function databases(settings: Settings, processes: Processes): Bench['database'] {
  const prepared = new Map<number, Promise<BenchDatabase>>();
  const prepare = async (parcels: number) => {
    const database = await prepareDatabase(settings, parcels);
    await preparePeerTables(database);
    progress('waiting until the server has made what it makes at its start');
    const program = await startProgram({ settings, processes }, database.url);
    await untilAtRest(database.url);
    await program.stop();
    await withClient(database.url, (client) => client.query('VACUUM ANALYZE'));
    return database;
  };
  return (parcels) => {
    const known = prepared.get(parcels) ?? prepare(parcels);
    prepared.set(parcels, known);
    return known;
  };
}

async function describeMachine({ databaseUrl, runs, share }: Settings): Promise<string> {
  const versions = await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query(`SELECT current_setting('server_version') AS postgres,
      (SELECT default_version FROM pg_available_extensions WHERE name = 'postgis') AS postgis`);
    return `PostgreSQL ${rows[0].postgres}, PostGIS ${rows[0].postgis}`;
  });
  const shared = share < 1 ? ` **A trial with a share of ${share} of the tiles and edits, not a measurement.**` : '';
  return `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB; ${versions}; Node.js ${process.versions.node}. Medians of ${runs}.${shared}`;
}

main().catch((error: Error) => {
  process.stderr.write(`bench: ${error.message}\n${USAGE}\n`);
  process.exitCode = 1;
});
