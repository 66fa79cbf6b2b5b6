import type pg from 'pg';
import type { Layer } from '../src/catalog/layer.ts';
import { Random } from '../src/sample/random.ts';
import { tilePath } from './composites.ts';
import { type EditedParcel, move, replace, setValue, tileOf } from './edits.ts';
import { type HttpClient, plainBody } from './http-client.ts';
import { readParcels } from './parcel-tile.ts';

const SEED = 1945;
const ZOOMS = [16, 17];
const READERS = 8;
/** A writer rests up to so long between two edits, so that tiles are kept for a while before they go stale. */
const REST_MS = 25;
/** Back and forth, so that a parcel stays in its tile. */
const MOVE_METRES = 0.5;

export interface StormOptions {
  /** One connection each. */
  readonly writers: readonly pg.Client[];
  readonly client: HttpClient;
  readonly layer: Layer;
  readonly url: string;
  readonly parcels: readonly EditedParcel[];
  readonly edits: number;
  /** The storm ends then, with the edits made until then. */
  readonly longestMs: number;
  /** A read begun so long after a commit must show it. */
  readonly graceMs: number;
}

export interface StormResult {
  readonly edits: number;
  readonly reads: number;
  /** Parcels that were found in tiles and compared. */
  readonly compared: number;
  /** Reads of a tile that lacked an edit committed more than the grace before they began. */
  readonly stale: number;
  /** Reads that lacked an edit committed before they began, however shortly. */
  readonly behind: number;
  /** The longest time from a commit to the beginning of a read that did not show it. */
  readonly worstMs: number;
  readonly readMs: readonly number[];
}

/** Writers edit parcels at random while readers ask for their tiles without a pause and hold them against what was committed. */
export async function runStorm(options: StormOptions): Promise<StormResult> {
  const ledger = new Ledger();
  const deadline = performance.now() + options.longestMs;
  const tiles = await watchedTiles(options);
  let [edits, isOver] = [0, false];
  const writing = Promise.all(
    options.writers.map(async (writer, turn) => {
      const random = new Random(SEED + turn);
      // Each parcel has one writer, so that its values are committed in their order.
      const own = options.parcels.filter((_, index) => index % options.writers.length === turn);
      while (edits < options.edits && performance.now() < deadline) {
        const value = ++edits;
        const parcel = random.pick(own);
        await editAtRandom(writer, parcel, { value, random });
        ledger.committed(parcel.id, value);
        await rest(random.between(0, REST_MS));
      }
    }),
  ).finally(() => {
    isOver = true;
  });
  const reading = Array.from({ length: READERS }, (_, turn) =>
    readAtRandom(options, { tiles, ledger, turn, isOver: () => isOver }),
  );
  const [readers] = await Promise.all([Promise.all(reading), writing]);
  return summarize(edits, readers.flat(), options.graceMs);
}

async function editAtRandom(
  writer: pg.Client,
  parcel: EditedParcel,
  { value, random }: { value: number; random: Random },
): Promise<void> {
  const kind = random.next();
  if (kind < 0.1) await replace(writer, parcel, value);
  else if (kind < 0.2) await move(writer, parcel, { value, metres: value % 2 ? MOVE_METRES : -MOVE_METRES });
  else await setValue(writer, parcel, value);
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** When each value of each parcel was committed. */
class Ledger {
  readonly #entries = new Map<number, { readonly value: number; readonly at: number }[]>();

  committed(id: number, value: number): void {
    const entries = this.#entries.get(id);
    const entry = { value, at: performance.now() };
    if (entries) entries.push(entry);
    else this.#entries.set(id, [entry]);
  }

  /** When the first value after `value` was committed; Infinity where it is the newest. */
  overtaken(id: number, value: number): number {
    return this.#entries.get(id)?.find((entry) => entry.value > value)?.at ?? Number.POSITIVE_INFINITY;
  }
}

interface WatchedTile {
  readonly url: string;
  readonly ids: ReadonlySet<number>;
}

/** The tiles of the parcels, with those of the parcels that they draw. */
async function watchedTiles({ client, layer, url, parcels }: StormOptions): Promise<WatchedTile[]> {
  const byUrl = new Map<string, Set<number>>();
  for (const parcel of parcels) {
    for (const z of ZOOMS) {
      const address = url + tilePath([layer], tileOf(parcel, z));
      byUrl.set(address, (byUrl.get(address) ?? new Set()).add(parcel.id));
    }
  }
  const tiles: WatchedTile[] = [];
  for (const [address, ids] of byUrl) {
    const drawn = readParcels(plainBody(await client.get(address)), ids);
    if (drawn.size) tiles.push({ url: address, ids: new Set(drawn.keys()) });
  }
  return tiles;
}

interface Read {
  readonly ms: number;
  readonly compared: number;
  /** Milliseconds by which the read began after the first commit that it does not show; 0 or less: it shows all. */
  readonly behindMs: number;
}

interface Reader {
  readonly tiles: readonly WatchedTile[];
  readonly ledger: Ledger;
  readonly turn: number;
  readonly isOver: () => boolean;
}

async function readAtRandom({ client }: StormOptions, { tiles, ledger, turn, isOver }: Reader): Promise<Read[]> {
  const random = new Random(SEED - 1 - turn);
  const reads: Read[] = [];
  while (!isOver()) {
    const { url, ids } = random.pick(tiles);
    const began = performance.now();
    const answer = await client.get(url);
    if (answer.status !== 200) throw new Error(`${answer.status} for ${url}`);
    const drawn = readParcels(plainBody(answer), ids);
    // A parcel that is not drawn at all is as old as can be.
    const overtaken = [...ids].map((id) => ledger.overtaken(id, drawn.get(id)?.value ?? -1));
    reads.push({ ms: answer.ms, compared: ids.size, behindMs: began - Math.min(...overtaken) });
  }
  return reads;
}

function summarize(edits: number, reads: readonly Read[], graceMs: number): StormResult {
  return {
    edits,
    reads: reads.length,
    compared: reads.reduce((total, { compared }) => total + compared, 0),
    stale: reads.filter(({ behindMs }) => behindMs > graceMs).length,
    behind: reads.filter(({ behindMs }) => behindMs > 0).length,
    worstMs: reads.reduce((worst, { behindMs }) => Math.max(worst, behindMs), 0),
    readMs: reads.map(({ ms }) => ms),
  };
}
