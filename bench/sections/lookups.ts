import { BareSql, recordStatements } from '../bare-sql.ts';
import { type Bench, shareOf } from '../bench.ts';
import { PROVINCE } from '../databases.ts';
import { HttpClient } from '../http-client.ts';
import { alternate, inFlight } from '../load.ts';
import { type KnownParcel, pickParcels } from '../parcels.ts';
import { startProgram } from '../program.ts';
import { BUFFER, BY_NUMBER, BY_POINT, type Question, requireAnswer } from '../questions.ts';
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

interface Result {
  readonly name: string;
  readonly mode: string;
  readonly oursMs: number;
  readonly bareMs: number;
  readonly load: readonly number[];
  readonly bareLoad: readonly number[];
  readonly refused: number;
}

export async function lookups(bench: Bench): Promise<Findings> {
  const { url } = await bench.database(PROVINCE);
  const program = await startProgram(bench, url);
  const client = new HttpClient();
  const results: Result[] = [];
  try {
    for (const { question, places, underLoad } of QUESTIONS) {
      const parcels = await pickParcels(url, shareOf(bench, places));
      progress(`${question.name}: ${parcels.length} places`);
      const ours = askServer(client, program.url, { question, parcels });
      const sql = await openBare(url, question, parcels);
      const bare: Ask = (index) => sql.replay(index % parcels.length);
      const [oursMs = Number.NaN, bareMs = Number.NaN] = await compare(bench, [ours, bare], parcels.length);
      const loaded = await load(ours, bare, shareOf(bench, underLoad));
      await sql.close();
      results.push({ name: question.name, mode: sql.mode, oursMs, bareMs, ...loaded });
    }
  } finally {
    client.close();
  }
  return { markdown: [ratioTable(results), loadTable(results)], verdicts: results.flatMap(judgeResult) };
}

async function openBare(url: string, question: Question, parcels: readonly KnownParcel[]): Promise<BareSql> {
  const client = new HttpClient();
  const statements = await recordStatements(url, parcels.length, (server, index) =>
    question.ask(client, server, parcels[index] as KnownParcel),
  ).finally(() => client.close());
  return BareSql.open({ databaseUrl: url, statements, binary: false });
}

function askServer(
  client: HttpClient,
  url: string,
  { question, parcels }: { question: Question; parcels: readonly KnownParcel[] },
): Ask {
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

async function load(ours: Ask, bare: Ask, count: number): Promise<Pick<Result, 'load' | 'bareLoad' | 'refused'>> {
  const indexes = Array.from({ length: count }, (_, index) => index);
  // More clients than jobs that may wait: those that are refused are counted, not timed.
  const answered = await inFlight(indexes, CLIENTS, (index) => ours(index).catch(() => Number.NaN));
  const times = answered.filter((ms) => !Number.isNaN(ms));
  return { load: times, refused: count - times.length, bareLoad: await inFlight(indexes, CLIENTS, bare) };
}

function ratioTable(results: readonly Result[]): string {
  const rows = results.map(({ name, mode, oursMs, bareMs }) => [
    name,
    round(oursMs),
    round(bareMs),
    times(oursMs / bareMs),
    `\`${mode}\``,
  ]);
  return table(['one at a time, median ms', 'this server', 'bare SQL', 'ratio', 'bare SQL with'], rows);
}

function loadTable(results: readonly Result[]): string {
  const rows = results.map(({ name, load: ours, bareLoad, refused }) => [
    name,
    round(median(ours)),
    round(quantile(ours, 0.99)),
    times(quantile(ours, 0.99) / median(ours)),
    String(refused),
    round(median(bareLoad)),
    round(quantile(bareLoad, 0.99)),
  ]);
  const head = ['p50 ms', 'p99 ms', 'p99 / p50', 'refused', 'bare p50', 'bare p99'];
  return table([`${CLIENTS} clients`, ...head], rows);
}

function judgeResult({ name, oursMs, bareMs, load: ours }: Result): Verdict[] {
  return [
    judge(`${name}, time to that of the bare SQL`, oursMs / bareMs, GOALS.toBare),
    judge(`${name}, p99 to p50 under ${CLIENTS} clients`, quantile(ours, 0.99) / median(ours), GOALS.spread),
  ];
}
