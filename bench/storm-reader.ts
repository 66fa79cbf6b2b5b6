import { parentPort, workerData } from 'node:worker_threads';
import { Random } from '../src/sample/random.ts';
import { HttpClient, plainBody } from './http-client.ts';
import { readParcels } from './parcel-tile.ts';

/** A thread of readers that ask for tiles without a pause until they are told to stop. */
export interface ReaderTask {
  readonly tiles: readonly WatchedTile[];
  readonly readers: number;
  readonly seed: number;
}

export interface WatchedTile {
  readonly url: string;
  /** Of the parcels that it draws. */
  readonly ids: readonly number[];
}

export interface Read {
  /** Index of the tile. */
  readonly tile: number;
  /** {@link clock} when it was asked for. */
  readonly began: number;
  readonly ms: number;
  /** Of the tile's parcels, in their order; -1: not drawn. */
  readonly values: readonly number[];
}

/** Milliseconds on a clock that all threads share. */
export function clock(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

async function read({ tiles, seed }: ReaderTask, turn: number, isOver: () => boolean): Promise<Read[]> {
  const client = new HttpClient();
  const random = new Random(seed + turn);
  const reads: Read[] = [];
  while (!isOver()) {
    const tile = random.integer(0, tiles.length - 1);
    const { url, ids } = tiles[tile] as WatchedTile;
    const began = clock();
    const answer = await client.get(url);
    if (answer.status !== 200) throw new Error(`${answer.status} for ${url}`);
    const drawn = readParcels(plainBody(answer), new Set(ids));
    reads.push({ tile, began, ms: answer.ms, values: ids.map((id) => drawn.get(id)?.value ?? -1) });
  }
  client.close();
  return reads;
}

if (parentPort) {
  const port = parentPort;
  const task = workerData as ReaderTask;
  let isOver = false;
  port.once('message', () => {
    isOver = true;
  });
  const reading = Array.from({ length: task.readers }, (_, turn) => read(task, turn, () => isOver));
  void Promise.all(reading).then((reads) => port.postMessage(reads.flat()));
}
