import type { Bytes } from './bytes.ts';
import type { TileColumn, TileValue } from './mvt-layers.ts';
import { STREAM, writeBooleans, writeIntegers, writeLongs, writeRaw } from './streams.ts';

/** Codes of the types of columns. A column with undefined values has the next code. */
const CODE = { id: 0, longId: 2, boolean: 10, int32: 16, uint32: 18, float: 24, double: 26, text: 28 } as const;

/** A column that is ready to be written: what stands in the head of the layer, and the streams of its values. */
export interface WritableColumn {
  writeHead(out: Bytes): void;
  writeValues(out: Bytes): void;
}

/** Returns the column of a property. */
export function valueColumn({ name, values }: TileColumn): WritableColumn {
  const present = values.filter((value) => value !== undefined);
  const isNullable = present.length < values.length;
  const { code, streams, write } = columnEncoding(present);
  return {
    writeHead: (out) => {
      out.varint(code + Number(isNullable));
      out.text(name);
    },
    writeValues: (out) => {
      if (streams) out.varint(streams + Number(isNullable));
      if (isNullable) writePresence(out, values);
      write(out);
    },
  };
}

/** Returns the column of ids, of 64 bits if one needs them. */
export function idColumn(ids: readonly (number | bigint | undefined)[]): WritableColumn {
  const present = ids.filter((id) => id !== undefined);
  const isNullable = present.length < ids.length;
  const isLong = present.some((id) => id > 0xffffffff);
  return {
    writeHead: (out) => out.varint((isLong ? CODE.longId : CODE.id) + Number(isNullable)),
    writeValues: (out) => {
      if (isNullable) writePresence(out, ids);
      if (isLong) writeLongs(out, STREAM.data, present);
      else writeIntegers(out, STREAM.data, present.map(Number));
    },
  };
}

interface ColumnEncoding {
  readonly code: number;
  /** Streams without that of presence, where the column says their number. */
  readonly streams?: number;
  write(out: Bytes): void;
}

/**
 * Returns the encoding of values. A column has one type: values of several types become texts, and so do integers that
 * no double holds, as in MVT of the embedded engine.
 */
function columnEncoding(values: readonly TileValue[]): ColumnEncoding {
  if (values.every((value) => typeof value === 'boolean'))
    return { code: CODE.boolean, write: (out) => writeBooleans(out, STREAM.data, values) };
  if (values.every((value) => typeof value === 'number')) return numberEncoding(values);
  return textEncoding(values.map(String));
}

/** Integers beyond 32 bits are doubles, which hold them: readers return a 64-bit integer as a type that styles lack. */
function numberEncoding(values: readonly number[]): ColumnEncoding {
  if (values.every((value) => Number.isInteger(value) && !Object.is(value, -0))) {
    const [least, most] = values.reduce(([min, max], value) => [Math.min(min, value), Math.max(max, value)], [0, 0]);
    if (least >= 0 && most <= 0xffffffff)
      return { code: CODE.uint32, write: (out) => writeIntegers(out, STREAM.data, values) };
    if (least >= -0x80000000 && most <= 0x7fffffff)
      return { code: CODE.int32, write: (out) => writeIntegers(out, STREAM.data, values, true) };
  }
  const isFloat = values.every((value) => Object.is(Math.fround(value), value));
  const body = isFloat ? Float32Array.from(values) : Float64Array.from(values);
  const stream = { count: values.length, body: new Uint8Array(body.buffer) };
  return { code: isFloat ? CODE.float : CODE.double, write: (out) => writeRaw(out, STREAM.data, stream) };
}

/** Texts that repeat are written once, with the index of each value. */
function textEncoding(values: readonly string[]): ColumnEncoding {
  const indexes = new Map<string, number>();
  for (const value of values) if (!indexes.has(value)) indexes.set(value, indexes.size);
  if (indexes.size * 4 > values.length * 3) {
    return { code: CODE.text, streams: 2, write: (out) => writeTexts(out, values, [STREAM.textLengths, STREAM.data]) };
  }
  return {
    code: CODE.text,
    streams: 3,
    write: (out) => {
      writeTexts(out, [...indexes.keys()], [STREAM.dictionaryLengths, STREAM.dictionary]);
      writeIntegers(
        out,
        STREAM.stringIndexes,
        values.map((value) => indexes.get(value) ?? 0),
      );
    },
  };
}

type TextStreams = readonly [
  lengths: typeof STREAM.textLengths | typeof STREAM.dictionaryLengths,
  data: typeof STREAM.data | typeof STREAM.dictionary,
];

function writeTexts(out: Bytes, texts: readonly string[], [lengths, data]: TextStreams): void {
  const encoder = new TextEncoder();
  const sizes = texts.map((text) => encoder.encode(text).length);
  writeIntegers(out, lengths, sizes);
  writeRaw(out, data, { count: texts.length, body: encoder.encode(texts.join('')) });
}

function writePresence(out: Bytes, values: readonly unknown[]): void {
  writeBooleans(
    out,
    STREAM.present,
    values.map((value) => value !== undefined),
  );
}
