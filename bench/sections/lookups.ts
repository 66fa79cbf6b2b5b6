import { BareSql, recordStatements } from '../bare-sql.ts';
import { type Bench, shareOf } from '../bench.ts';
import { PROVINCE } from '../databases.ts';
import { HttpClient } from '../http-client.ts';
import { alternate, inFlight } from '../load.ts';
import { type KnownParcel, pickParcels } from '../parcels.ts';
import { type AbsentPeer, type FeaturePeer, startPgFeatureserv, tellAbsent } from '../peers.ts';
import { type ProgramServer, startProgram } from '../program.ts';
import { BUFFER, BY_NUMBER, BY_POINT, type Question, requireAnswer, requireFound } from '../questions.ts';
import { type Findings, judge, progress, round, table, times, type Verdict } from '../report.ts';
import { median, medians, quantile } from '../statistics.ts';

/** Each with how many places are asked about, and how many questions the clients put together. */
const QUESTIONS = [
  { question: BY_NUMBER, places: 200, underLoad: 3000 },
  { question: BY_POINT, places: 200, underLoad: 3000 },
  { question: BUFFER, places: 20, underLoad: 96 },
];
const CLIENTS = 32;
const GOALS = { toBare: { atMost: 1.2 }, spread: { atMost: 3 } };

/** Asks one of the places. @returns milliseconds */
type Ask = (index: number) => Promise<number>;

interface Timing {
  /** The median place, one question at a time. */
  readonly ms: number;
  /** Under {@link CLIENTS} clients. */
  readonly load: readonly number[];
}

interface Result {
  readonly name: string;
  /** How the bare SQL was run. */
  readonly mode: string;
  readonly ours: Timing;
  readonly bare: Timing;
  /** pg_featureserv, where it is there and can be asked. */
  readonly peer: Timing | undefined;
  /** Of those of ours under load. */
  readonly refused: number;
}

export async function lookups(bench: Bench): Promise<Findings> {
  const database = await bench.database(PROVINCE);
  const servers = { ours: await startProgram(bench, database.url), peer: await startPgFeatureserv(bench, database) };
  const client = new HttpClient();
  const results: Result[] = [];
  try {
    for (const asked of QUESTIONS) results.push(await measure(bench, asked, { url: database.url, client, servers }));
  } finally {
    client.close();
  }
  return {
    markdown: [...tellAbsent([servers.peer]), ratioTable(results), loadTable(results)],
    verdicts: results.flatMap(judgeResult),
  };
}

interface Setting {
  /** Of the database. */
  readonly url: string;
  readonly client: HttpClient;
  readonly servers: { readonly ours: ProgramServer; readonly peer: FeaturePeer | AbsentPeer };
}

async function measure(
  bench: Bench,
  { question, places, underLoad }: (typeof QUESTIONS)[number],
  { url, client, servers }: Setting,
): Promise<Result> {
  const parcels = await pickParcels(url, shareOf(bench, places));
  progress(`${question.name}: ${parcels.length} places`);
  const sql = await openBare(url, question, parcels);
  const ours = askServer(client, servers.ours.url, { question, parcels });
  const bare: Ask = (index) => sql.replay(index % parcels.length);
  const peer = await askPeer(servers.peer, client, { question, parcels });
  const alone = await compare(bench, peer ? [ours, bare, peer] : [ours, bare], parcels.length);
  const [oursMs = Number.NaN, bareMs = Number.NaN, peerMs = Number.NaN] = alone;
  const count = shareOf(bench, underLoad);
  // More clients than jobs that may wait: those that are refused are counted, not timed.
  const answered = await load((index) => ours(index).catch(() => Number.NaN), count);
  const oursLoad = answered.filter((ms) => !Number.isNaN(ms));
  const bareLoad = await load(bare, count);
  const peerLoad = peer && (await load(peer, count));
  await sql.close();
  return {
    name: question.name,
    mode: sql.mode,
    ours: { ms: oursMs, load: oursLoad },
    bare: { ms: bareMs, load: bareLoad },
    peer: peerLoad && { ms: peerMs, load: peerLoad },
    refused: count - oursLoad.length,
  };
}

