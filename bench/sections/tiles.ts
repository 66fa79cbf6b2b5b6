import { BareSql, recordStatements } from '../bare-sql.ts';
import type { Bench } from '../bench.ts';
import { readComposites, type TileRequest, tilePath } from '../composites.ts';
import { type Contender, httpContender } from '../contender.ts';
import { type BenchDatabase, PROVINCE } from '../databases.ts';
import { HttpClient } from '../http-client.ts';
import { alternate, inFlight } from '../load.ts';
import { startMartin, startPgTileserv } from '../peers.ts';
import { startProgram, tileCache } from '../program.ts';
import { type Findings, judge, kilobytes, progress, round, table, times, type Verdict } from '../report.ts';
import { median, medians, sum } from '../statistics.ts';
import { panAndZoom } from '../trace.ts';

const OURS = 'this server';
const BARE = 'bare SQL';
/** How many requests are under way: one client that waits, and a map that does not. */
const AT_ONCE = [1, 8];
/** How much faster than each peer it should be, and how near to the bare SQL. */
const GOALS = { Martin: { atLeast: 5 }, pg_tileserv: { atLeast: 10 }, [BARE]: { atMost: 1.15 } };

/** Every tile rendered anew: caches are off, the database's own memory is warm. */
export async function tiles(bench: Bench): Promise<Findings> {
  const database = await bench.database(PROVINCE);
  const requests = requestsOf(bench, database);
  const client = new HttpClient();
  const bare = await openBare(database, requests);
  try {
    const { contenders, absent } = await startContenders(bench, { database, requests, client });
    contenders.push(bare.contender);
    const looks = [];
    for (const contender of contenders) looks.push(await firstLook(contender, requests));
    const sections = [sizeTable(looks), ...absent.map(({ name, absent: why }) => `${name}: ${why}`)];
    const verdicts: Verdict[] = [];
    for (const atOnce of AT_ONCE) {
      const race = await runRace(bench, { contenders, requests, atOnce });
      sections.push(totalTable(race), sameTable(race), zoomTable(race));
      verdicts.push(...judgeRace(race));
    }
    return { markdown: [`${describe(requests)} Bare SQL: \`${bare.mode}\`.`, ...sections], verdicts };
  } finally {
    client.close();
    await bare.close();
  }
}

/** The three composites that a map of style `all` asks for, one after the other at every tile of the trace. */
function requestsOf({ settings }: Bench, { layers }: BenchDatabase): TileRequest[] {
  const composites = readComposites(layers);
  return panAndZoom(settings.share).flatMap((tile) => composites.map(({ layers: shown }) => ({ layers: shown, tile })));
}

async function openBare({ url }: BenchDatabase, requests: readonly TileRequest[]) {
  progress('writing down what the server asks of the database');
  const client = new HttpClient();
  const statements = await recordStatements(url, requests.length, (server, index) => {
    const { layers, tile } = requests[index] as TileRequest;
    return client.get(`${server}${tilePath(layers, tile)}`);
  }).finally(() => client.close());
  const sql = await BareSql.open({ databaseUrl: url, statements, binary: true });
  const contender: Contender = {
    name: BARE,
    ask: async (index) => ({
      ms: await sql.replay(index),
      failure: undefined,
      bytesSent: Number.NaN,
      plainBytes: () => Number.NaN,
    }),
  };
  return { contender, mode: sql.mode, close: () => sql.close() };
}

async function startContenders(
  bench: Bench,
  { database, requests, client }: { database: BenchDatabase; requests: readonly TileRequest[]; client: HttpClient },
) {
  const program = await startProgram(bench, database.url, tileCache(0));
  const started = [await startMartin(bench, database, 0), await startPgTileserv(bench, database)];
  const peers = started.filter((peer) => 'tileUrl' in peer);
  const absent = started.filter((peer) => 'absent' in peer);
  const contenders = [
    httpContender(OURS, client, { requests, urlOf: ({ layers, tile }) => program.url + tilePath(layers, tile) }),
    ...peers.map((peer) =>
      httpContender(peer.name, client, { requests, urlOf: ({ layers, tile }) => peer.tileUrl(layers, tile) }),
    ),
  ];
  return { contenders, absent };
}

interface Look {
  readonly name: string;
  readonly sent: number;
  readonly plain: number;
  readonly failures: readonly string[];
}

/** Every tile once without a watch: the database's memory is filled, sizes and failures are noted. */
async function firstLook({ name, ask }: Contender, requests: readonly TileRequest[]): Promise<Look> {
  progress(`${name}: a first look at ${requests.length} tiles`);
  const answers = await inFlight(requests, 4, async (_, index) => {
    const { bytesSent, failure, plainBytes } = await ask(index);
    return { bytesSent, failure, plain: failure ? 0 : plainBytes() };
  });
  return {
    name,
    sent: sum(answers.map(({ bytesSent }) => bytesSent)),
    plain: sum(answers.map(({ plain }) => plain)),
    failures: answers.flatMap(({ failure }) => (failure === undefined ? [] : [failure])),
  };
}

