import type { Layer } from '../../src/catalog/layer.ts';
import type { TileAddress } from '../../src/geo/tile.ts';
import { type Bench, shareOf } from '../bench.ts';
import { readComposites, tilePath } from '../composites.ts';
import { type BenchDatabase, PROVINCE, TENTH } from '../databases.ts';
import { type DenseTile, densestTiles, spread } from '../densest.ts';
import { HttpClient } from '../http-client.ts';
import { alternate, inFlight } from '../load.ts';
import { pickParcels } from '../parcels.ts';
import { type ProgramServer, startProgram, tileCache } from '../program.ts';
import { BY_NUMBER, requireAnswer } from '../questions.ts';
import { type Findings, judge, progress, round, table, times } from '../report.ts';
import { median, medians, sum } from '../statistics.ts';

const LAYER = 'land.parcel';
const ZOOMS = [13, 14, 15, 16, 17];
/** Pairs of tiles at each zoom. */
const PAIRS = 40;
/** Tiles with fewer parcels measure the way there and back. */
const FEWEST = 5;
const LOOKUPS = 200;
const GOAL = { atMost: 1.3 };

/** Two tiles of one zoom with as many parcels, in the small and in the large province. */
interface Pair {
  readonly small: DenseTile;
  readonly large: DenseTile;
}

interface Measurement {
  readonly name: string;
  readonly pairs: readonly Pair[];
  readonly smallMs: readonly number[];
  readonly largeMs: readonly number[];
}

type Side = 'small' | 'large';
const SIDES: readonly Side[] = ['small', 'large'];

export async function scale(bench: Bench): Promise<Findings> {
  const databases = { small: await bench.database(TENTH), large: await bench.database(PROVINCE) };
  const servers = {
    small: await startProgram(bench, databases.small.url, tileCache(0)),
    large: await startProgram(bench, databases.large.url, tileCache(0)),
  };
  const client = new HttpClient();
  const measured: Measurement[] = [];
  for (const z of ZOOMS) measured.push(await measureZoom(bench, { z, databases, servers, client }));
  const lookup = await measureLookups(bench, { databases, servers, client });
  client.close();
  const tiles = sum(measured.flatMap(({ largeMs }) => largeMs)) / sum(measured.flatMap(({ smallMs }) => smallMs));
  return {
    markdown: [describe(measured, lookup)],
    verdicts: [
      judge('ten times the parcels: time of a tile of the same zoom and density', tiles, GOAL),
      judge('ten times the parcels: time of a lookup', median(lookup.largeMs) / median(lookup.smallMs), GOAL),
    ],
  };
}

interface Both {
  readonly databases: Readonly<Record<Side, BenchDatabase>>;
  readonly servers: Readonly<Record<Side, ProgramServer>>;
  readonly client: HttpClient;
}

async function measureZoom(
  bench: Bench,
  { z, databases, servers, client }: Both & { z: number },
): Promise<Measurement> {
  const composite = readComposites(databases.large.layers).find(({ layers }) => layers.some(({ id }) => id === LAYER));
  const layers = composite?.layers ?? [];
  const layer = layers.find(({ id }) => id === LAYER) as Layer;
  const pairs = pairUp(
    await densestTiles(databases.small.url, layer, z),
    await densestTiles(databases.large.url, layer, z),
  );
  const chosen = spread(pairs, shareOf(bench, PAIRS));
  progress(`z${z}: ${chosen.length} pairs of tiles`);
  const ask = (side: Side, tile: TileAddress) => client.get(servers[side].url + tilePath(layers, tile));
  const measure = (side: Side) => inFlight(chosen, 1, async (pair) => (await ask(side, pair[side].tile)).ms);
  return { name: `z${z}`, pairs: chosen, ...(await race(bench, measure)) };
}

/** For each tile of the small province the one of the large province with the nearest number of parcels, used once. */
function pairUp(small: readonly DenseTile[], large: readonly DenseTile[]): Pair[] {
  const left = [...large].sort((a, b) => a.features - b.features);
  return small
    .filter(({ features }) => features >= FEWEST)
    .flatMap((tile) => {
      const found = left.findIndex(({ features }) => features >= tile.features);
      const [match] = found < 0 ? [] : left.splice(found, 1);
      return match && match.features <= tile.features * 1.02 + 1 ? [{ small: tile, large: match }] : [];
    });
}

async function measureLookups(bench: Bench, { databases, servers, client }: Both): Promise<Measurement> {
  const count = shareOf(bench, LOOKUPS);
  const parcels = {
    small: await pickParcels(databases.small.url, count),
    large: await pickParcels(databases.large.url, count),
  };
  const measure = (side: Side) =>
    inFlight(parcels[side], 1, async (parcel) => {
      const answer = await BY_NUMBER.ask(client, servers[side].url, parcel);
      return requireAnswer(BY_NUMBER, answer).ms;
    });
  return { name: BY_NUMBER.name, pairs: [], ...(await race(bench, measure)) };
}

async function race({ settings: { runs } }: Bench, measure: (side: Side) => Promise<readonly number[]>) {
  // The first time, pages are read.
  for (const side of SIDES) await measure(side);
  const measured = await alternate({ contenders: SIDES, runs, measure });
  return { smallMs: medians(measured.get('small') ?? []), largeMs: medians(measured.get('large') ?? []) };
}

function describe(measured: readonly Measurement[], lookup: Measurement): string {
  const rows = [...measured, lookup].map(({ name, pairs, smallMs, largeMs }) => [
    name,
    String(smallMs.length),
    round(median(pairs.map(({ small }) => small.features))),
    round(median(pairs.map(({ large }) => large.features))),
    round(median(smallMs)),
    round(median(largeMs)),
    times(sum(largeMs) / sum(smallMs)),
  ]);
  const head = ['pairs', 'parcels in 120 k', 'in 1.2 M', 'ms in 120 k', 'in 1.2 M', 'ratio of sums'];
  return table(['median', ...head], rows);
}