interface Places {
  readonly question: Question;
  readonly parcels: readonly KnownParcel[];
}

/** undefined where the peer is not there or cannot be asked. @throws Error where it answers with something else */
async function askPeer(
  peer: FeaturePeer | AbsentPeer,
  client: HttpClient,
  { question, parcels }: Places,
): Promise<Ask | undefined> {
  const [first] = parcels;
  if (!('url' in peer) || !question.askPgFeatureserv || !first) return undefined;
  const asked: Question = { name: `${peer.name}, ${question.name}`, ask: question.askPgFeatureserv };
  requireFound(asked, await asked.ask(client, peer.url, first), first);
  return askServer(client, peer.url, { question: asked, parcels });
}

async function openBare(url: string, question: Question, parcels: readonly KnownParcel[]): Promise<BareSql> {
  const client = new HttpClient();
  const statements = await recordStatements(url, parcels.length, (server, index) =>
    question.ask(client, server, parcels[index] as KnownParcel),
  ).finally(() => client.close());
  return BareSql.open({ databaseUrl: url, statements, binary: false });
}

function askServer(client: HttpClient, url: string, { question, parcels }: Places): Ask {
  return async (index) => {
    const answer = await question.ask(client, url, parcels[index % parcels.length] as KnownParcel);
    return requireAnswer(question, answer).ms;
  };
}

/** One after the other. @returns the median of each contender's medians by place */
async function compare({ settings: { runs } }: Bench, contenders: readonly Ask[], places: number): Promise<number[]> {
  const indexes = Array.from({ length: places }, (_, index) => index);
  // The first time, statements are planned and pages are read.
  for (const ask of contenders) await inFlight(indexes, 1, ask);
  const measured = await alternate({ contenders, runs, measure: (ask) => inFlight(indexes, 1, ask) });
  return contenders.map((ask) => median(medians(measured.get(ask) ?? [])));
}

function load(ask: Ask, count: number): Promise<number[]> {
  const indexes = Array.from({ length: count }, (_, index) => index);
  return inFlight(indexes, CLIENTS, ask);
}

function ratioTable(results: readonly Result[]): string {
  const rows = results.map(({ name, mode, ours, bare, peer }) => [
    name,
    round(ours.ms),
    round(bare.ms),
    times(ours.ms / bare.ms),
    round(peer?.ms ?? Number.NaN),
    times((peer?.ms ?? Number.NaN) / ours.ms),
    `\`${mode}\``,
  ]);
  const head = ['this server', 'bare SQL', 'ours to it', 'pg_featureserv', 'to ours', 'bare SQL with'];
  return table(['one at a time, median ms', ...head], rows);
}

function loadTable(results: readonly Result[]): string {
  const rows = results.map(({ name, ours, bare, peer, refused }) => [
    name,
    round(median(ours.load)),
    round(quantile(ours.load, 0.99)),
    times(quantile(ours.load, 0.99) / median(ours.load)),
    String(refused),
    ...[bare, peer].flatMap((other) =>
      other ? [round(median(other.load)), round(quantile(other.load, 0.99))] : ['–', '–'],
    ),
  ]);
  const others = ['bare p50', 'bare p99', 'pg_featureserv p50', 'pg_featureserv p99'];
  return table([`${CLIENTS} clients`, 'p50 ms', 'p99 ms', 'p99 / p50', 'refused', ...others], rows);
}

function judgeResult({ name, ours, bare }: Result): Verdict[] {
  return [
    judge(`${name}, time to that of the bare SQL`, ours.ms / bare.ms, GOALS.toBare),
    judge(`${name}, p99 to p50 under ${CLIENTS} clients`, quantile(ours.load, 0.99) / median(ours.load), GOALS.spread),
  ];
}
