import { PbfReader } from 'pbf';
import { type DrawnShape, drawnShape, type Paths, readPaths } from './shapes.ts';

/** A value of a feature. A bigint is an integer that no double holds. */
export type TileValue = string | number | bigint | boolean;

/** A property of all features of a layer; undefined: the feature has no such property. */
export interface TileColumn {
  readonly name: string;
  readonly values: readonly (TileValue | undefined)[];
}

/** A layer of an MVT tile by columns. */
export interface MvtLayer {
  readonly name: string;
  /** Tile units along an edge of the tile. */
  readonly extent: number;
  /** Ids of the features; undefined: the feature has none. */
  readonly ids: readonly (number | bigint | undefined)[];
  readonly shapes: readonly DrawnShape[];
  readonly columns: readonly TileColumn[];
}

interface RawFeature {
  readonly id: number | bigint | undefined;
  /** Pairs of indexes, of a key and of a value. */
  readonly tags: readonly number[];
  readonly shape: DrawnShape;
}

/**
 * Reads an MVT 2.1 tile (https://github.com/mapbox/vector-tile-spec/tree/master/2.1).
 * @returns its layers that have features
 */
export function readMvt(tile: Uint8Array): MvtLayer[] {
  const pbf = new PbfReader(tile);
  const layers: MvtLayer[] = [];
  pbf.readFields((tag) => {
    if (tag === 3) layers.push(readLayer(pbf, pbf.readVarint() + pbf.pos));
  }, undefined);
  return layers.filter(({ shapes }) => shapes.length > 0);
}

function readLayer(pbf: PbfReader, end: number): MvtLayer {
  const keys: string[] = [];
  const values: TileValue[] = [];
  const features: RawFeature[] = [];
  const head = { name: '', extent: 4096 };
  pbf.readFields(
    (tag) => {
      if (tag === 1) head.name = pbf.readString();
      else if (tag === 2) features.push(readMvtFeature(pbf, pbf.readVarint() + pbf.pos));
      else if (tag === 3) keys.push(pbf.readString());
      else if (tag === 4) values.push(readTileValue(pbf, pbf.readVarint() + pbf.pos));
      else if (tag === 5) head.extent = pbf.readVarint();
    },
    undefined,
    end,
  );
  return {
    ...head,
    ids: features.map(({ id }) => id),
    shapes: features.map(({ shape }) => shape),
    columns: propertyColumns(features, keys, values),
  };
}

/** Returns a column for each key that a feature uses, in the order of their first use. */
function propertyColumns(
  features: readonly RawFeature[],
  keys: readonly string[],
  values: readonly TileValue[],
): TileColumn[] {
  const columns = new Map<number, (TileValue | undefined)[]>();
  for (const [row, { tags }] of features.entries()) {
    for (let at = 0; at < tags.length; at += 2) {
      const key = tags[at] ?? 0;
      const column = columns.get(key) ?? new Array<TileValue | undefined>(features.length).fill(undefined);
      columns.set(key, column);
      column[row] = values[tags[at + 1] ?? 0];
    }
  }
  return [...columns].map(([key, column]) => ({ name: keys[key] ?? '', values: column }));
}

function readMvtFeature(pbf: PbfReader, end: number): RawFeature {
  let id: RawFeature['id'];
  let type = 0;
  const tags: number[] = [];
  let paths: Paths = { coordinates: [], lengths: [] };
  pbf.readFields(
    (tag) => {
      if (tag === 1) id = readVarint64(pbf);
      else if (tag === 2) pbf.readPackedVarint(tags);
      else if (tag === 3) type = pbf.readVarint();
      else if (tag === 4) paths = readPaths(pbf, pbf.readVarint() + pbf.pos);
    },
    undefined,
    end,
  );
  return { id, tags, shape: drawnShape(paths, type) };
}

function readTileValue(pbf: PbfReader, end: number): TileValue {
  let value: TileValue = '';
  pbf.readFields(
    (tag) => {
      if (tag === 1) value = pbf.readString();
      else if (tag === 2) value = pbf.readFloat();
      else if (tag === 3) value = pbf.readDouble();
      else if (tag === 4) value = readVarint64(pbf, true);
      else if (tag === 5) value = readVarint64(pbf);
      else if (tag === 6) value = readSint64(pbf);
      else if (tag === 7) value = pbf.readBoolean();
    },
    undefined,
    end,
  );
  return value;
}

/** Reads a varint, of 64 bits if no double holds it: the library rounds those. */
function readVarint64(pbf: PbfReader, isSigned = false): number | bigint {
  const start = pbf.pos;
  const value = pbf.readVarint(isSigned);
  if (Number.isSafeInteger(value)) return value;
  pbf.pos = start;
  const bits = readBits(pbf);
  return isSigned ? BigInt.asIntN(64, bits) : bits;
}

/** Reads an integer whose lowest bit is its sign. */
function readSint64(pbf: PbfReader): number | bigint {
  const bits = readVarint64(pbf);
  if (typeof bits === 'number') return bits % 2 === 0 ? bits / 2 : -(bits + 1) / 2;
  const value = (bits >> 1n) ^ -(bits & 1n);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readBits(pbf: PbfReader): bigint {
  let bits = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = pbf.buf[pbf.pos++] ?? 0;
    bits |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return bits;
  }
}
