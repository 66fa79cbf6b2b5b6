import { once } from 'node:events';
import type pg from 'pg';
import type { Layer } from '../src/catalog/layer.ts';
import { startThread } from '../src/lib/thread.ts';
import { Random } from '../src/sample/random.ts';
import { tilePath } from './composites.ts';
import { type EditedParcel, move, replace, setUse, setValue, tileOf } from './edits.ts';
import { type HttpClient, plainBody } from './http-client.ts';
import { readParcels } from './parcel-tile.ts';
import { clock, type Read, type ReaderTask, type WatchedTile } from './storm-reader.ts';

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
  readonly commitMs: readonly number[];
}

/** Writers edit parcels at random while readers ask for their tiles without a pause and hold them against what was committed. */
export async function runStorm(options: StormOptions): Promise<StormResult> {
  const tiles = await watchedTiles(options);
  const task: ReaderTask = { tiles, readers: READERS, seed: SEED - READERS };
  // In a thread of their own: busy decoding, this one would note commits too late, and find nothing stale.
  const readers = startThread('./storm-reader', import.meta.url, task);
  try {
    const reading = once(readers, 'message') as Promise<[Read[]]>;
    const writing = write(options).finally(() => readers.postMessage('stop'));
    const [ledger, [reads]] = await Promise.all([writing, reading]);
    return compare(ledger, { tiles, reads, graceMs: options.graceMs });
  } finally {
    await readers.terminate();
  }
}

async function write({ writers, parcels, edits, longestMs }: StormOptions): Promise<Ledger> {
  const ledger = new Ledger();
  const deadline = clock() + longestMs;
  let begun = 0;
  await Promise.all(
    writers.map(async (writer, turn) => {
      const random = new Random(SEED + turn);
      // Each parcel has one writer, so that its values are committed in their order.
      const own = parcels.filter((_, index) => index % writers.length === turn);
      while (begun < edits && clock() < deadline) {
        const value = ++begun;
        const parcel = random.pick(own);
        const began = clock();
        await editAtRandom(writer, parcel, { value, random });
        ledger.committed(parcel.id, { value, at: clock(), ms: clock() - began });
        await new Promise((resolve) => setTimeout(resolve, random.between(0, REST_MS)));
      }
    }),
  );
  return ledger;
}

async function editAtRandom(
  writer: pg.Client,
  parcel: EditedParcel,
  { value, random }: { value: number; random: Random },
): Promise<void> {
  const kind = random.next();
  if (kind < 0.1) await replace(writer, parcel, value);
  else if (kind < 0.2) await move(writer, parcel, { value, metres: value % 2 ? MOVE_METRES : -MOVE_METRES });
  else if (kind < 0.4) await setUse(writer, parcel, value);
  else await setValue(writer, parcel, value);
}

interface Commit {
  readonly value: number;
  /** {@link clock} */
  readonly at: number;
  readonly ms: number;
}

/** When each value of each parcel was committed. */
class Ledger {
  readonly #commits = new Map<number, Commit[]>();

  committed(id: number, commit: Commit): void {
    const commits = this.#commits.get(id);
    if (commits) commits.push(commit);
    else this.#commits.set(id, [commit]);
  }

  /** When the first value after `value` was committed; Infinity where it is the newest. */
  overtaken(id: number, value: number): number {
    return this.#commits.get(id)?.find((commit) => commit.value > value)?.at ?? Number.POSITIVE_INFINITY;
  }

  all(): Commit[] {
    return [...this.#commits.values()].flat();
  }
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
    if (drawn.size) tiles.push({ url: address, ids: [...drawn.keys()] });
  }
  return tiles;
}

interface Reading {
  readonly tiles: readonly WatchedTile[];
  readonly reads: readonly Read[];
  readonly graceMs: number;
}

function compare(ledger: Ledger, { tiles, reads, graceMs }: Reading): StormResult {
  const behindMs = reads.map(({ tile, began, values }) => {
    const overtaken = tiles[tile]?.ids.map((id, index) => ledger.overtaken(id, values[index] ?? -1)) ?? [];
    return began - Math.min(...overtaken);
  });
  return {
    edits: ledger.all().length,
    reads: reads.length,
    compared: reads.reduce((total, { values }) => total + values.length, 0),
    stale: behindMs.filter((ms) => ms > graceMs).length,
    behind: behindMs.filter((ms) => ms > 0).length,
    worstMs: behindMs.reduce((worst, ms) => Math.max(worst, ms), 0),
    readMs: reads.map(({ ms }) => ms),
    commitMs: ledger.all().map(({ ms }) => ms),
  };
}
