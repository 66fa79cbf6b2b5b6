import pg from 'pg';
import type { Layer } from '../../src/catalog/layer.ts';
import { type Bench, shareOf } from '../bench.ts';
import { requireLayer } from '../composites.ts';
import { type BenchDatabase, PROVINCE, withClient } from '../databases.ts';
import { addParcels, type EditedParcel, removeParcels } from '../edits.ts';
import { HttpClient } from '../http-client.ts';
import { PARCEL_LAYER } from '../parcel-tile.ts';
import { hasTileCache, startProgram, tileCache } from '../program.ts';
import { type Findings, progress, round, table, type Verdict } from '../report.ts';
import { editOneByOne, type Shown } from '../single-edits.ts';
import { quantile } from '../statistics.ts';
import { runStorm, type StormResult } from '../storm.ts';

const CACHE_MEGABYTES = 256;
const SINGLE_EDITS = 400;
/** m²: large enough to be seen from afar. */
const LARGE = 5000;
const STORM = { edits: 10_000, parcels: 400, writers: 4, longestMs: 600_000 };
const GOAL_MS = 100;

/** Somebody edits through plain SQL; the tile of a server that keeps tiles must follow. */
export async function freshness(bench: Bench): Promise<Findings> {
  const database = await bench.database(PROVINCE);
  const layer = requireLayer(database.layers, PARCEL_LAYER);
  return withClient(database.url, async (writer) => {
    await removeParcels(writer);
    const client = new HttpClient();
    try {
      const server = await startProgram(bench, database.url, tileCache(CACHE_MEGABYTES));
      const fresh = await startProgram(bench, database.url, tileCache(0));
      const parcels = await addSingles(writer, shareOf(bench, SINGLE_EDITS));
      progress(`${parcels.length} edits one by one`);
      const shown = await editOneByOne({ writer, client, layer, url: server.url, freshUrl: fresh.url }, parcels);
      progress(`${shareOf(bench, STORM.edits)} edits with readers`);
      const storm = await storming(bench, { database, layer, writer, client, url: server.url });
      return report(shown, storm);
    } finally {
      client.close();
      await removeParcels(writer);
    }
  });
}

/** Half of them any parcels, half of them large ones. */
async function addSingles(writer: pg.Client, count: number): Promise<EditedParcel[]> {
  const half = Math.ceil(count / 2);
  const small = await addParcels(writer, { count: half, seed: 0.2, minimumArea: 0 });
  const large = await addParcels(writer, { count: half, seed: 0.4, minimumArea: LARGE });
  return small.flatMap((parcel, index) => [parcel, ...large.slice(index, index + 1)]);
}

interface StormSetting {
  readonly database: BenchDatabase;
  readonly layer: Layer;
  readonly writer: pg.Client;
  readonly client: HttpClient;
  readonly url: string;
}

async function storming(bench: Bench, { database, layer, writer, client, url }: StormSetting): Promise<StormResult> {
  const parcels = await addParcels(writer, { count: STORM.parcels, seed: 0.6, minimumArea: 0 });
  const writers = Array.from({ length: STORM.writers }, () => new pg.Client({ connectionString: database.url }));
  try {
    await Promise.all(writers.map((each) => each.connect()));
    return await runStorm({
      writers,
      client,
      layer,
      url,
      parcels,
      edits: shareOf(bench, STORM.edits),
      longestMs: STORM.longestMs,
      graceMs: GOAL_MS,
    });
  } finally {
    await Promise.all(writers.map((each) => each.end()));
  }
}

function report(shown: readonly Shown[], storm: StormResult): Findings {
  const near = shown.map(({ nearMs }) => nearMs);
  const far = shown.flatMap(({ farMs }) => (farMs === undefined ? [] : [farMs]));
  const kinds = [...new Set(shown.map(({ kind }) => kind))];
  const rows = [
    ...kinds.map((kind) =>
      delays(
        `${kind}, z16-z17`,
        shown.filter((each) => each.kind === kind).map(({ nearMs }) => nearMs),
      ),
    ),
    delays('all, z16-z17', near),
    delays('all, z10-z15, where it can be seen', far),
  ];
  const stormRow = [storm.edits, storm.reads, storm.compared, storm.behind, storm.stale].map(String);
  const { worstMs, readMs, commitMs } = storm;
  const times = [worstMs, ...[readMs, commitMs].flatMap((ms) => [quantile(ms, 0.5), quantile(ms, 0.99)])].map(round);
  const head = [
    'edits',
    'reads',
    'parcels compared',
    'reads behind',
    `more than ${GOAL_MS} ms`,
    'worst ms',
    'read p50 ms',
    'read p99 ms',
    'commit p50 ms',
    'commit p99 ms',
  ];
  return {
    markdown: [
      ...(hasTileCache() ? [] : ['This server keeps no tiles yet: what follows is the time of rendering.']),
      table(['from commit to tile', 'edits', 'p50 ms', 'p99 ms', 'max ms', 'never'], rows),
      table(['with readers', ...head], [['this server', ...stormRow, ...times]]),
    ],
    verdicts: judge([...near, ...far], storm),
  };
}

function delays(name: string, ms: readonly number[]): string[] {
  const seen = ms.filter(Number.isFinite);
  const [half, most, all] = [quantile(ms, 0.5), quantile(ms, 0.99), quantile(seen, 1)];
  return [name, String(ms.length), round(half), round(most), round(all), String(ms.length - seen.length)];
}

function judge(delaysMs: readonly number[], storm: StormResult): Verdict[] {
  const p99 = quantile(delaysMs, 0.99);
  return [
    { what: 'edit to fresh tile, p99', measured: `${round(p99)} ms`, goal: `<= ${GOAL_MS} ms`, met: p99 <= GOAL_MS },
    {
      what: `stale tiles in ${storm.edits} edits with readers`,
      measured: `${storm.stale} of ${storm.reads} reads`,
      goal: '0',
      met: storm.stale === 0 && storm.edits > 0,
    },
  ];
}
