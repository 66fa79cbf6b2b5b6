import { execFileSync } from 'node:child_process';
import { type Bench, shareOf } from '../bench.ts';
import { requireLayer, tilePath } from '../composites.ts';
import { type BenchDatabase, PROVINCE } from '../databases.ts';
import { densestTiles } from '../densest.ts';
import { HttpClient } from '../http-client.ts';
import { inFlight } from '../load.ts';
import { hasTileCache, startProgram, tileCache } from '../program.ts';
import { type Findings, progress, round, table } from '../report.ts';

const CACHE_MEGABYTES = 32;
/** As many times what the cache may hold is sent. */
const OVERFILL = 3;
const SPARE_MEGABYTES = 200;
const LAYERS = ['land.parcel', 'base.building'];
const ZOOMS = [15, 16, 17];
const AT_ONCE = 8;
const WHAT = 'memory, cache full, beyond what it was told';

/** The server's resident memory once its cache has been filled beyond its limit. */
export async function memory(bench: Bench): Promise<Findings> {
  const goal = `<= ${SPARE_MEGABYTES} MB`;
  if (!hasTileCache())
    return {
      markdown: ['This server has no cache yet.'],
      verdicts: [{ what: WHAT, measured: '–', goal, met: undefined }],
    };
  const database = await bench.database(PROVINCE);
  const program = await startProgram(bench, database.url, {
    ...tileCache(CACHE_MEGABYTES),
    DIABA_WORKERS: '1',
  });
  const atStart = residentMegabytes(program.pid);
  const { sent, peak } = await fill(bench, database, program);
  const after = residentMegabytes(program.pid);
  const beyond = Math.max(after, peak) - atStart - CACHE_MEGABYTES;
  const row = ['this server', ...[CACHE_MEGABYTES, sent / 1e6, atStart, peak, after, beyond].map(round)];
  return {
    markdown: [table(['MB', 'told', 'sent', 'at start', 'peak', 'after', 'peak beyond start and told'], [row])],
    verdicts: [{ what: WHAT, measured: `${round(beyond)} MB`, goal, met: beyond <= SPARE_MEGABYTES }],
  };
}

async function fill(
  bench: Bench,
  database: BenchDatabase,
  { url, pid }: { url: string; pid: number },
): Promise<{ sent: number; peak: number }> {
  const wanted = shareOf(bench, OVERFILL * CACHE_MEGABYTES * 1e6);
  const paths = await pathsOf(database);
  const client = new HttpClient();
  let [sent, peak] = [0, 0];
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMegabytes(pid));
  }, 250);
  await inFlight(paths, AT_ONCE, async (path) => {
    if (sent < wanted) sent += (await client.get(url + path)).body.length;
  });
  clearInterval(watch);
  client.close();
  progress(`${round(sent / 1e6)} MB of tiles sent`);
  return { sent, peak };
}

async function pathsOf({ url, layers }: BenchDatabase): Promise<string[]> {
  const paths: string[] = [];
  for (const z of ZOOMS) {
    for (const id of LAYERS) {
      const layer = requireLayer(layers, id);
      for (const { tile } of await densestTiles(url, layer, z)) paths.push(tilePath([layer], tile));
    }
  }
  return paths;
}

function residentMegabytes(pid: number): number {
  return (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024) / 1e6;
}
