import type pg from 'pg';
import type { Layer } from '../src/catalog/layer.ts';
import { Random } from '../src/sample/random.ts';
import { tilePath } from './composites.ts';
import { copy, type EditedParcel, move, remove, setUse, tileOf } from './edits.ts';
import { type HttpClient, plainBody } from './http-client.ts';
import { type DrawnParcel, readParcels } from './parcel-tile.ts';

const SEED = 1836;
/** Zooms at which a parcel is seen with all of its fields, and at which it lacks some or is part of something larger. */
const NEAR = { min: 16, max: 17 };
const FAR = { min: 10, max: 15 };
const MOVE_METRES = 5;
const LONGEST_MS = 300_000;
/** How long a tile is asked for before it counts as stale. */
const PATIENCE_MS = 3000;
/** How long before a tile from afar is held against one that nobody kept: it may have nothing to show. */
const SETTLE_MS = 500;
/** Between two questions: asked without a pause, the server would be busy with nothing else. */
const PAUSE_MS = 2;

export interface EditOptions {
  readonly writer: pg.Client;
  readonly client: HttpClient;
  readonly layer: Layer;
  /** The server that keeps tiles. */
  readonly url: string;
  /** The same program keeping none: what a tile should be. */
  readonly freshUrl: string;
}

export type EditKind = 'attribute' | 'move' | 'insert' | 'delete';
const KINDS: readonly EditKind[] = ['attribute', 'move', 'insert', 'delete'];

/** From the commit to the answer that shows the edit, milliseconds; Infinity: it never did. */
export interface Shown {
  readonly kind: EditKind;
  readonly nearMs: number;
  /** undefined: the edit cannot be seen at that zoom. */
  readonly farMs: number | undefined;
}

/** Edits parcels one after the other, as many as there is time for, and watches two tiles of each until they show it. */
export async function editOneByOne(options: EditOptions, parcels: readonly EditedParcel[]): Promise<Shown[]> {
  const random = new Random(SEED);
  const deadline = performance.now() + LONGEST_MS;
  const shown: Shown[] = [];
  for (const [index, parcel] of parcels.entries()) {
    if (performance.now() > deadline) break;
    const kind = KINDS[index % KINDS.length] as EditKind;
    const [near, far] = [random.integer(NEAR.min, NEAR.max), random.integer(FAR.min, FAR.max)];
    shown.push(await editAndWatch(options, { kind, parcel, value: index + 1, near, far }));
  }
  return shown;
}

interface Edit {
  readonly kind: EditKind;
  readonly parcel: EditedParcel;
  readonly value: number;
  readonly near: number;
  readonly far: number;
}

async function editAndWatch(options: EditOptions, edit: Edit): Promise<Shown> {
  const { client, layer } = options;
  const { kind, parcel, near, far } = edit;
  const pathOf = (z: number) => tilePath([layer], tileOf(parcel, z));
  // Both are asked for first, so that they are kept.
  const before = await readTile(client, options.url + pathOf(near));
  const farBefore = await readTile(client, options.url + pathOf(far));
  const watched = await makeEdit(options.writer, edit);
  const committed = performance.now();
  const drawn = (tile: Buffer) => readParcels(tile, new Set([watched])).get(watched);
  const was = drawn(before);
  const shows = (tile: Buffer) => isShown(kind, edit.value, was, drawn(tile));
  const [nearMs, farMs] = await Promise.all([
    waitFor(client, options.url + pathOf(near), { committed, patience: PATIENCE_MS, shows }),
    watchFar(options, pathOf(far), { committed, before: farBefore }),
  ]);
  return { kind, nearMs, farMs };
}

/** @returns undefined where a tile that nobody kept shows no edit either */
async function watchFar(
  { client, url, freshUrl }: EditOptions,
  path: string,
  { committed, before }: { committed: number; before: Buffer },
): Promise<number | undefined> {
  const shows = (tile: Buffer) => !tile.equals(before);
  const soon = await waitFor(client, url + path, { committed, patience: SETTLE_MS, shows });
  if (Number.isFinite(soon)) return soon;
  const fresh = await readTile(client, freshUrl + path);
  return shows(fresh) ? waitFor(client, url + path, { committed, patience: PATIENCE_MS, shows }) : undefined;
}

/** @returns the id of the parcel that tells */
async function makeEdit(writer: pg.Client, { kind, parcel, value }: Edit): Promise<number> {
  if (kind === 'insert') return copy(writer, parcel, value);
  if (kind === 'attribute') await setUse(writer, parcel, value);
  else if (kind === 'move') await move(writer, parcel, { value, metres: MOVE_METRES });
  else await remove(writer, parcel.id);
  return parcel.id;
}

function isShown(kind: EditKind, value: number, was: DrawnParcel | undefined, is: DrawnParcel | undefined): boolean {
  if (kind === 'delete') return is === undefined;
  if (kind === 'move')
    return is?.value === value && (is.corner?.x !== was?.corner?.x || is.corner?.y !== was?.corner?.y);
  return is?.value === value;
}

interface Wait {
  readonly committed: number;
  readonly patience: number;
  readonly shows: (tile: Buffer) => boolean;
}

async function waitFor(client: HttpClient, url: string, { committed, patience, shows }: Wait): Promise<number> {
  while (performance.now() - committed < patience) {
    const tile = await readTile(client, url);
    const answered = performance.now() - committed;
    if (shows(tile)) return answered;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return Number.POSITIVE_INFINITY;
}

async function readTile(client: HttpClient, url: string): Promise<Buffer> {
  const answer = await client.get(url);
  if (answer.status !== 200 && answer.status !== 204) throw new Error(`${answer.status} for ${url}`);
  return plainBody(answer);
}
