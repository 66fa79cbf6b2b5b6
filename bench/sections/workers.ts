import { type Bench, shareOf } from '../bench.ts';
import { readComposites, tilePath } from '../composites.ts';
import { findPostmaster, treeSeconds } from '../cpu-time.ts';
import { TENTH, untilAtRest } from '../databases.ts';
import { HttpClient } from '../http-client.ts';
import { alternate, inFlight } from '../load.ts';
import { type ProgramServer, startProgram, tileCache } from '../program.ts';
import { type Findings, judge, progress, round, table, times } from '../report.ts';
import { medians, sum } from '../statistics.ts';
import { panAndZoom } from '../trace.ts';

const WORKERS = [1, 2];
/** Each has its own connection, so that both workers have as many. */
const AT_ONCE = 16;
const WARM_TILES = 40;
/** How often each warm tile is asked for in a run. */
const WARM_ROUNDS = 250;
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
  const warmPaths = Array.from({ length: shareOf(bench, WARM_ROUNDS) }, () => paths.slice(0, WARM_TILES)).flat();
  const found: Findings[] = [];
  for (const [kind, load, cache] of [
    ['cold', paths, 0],
    ['warm', warmPaths, 256],
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
  const { servers, paths, postmaster } = load;
  // Both plan their statements, and fill their caches.
  for (const server of servers) for (let round = 0; round < 2; round++) await run(server, paths, postmaster);
  const measured = await alternate({
    contenders: servers,
    runs: bench.settings.runs,
    measure: async (server, index) => {
      const figures = await run(server, paths, postmaster);
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
  return {
    markdown: [table(head, lines), `CPU in milliseconds a tile; ${paths.length} tiles, ${AT_ONCE} connections.`],
    verdicts: [judge(`${kind} tiles, two workers to one`, ratio, { atLeast: GOALS[kind] })],
  };
}

/** @returns tiles a second; then the CPU of server, PostgreSQL and client, in milliseconds a tile */
async function run({ url, pid }: Server, paths: readonly string[], postmaster: number): Promise<number[]> {
  const cpu = () => [treeSeconds(pid), treeSeconds(postmaster), sum(Object.values(process.cpuUsage())) / 1e6];
  const client = new HttpClient();
  const before = cpu();
  const began = performance.now();
  await inFlight(paths, AT_ONCE, async (path) => {
    const { status } = await client.get(url + path);
    if (status >= 300) throw new Error(`${path}: ${status}`);
  });
  const seconds = (performance.now() - began) / 1000;
  const after = cpu();
  client.close();
  return [paths.length / seconds, ...after.map((end, part) => ((end - (before[part] ?? 0)) * 1000) / paths.length)];
}
