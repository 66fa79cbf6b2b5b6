import { gzipSync } from 'node:zlib';
import type { Bench } from '../bench.ts';
import { requireLayer, tilePath } from '../composites.ts';
import { type BenchDatabase, PROVINCE } from '../databases.ts';
import { densestTiles, spread } from '../densest.ts';
import { type Answer, HttpClient, plainBody } from '../http-client.ts';
import { alternate } from '../load.ts';
import { startMartin, startNginx, tellAbsent } from '../peers.ts';
import { hasTileCache, type ProgramServer, startProgram, tileCache } from '../program.ts';
import { type Findings, judge, kilobytes, progress, round, table, times, type Verdict } from '../report.ts';
import { median, sum } from '../statistics.ts';
import { runWrk } from '../wrk.ts';

/** One layer: Martin keeps each by itself and would have to put a composite together. */
const LAYER = 'land.parcel';
const ZOOMS = [14, 15, 16];
/** Of each zoom at most, and how many of the densest are tried. */
const CHOSEN = 14;
const TRIED = { of: 600, asked: 80 };
/** Bytes as sent. */
const SIZE = { min: 20_000, max: 100_000 };
const SECONDS = 5;
const CACHE_MEGABYTES = 256;

/** What can be asked for: as every browser asks, and without compression, which Martin does anew for every answer. */
const ENCODINGS = ['gzip', 'identity'] as const;

interface Contender {
  readonly name: string;
  readonly url: string;
  readonly paths: readonly string[];
}

interface CachedTile {
  readonly path: string;
  readonly address: { readonly z: number; readonly x: number; readonly y: number };
  readonly answer: Answer;
}

export async function warm(bench: Bench): Promise<Findings> {
  const database = await bench.database(PROVINCE);
  const program = await startProgram(bench, database.url, tileCache(CACHE_MEGABYTES));
  const tiles = await chooseTiles(database, program);
  const { contenders, absent } = await startContenders(bench, { database, program, tiles });
  const sizes = tiles.map(({ answer }) => answer.body.length);
  const markdown = [
    `${tiles.length} tiles of ${LAYER}, ${kilobytes(Math.min(...sizes))} to ${kilobytes(Math.max(...sizes))} KB as sent with gzip, ${kilobytes(sum(sizes) / sizes.length)} on average; wrk, ${SECONDS} s a run. nginx: one process, the same bytes as files, gzipped beforehand.${hasTileCache() ? '' : ' **This server has no cache yet.**'}`,
    ...absent,
  ];
  const verdicts: Verdict[] = [];
  for (const encoding of ENCODINGS) {
    const rates = await measure(bench, contenders, encoding);
    markdown.push(rateTable(encoding, contenders, rates));
    verdicts.push(...judgeRates(encoding, rates));
  }
  return { markdown, verdicts };
}

/** Tiles of several zooms whose size is right. Asking for them puts them into this server's cache. */
async function chooseTiles({ url, layers }: BenchDatabase, program: ProgramServer): Promise<CachedTile[]> {
  const layer = requireLayer(layers, LAYER);
  const client = new HttpClient();
  const chosen: CachedTile[] = [];
  for (const z of ZOOMS) {
    const fitting: CachedTile[] = [];
    for (const { tile } of spread((await densestTiles(url, layer, z)).slice(0, TRIED.of), TRIED.asked)) {
      const path = tilePath([layer], tile);
      const answer = await client.get(program.url + path);
      const fits = answer.body.length >= SIZE.min && answer.body.length <= SIZE.max;
      if (fits) fitting.push({ path, address: tile, answer });
    }
    chosen.push(...spread(fitting, CHOSEN));
  }
  client.close();
  if (chosen.length === 0) throw new Error(`no tile of ${LAYER} has the right size`);
  progress(`${chosen.length} tiles chosen`);
  return chosen;
}

async function startContenders(
  bench: Bench,
  { database, program, tiles }: { database: BenchDatabase; program: ProgramServer; tiles: readonly CachedTile[] },
): Promise<{ contenders: Contender[]; absent: string[] }> {
  const layer = requireLayer(database.layers, LAYER);
  const paths = tiles.map(({ path }) => path);
  const martin = await startMartin(bench, database, CACHE_MEGABYTES);
  const nginx = await startNginx(
    bench,
    tiles.map(({ path, answer }) => {
      const plain = plainBody(answer);
      return { path, plain, gzipped: answer.isGzipped ? answer.body : gzipSync(plain) };
    }),
  );
  const contenders: Contender[] = [{ name: 'this server', url: program.url, paths }];
  if ('tileUrl' in martin) {
    const urls = tiles.map(({ address }) => new URL(martin.tileUrl([layer], address)));
    contenders.push({ name: 'Martin', url: urls[0]?.origin ?? '', paths: urls.map(({ pathname }) => pathname) });
  }
  if ('url' in nginx) contenders.push({ name: 'nginx', url: nginx.url, paths });
  return { contenders, absent: tellAbsent([martin, nginx]) };
}

type Rates = ReadonlyMap<string, number>;

async function measure(bench: Bench, contenders: readonly Contender[], encoding: string): Promise<Rates> {
  await fillCaches(contenders, encoding);
  const rates = await alternate({
    contenders,
    runs: bench.settings.runs,
    measure: async (contender, run) => {
      const rate = await runWrk(bench, { ...contender, seconds: SECONDS, encoding });
      progress(`${encoding}, run ${run + 1}: ${contender.name} ${round(rate)} requests/s`);
      return [rate];
    },
  });
  return new Map([...rates].map(([{ name }, measured]) => [name, median(measured.flat())]));
}

/** Whoever answers for the first time does not do so in a run. */
async function fillCaches(contenders: readonly Contender[], encoding: string): Promise<void> {
  const client = new HttpClient();
  for (const { url, paths } of contenders)
    for (const path of paths) await client.get(url + path, { headers: { 'accept-encoding': encoding } });
  client.close();
}

function rateTable(encoding: string, contenders: readonly Contender[], rates: Rates): string {
  const ours = rates.get('this server') ?? Number.NaN;
  const rows = contenders.map(({ name }) => {
    const rate = rates.get(name) ?? Number.NaN;
    return [name, round(rate), times(ours / rate)];
  });
  return table([`accept-encoding: ${encoding}`, 'requests/s', 'ours to it'], rows);
}

function judgeRates(encoding: string, rates: Rates): Verdict[] {
  const ours = rates.get('this server') ?? Number.NaN;
  return [
    judge(`warm tiles (${encoding}), requests/s to Martin's`, ours / (rates.get('Martin') ?? Number.NaN), {
      atLeast: 1.2,
    }),
    judge(`warm tiles (${encoding}), requests/s to nginx's`, ours / (rates.get('nginx') ?? Number.NaN), {
      atLeast: 0.7,
    }),
  ];
}
