import type { Layer } from '../../src/catalog/layer.ts';
import type { BBox } from '../../src/geo/bbox.ts';
import type { TileAddress } from '../../src/geo/tile.ts';
import { Random } from '../../src/sample/random.ts';
import { type Bench, shareOf } from '../bench.ts';
import { tilePath } from '../composites.ts';
import { type BenchDatabase, PROVINCE } from '../databases.ts';
import { densestTiles } from '../densest.ts';
import { HttpClient, plainBody } from '../http-client.ts';
import { startProgram, tileCache } from '../program.ts';
import { provinceBox, tilesIn } from '../province.ts';
import { type Findings, kilobytes, progress, round, table, type Verdict } from '../report.ts';
import { median, quantile } from '../statistics.ts';

const SEED = 1930;
/** Up to here every tile is asked for, beyond it the densest and some at random. */
const ALL_UP_TO = 13;
const LAST_ZOOM = 17;
const DENSEST = 200;
const RANDOM = 200;

const GOALS = { bytes: 300_000, p99Ms: 250 };

interface Measured {
  readonly layer: string;
  readonly tile: TileAddress;
  readonly ms: number;
  readonly bytes: number;
  readonly failure: string | undefined;
}

/** One after the other, so that each time is a tile's own. */
export async function limits(bench: Bench): Promise<Findings> {
  const database = await bench.database(PROVINCE);
  const box = await provinceBox(database.url);
  const program = await startProgram(bench, database.url, tileCache(0));
  const client = new HttpClient();
  const all: Measured[] = [];
  for (const layer of database.layers.values()) {
    const addresses = await addressesOf(bench, { database, layer, box });
    progress(`${layer.id}: ${addresses.length} tiles`);
    for (const tile of addresses)
      all.push(await measure(client, program.url, { layer, tile, runs: bench.settings.runs }));
  }
  client.close();
  const byLayer = [...database.layers.keys()].map((id) =>
    rowOf(
      id,
      all.filter(({ layer }) => layer === id),
    ),
  );
  const zooms = [...new Set(all.map(({ tile }) => tile.z))].sort((a, b) => a - b);
  const byZoom = zooms.map((z) =>
    rowOf(
      `z${z}`,
      all.filter(({ tile }) => tile.z === z),
    ),
  );
  const head = ['tiles', 'largest KB', 'which', 'p50 ms', 'p99 ms', 'max ms', 'which', 'failed'];
  const total = rowOf('**all**', all);
  return {
    markdown: [table(['layer', ...head], [...byLayer, total]), table(['zoom', ...head], byZoom)],
    verdicts: judge(all, [...database.layers.keys()]),
  };
}

async function addressesOf(
  bench: Bench,
  { database, layer, box }: { database: BenchDatabase; layer: Layer; box: BBox },
): Promise<TileAddress[]> {
  const addresses: TileAddress[] = [];
  for (let z = layer.zooms.min; z <= LAST_ZOOM; z++) {
    const everywhere = tilesIn(box, z);
    if (z <= ALL_UP_TO) addresses.push(...(bench.settings.share < 1 ? sample(bench, everywhere) : everywhere));
    else {
      const dense = (await densestTiles(database.url, layer, z)).slice(0, shareOf(bench, DENSEST));
      addresses.push(...dense.map(({ tile }) => tile), ...sample(bench, everywhere));
    }
  }
  return addresses;
}

/** Some tiles at random, the same for the same seed. */
function sample(bench: Bench, tiles: readonly TileAddress[]): TileAddress[] {
  const random = new Random(SEED);
  return Array.from({ length: Math.min(shareOf(bench, RANDOM), tiles.length) }, () => random.pick(tiles));
}

/** A tile that takes too long is asked for again, and its median counts: a busy moment is not the tile's fault. */
async function measure(
  client: HttpClient,
  url: string,
  { layer, tile, runs }: { layer: Layer; tile: TileAddress; runs: number },
): Promise<Measured> {
  const path = url + tilePath([layer], tile);
  const answer = await client.get(path);
  const times = [answer.ms];
  while (answer.ms > GOALS.p99Ms && times.length < runs) times.push((await client.get(path)).ms);
  const isTile = answer.status === 200 || answer.status === 204;
  return {
    layer: layer.id,
    tile,
    ms: median(times),
    bytes: plainBody(answer).length,
    failure: isTile ? undefined : String(answer.status),
  };
}

function rowOf(name: string, measured: readonly Measured[]): string[] {
  const [largest, slowest] = [most(measured, 'bytes'), most(measured, 'ms')];
  const ms = measured.map((each) => each.ms);
  return [
    name,
    String(measured.length),
    largest ? kilobytes(largest.bytes) : '–',
    placeOf(largest),
    round(quantile(ms, 0.5)),
    round(quantile(ms, 0.99)),
    slowest ? round(slowest.ms) : '–',
    placeOf(slowest),
    String(measured.filter(({ failure }) => failure).length),
  ];
}

function most(measured: readonly Measured[], key: 'bytes' | 'ms'): Measured | undefined {
  return measured.reduce<Measured | undefined>((top, each) => (top && top[key] >= each[key] ? top : each), undefined);
}

function placeOf(measured: Measured | undefined): string {
  if (!measured) return '–';
  const { layer, tile } = measured;
  return `${layer} ${tile.z}/${tile.x}/${tile.y}`;
}

/** Held against the worst layer: all layers together would hide it behind a dozen small ones. */
function judge(all: readonly Measured[], layers: readonly string[]): Verdict[] {
  const bytes = most(all, 'bytes')?.bytes ?? Number.NaN;
  const p99s = layers.map((id) => {
    const ms = all.filter(({ layer }) => layer === id).map((each) => each.ms);
    return { id, p99: quantile(ms, 0.99) };
  });
  const worst = p99s.reduce((a, b) => (b.p99 > a.p99 ? b : a));
  return [
    {
      what: 'largest tile before compression',
      measured: `${kilobytes(bytes)} KB`,
      goal: `<= ${kilobytes(GOALS.bytes)} KB`,
      met: bytes <= GOALS.bytes,
    },
    {
      what: `any tile cold, p99 of the slowest layer (${worst.id})`,
      measured: `${round(worst.p99)} ms`,
      goal: `<= ${GOALS.p99Ms} ms`,
      met: worst.p99 <= GOALS.p99Ms,
    },
  ];
}
