import { availableParallelism } from 'node:os';
import type { Bench } from '../bench.ts';
import { readComposites, tilePath } from '../composites.ts';
import { endedSeconds, findPostmaster, treeSeconds } from '../cpu-time.ts';
import { TENTH, untilAtRest } from '../databases.ts';
import { alternate } from '../load.ts';
import { type ProgramServer, startProgram, tileCache } from '../program.ts';
import { type Findings, judge, progress, round, table, times } from '../report.ts';
import { medians, sum } from '../statistics.ts';
import { panAndZoom } from '../trace.ts';
import { runWrk } from '../wrk.ts';

const WORKERS = [1, 2];
const SECONDS = 5;
const WARM_TILES = 40;
const PAPER_CORES = [2, 4, 8, 16];
const GOALS = { cold: 1.7, warm: 1.8 };

interface Server extends ProgramServer {
  readonly workers: number;
}

interface Load {
  readonly servers: readonly Server[];
  readonly paths: readonly string[];
  readonly postmaster: number;
}

/**
 * Two workers against one, with PostgreSQL and this client on the same machine. The CPU of each tells how much of the
 * ratio the machine has left for them.
 */
export async function workers(bench: Bench): Promise<Findings> {
  const database = await bench.database(TENTH);
  const postmaster = await findPostmaster(database.url);
  const composites = readComposites(database.layers);
  const paths = panAndZoom(bench.settings.share).flatMap((tile) =>
    composites.map(({ layers }) => tilePath(layers, tile)),
  );
  const found: Findings[] = [];
  for (const [kind, load, cache] of [
    ['cold', paths, 0],
    ['warm', paths.slice(0, WARM_TILES), 256],
  ] as const) {
    const servers: Server[] = [];
    for (const count of WORKERS) {
      const env = { ...tileCache(cache), DIABA_WORKERS: String(count), DIABA_QUALITY_CHECKS: 'off' };
      servers.push({ ...(await startProgram(bench, database.url, env)), workers: count });
    }
    // The second worker listens after the first.
    await untilAtRest(database.url);
    found.push(await compare(bench, kind, { servers, paths: load, postmaster }));
    for (const server of servers) await server.stop();
  }
  return { markdown: found.flatMap((each) => each.markdown), verdicts: found.flatMap((each) => each.verdicts) };
}

async function compare(bench: Bench, kind: keyof typeof GOALS, load: Load): Promise<Findings> {
  const { servers } = load;
  // Both plan their statements, and fill their caches.
  for (const server of servers) for (let round = 0; round < 2; round++) await run(bench, server, load);
  const measured = await alternate({
    contenders: servers,
    runs: bench.settings.runs,
    measure: async (server, index) => {
      const figures = await run(bench, server, load);
      progress(`${kind}, run ${index + 1}: ${server.workers} workers ${round(figures[0] as number)} tiles/s`);
      return figures;
    },
  });
  const rows = [...measured].map(([{ workers: count }, figures]) => ({ count, figures: medians(figures) }));
  const [one, two] = rows.map(({ figures }) => figures[0] as number);
  const ratio = (two ?? Number.NaN) / (one ?? Number.NaN);
  const head = [`${kind}: workers`, 'tiles/s', 'to one', 'server ms', 'PostgreSQL ms', 'client ms', 'cores in use'];
  const lines = rows.map(({ count, figures: [rate = Number.NaN, ...cpu] }) => [
    String(count),
    round(rate),
    times(rate / (one ?? Number.NaN)),
    ...cpu.map((ms) => ms.toFixed(2)),
    ((rate * sum(cpu)) / 1000).toFixed(2),
  ]);
  const [rate = Number.NaN, ...cpu] = rows[0]?.figures ?? [];
  const allowed = availableParallelism() / ((rate * sum(cpu)) / 1000);
  const note = `CPU in milliseconds a tile; wrk, ${SECONDS} s a run. One worker and its neighbours leave room for ${times(allowed)} on these cores.`;
  return {
    markdown: [table(head, lines), note, onPaper(rows[0]?.figures ?? [], rows[1]?.figures ?? [])],
    verdicts: [judge(`${kind} tiles, two workers to one`, ratio, { atLeast: GOALS[kind] })],
  };
}

/** @returns tiles a second; then the CPU of server, PostgreSQL and client, in milliseconds a tile */
async function run(bench: Bench, { url, pid }: Server, { paths, postmaster }: Load): Promise<number[]> {
  // wrk is the one child that ends meanwhile.
  const cpu = () => [treeSeconds(pid), treeSeconds(postmaster), endedSeconds(process.pid)];
  const before = cpu();
  const rate = await runWrk(bench, { url, paths, seconds: SECONDS, encoding: 'gzip', threads: 1 });
  const after = cpu();
  return [rate, ...after.map((end, part) => ((end - (before[part] ?? 0)) * 1000) / (rate * SECONDS))];
}

/**
 * Tiles a second on more cores, from CPU alone: one worker is as fast as its one thread, or as all cores together.
 * Locks, memory and the network are left out, so that these are upper bounds.
 */
function onPaper(one: readonly number[], two: readonly number[]): string {
  const cost = ([, server = Number.NaN, postgres = Number.NaN]: readonly number[]) => ({
    server,
    both: server + postgres,
  });
  const head = ['on paper: cores', 'one worker, tiles/s', 'a worker for each core, tiles/s', 'to one'];
  const lines = PAPER_CORES.map((cores) => {
    const single = Math.min((cores * 1000) / cost(one).both, 1000 / cost(one).server);
    const all = (cores * 1000) / cost(two).both;
    return [String(cores), round(single), round(all), times(all / single)];
  });
  return table(head, lines);
}