interface Race {
  readonly atOnce: number;
  readonly requests: readonly TileRequest[];
  readonly results: readonly RaceResult[];
}

interface RaceResult {
  readonly name: string;
  /** NaN where a tile failed: who gives up early must not win. */
  readonly totalMs: number;
  readonly tileMs: readonly number[];
  readonly failed: number;
}

async function runRace(
  { settings: { runs } }: Bench,
  { contenders, requests, atOnce }: { contenders: Contender[]; requests: readonly TileRequest[]; atOnce: number },
): Promise<Race> {
  const totals = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
  const failed = new Map<Contender, number>();
  const tileMs = await alternate({
    contenders,
    runs,
    measure: async (contender, run) => {
      const began = performance.now();
      const answers = await inFlight(requests, atOnce, (_, index) => contender.ask(index));
      const total = performance.now() - began;
      totals.get(contender)?.push(total);
      progress(`${atOnce} at once, run ${run + 1}: ${contender.name} ${round(total / 1000)} s`);
      const failures = answers.filter(({ failure }) => failure !== undefined).length;
      failed.set(contender, (failed.get(contender) ?? 0) + failures);
      return answers.map(({ ms, failure }) => (failure === undefined ? ms : Number.NaN));
    },
  });
  const results = contenders.map((contender) => ({
    name: contender.name,
    totalMs: failed.get(contender) ? Number.NaN : median(totals.get(contender) ?? []),
    tileMs: medians(tileMs.get(contender) ?? []),
    failed: failed.get(contender) ?? 0,
  }));
  return { atOnce, requests, results };
}

function describe(requests: readonly TileRequest[]): string {
  const zooms = requests.map(({ tile }) => tile.z);
  const counts = [...new Set(zooms)].sort().map((zoom) => `z${zoom} ${zooms.filter((each) => each === zoom).length}`);
  return `${requests.length} requests: ${counts.join(', ')}.`;
}

function sizeTable(looks: readonly Look[]): string {
  const failed = looks.flatMap(({ name, failures }) =>
    failures.length ? [`${name}, the first failure: ${failures[0]}`] : [],
  );
  const rows = looks.map(({ name, sent, plain, failures }) => [
    name,
    kilobytes(sent),
    kilobytes(plain),
    String(failures.length),
  ]);
  return [table(['all tiles', 'KB sent', 'KB before compression', 'failed'], rows), ...failed].join('\n\n');
}

function totalTable({ atOnce, results }: Race): string {
  const ours = results[0];
  const rows = results.map(({ name, totalMs, tileMs, failed }) => [
    name,
    round(totalMs / 1000),
    times(totalMs / (ours?.totalMs ?? Number.NaN)),
    round(median(tileMs)),
    times(median(tileMs) / median(ours?.tileMs ?? [])),
    String(failed),
  ]);
  return table([`${atOnce} at once`, 'total s', 'to ours', 'median tile ms', 'to ours', 'failed'], rows);
}

/** From here on a tile shows the same to all: below it this server draws from afar what the peers send whole. */
const SAME_FROM = 14;

function sameTable({ atOnce, requests, results }: Race): string {
  const sums = results.map(({ tileMs }) =>
    sum(tileMs.filter((_, index) => (requests[index]?.tile.z ?? 0) >= SAME_FROM)),
  );
  const rows = results.map(({ name }, index) => {
    const ms = sums[index] ?? Number.NaN;
    return [name, round(ms / 1000), times(ms / (sums[0] ?? Number.NaN))];
  });
  return table([`z${SAME_FROM} and beyond, ${atOnce} at once`, 'sum of medians s', 'to ours'], rows);
}

function zoomTable({ atOnce, requests, results }: Race): string {
  const zooms = [...new Set(requests.map(({ tile }) => tile.z))].sort((a, b) => a - b);
  const rows = zooms.map((zoom) => [
    `z${zoom}`,
    ...results.map(({ tileMs }) => round(median(tileMs.filter((_, index) => requests[index]?.tile.z === zoom)))),
  ]);
  return table([`median ms, ${atOnce} at once`, ...results.map(({ name }) => name)], rows);
}

function judgeRace({ atOnce, results }: Race): Verdict[] {
  const ours = results[0]?.totalMs ?? Number.NaN;
  return Object.entries(GOALS).map(([name, goal]) => {
    const theirs = results.find((result) => result.name === name)?.totalMs ?? Number.NaN;
    return name === BARE
      ? judge(`cold tiles, time to that of the bare SQL, ${atOnce} at once`, ours / theirs, goal)
      : judge(`cold tiles, faster than ${name}, ${atOnce} at once`, theirs / ours, goal);
  });
}
