/** Encodes PMTiles, version 3 (github.com/protomaps/PMTiles, spec/v3). Pure. */
import type { BBox } from '../../geo/bbox.ts';

export const HEADER_SIZE = 127;

/**
 * Most entries of the root directory. With the header it must fit into the 16 384 bytes that a client reads first. The
 * numbers of an entry take at most 7, 3, 4 and 7 bytes (ids and offsets below 2^49, runs below 2^21, contents below
 * 2^28). Thus 127 + 768 · 21 + 2 + 23 for gzip fits, compressed or not.
 */
export const MAX_ROOT_ENTRIES = 768;

const GZIP = 2;
const MVT = 1;

/**
 * An entry at `offset`: the content of `run` tiles from `id` on, or, with a run of 0, the directory that begins at
 * `id`.
 */
export interface DirectoryEntry {
  readonly id: number;
  readonly run: number;
  readonly offset: number;
  readonly length: number;
}

/** A part of the archive, in bytes from its start. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export interface Header {
  readonly root: ByteRange;
  readonly metadata: ByteRange;
  readonly leaves: ByteRange;
  readonly contents: ByteRange;
  /** Numbers of tiles, of entries that are not directories, and of distinct contents. */
  readonly counts: readonly [tiles: number, entries: number, contents: number];
  readonly minzoom: number;
  readonly maxzoom: number;
  /** Degrees. */
  readonly bounds: BBox;
  readonly center: readonly [lon: number, lat: number, zoom: number];
}

/** Encodes a directory without compression: all ids, then all runs, lengths and offsets. */
export function encodeDirectory(entries: readonly DirectoryEntry[]): Uint8Array {
  const varints = new Varints(entries.length);
  varints.write(entries.length);
  for (const [index, { id }] of entries.entries()) varints.write(id - (entries[index - 1]?.id ?? 0));
  for (const { run } of entries) varints.write(run);
  for (const { length } of entries) varints.write(length);
  for (const [index, { offset }] of entries.entries()) {
    const before = entries[index - 1];
    const follows = before && before.offset + before.length === offset;
    varints.write(follows ? 0 : offset + 1);
  }
  return varints.bytes();
}

/** Encodes the header of gzipped vector tiles in the order of their numbers. */
export function encodeHeader({ root, metadata, leaves, contents, counts, ...view }: Header): Uint8Array {
  const header = Buffer.alloc(HEADER_SIZE);
  header.write('PMTiles\x03', 'latin1');
  const numbers = [...[root, metadata, leaves, contents].flatMap(({ offset, length }) => [offset, length]), ...counts];
  numbers.forEach((number, index) => {
    header.writeBigUInt64LE(BigInt(number), 8 + 8 * index);
  });
  const isClustered = 1;
  header.set([isClustered, GZIP, GZIP, MVT, view.minzoom, view.maxzoom], 96);
  const [lon, lat, zoom] = view.center;
  view.bounds.forEach((degrees, index) => {
    header.writeInt32LE(toE7(degrees), 102 + 4 * index);
  });
  header[118] = zoom;
  header.writeInt32LE(toE7(lon), 119);
  header.writeInt32LE(toE7(lat), 123);
  return header;
}

function toE7(degrees: number): number {
  return Math.round(degrees * 1e7);
}

/** Whole numbers below 2^53, seven bits a byte, the lowest first. */
class Varints {
  readonly #buffer: Buffer;
  #end = 0;

  constructor(entries: number) {
    this.#buffer = Buffer.allocUnsafe(8 + entries * 32);
  }

  write(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#end++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#end++] = rest;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#end);
  }
}
