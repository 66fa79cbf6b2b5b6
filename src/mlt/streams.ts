import { Bytes, varintSize, zigzag } from './bytes.ts';

/** The first byte of a stream: its physical type in the upper four bits, its logical type in the lower ones. */
export const STREAM = {
  present: 0x00,
  data: 0x10,
  dictionary: 0x11,
  vertices: 0x13,
  vertexIndexes: 0x20,
  stringIndexes: 0x22,
  geometryTypes: 0x30,
  textLengths: 0x30,
  geometries: 0x31,
  parts: 0x32,
  rings: 0x33,
  dictionaryLengths: 0x36,
} as const;

type StreamType = (typeof STREAM)[keyof typeof STREAM];

/** Logical encodings, in the upper six bits of the second byte. */
const PLAIN = 0x00;
const DELTA = 0x20;
const VECTOR_DELTA = 0x40;
const RUNS = 0x60;
const DELTA_RUNS = DELTA | (3 << 2);
/** Physical encodings, in the lowest two bits. */
const UNPACKED = 0;
const VARINT = 2;

interface StreamHead {
  readonly type: StreamType;
  readonly encoding: number;
  /** Values of the stream as they are stored. */
  readonly count: number;
}

function writeStream(
  out: Bytes,
  { type, encoding, count }: StreamHead,
  body: Uint8Array,
  runs?: readonly number[],
): void {
  out.byte(type);
  out.byte(encoding);
  out.varint(count);
  out.varint(body.length);
  for (const value of runs ?? []) out.varint(value);
  out.append(body);
}

export function writeRaw(out: Bytes, type: StreamType, { count, body }: { count: number; body: Uint8Array }): void {
  writeStream(out, { type, encoding: UNPACKED, count }, body);
}

/**
 * Writes integers of 32 bits in the smallest of four encodings: plain, differences, runs of values, runs of differences.
 * @param values all unsigned, or all signed
 */
export function writeIntegers(out: Bytes, type: StreamType, values: ArrayLike<number>, signed = false): void {
  const plain = signed ? Uint32Array.from(values, zigzag) : Uint32Array.from(values);
  const differences = differencesOf(values, 1);
  const [valueRuns, differenceRuns] = [runLengths(plain), runLengths(differences)];
  const candidates = [
    { encoding: PLAIN, stored: plain },
    { encoding: DELTA, stored: differences },
    { encoding: RUNS, stored: valueRuns },
    // Readers take one or two runs for an arithmetic sequence, whose rules differ.
    ...(differenceRuns.length > 4 ? [{ encoding: DELTA_RUNS, stored: differenceRuns }] : []),
  ];
  const sizes = candidates.map(({ stored }) => varintBytes(stored));
  const best = candidates[sizes.indexOf(Math.min(...sizes))] ?? { encoding: PLAIN, stored: plain };
  const isRuns = best.stored === valueRuns || best.stored === differenceRuns;
  const head = { type, encoding: best.encoding | VARINT, count: best.stored.length };
  writeStream(out, head, varints(best.stored), isRuns ? [best.stored.length / 2, values.length] : undefined);
}

/** Writes unsigned integers of 64 bits. */
export function writeLongs(out: Bytes, type: StreamType, values: readonly (number | bigint)[]): void {
  const body = new Bytes();
  for (const value of values) body.long(BigInt(value));
  writeStream(out, { type, encoding: PLAIN | VARINT, count: values.length }, body.view());
}

/** Writes vertices (x, y, x, y, ...) as differences from the preceding vertex. */
export function writeVertices(out: Bytes, coordinates: ArrayLike<number>): void {
  const head = { type: STREAM.vertices, encoding: VECTOR_DELTA | VARINT, count: coordinates.length };
  writeStream(out, head, varints(differencesOf(coordinates, 2)));
}

/** Returns the difference of each value from the one `step` places before it, as zigzag. */
function differencesOf(values: ArrayLike<number>, step: number): Uint32Array {
  const differences = new Uint32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    differences[at] = zigzag(((values[at] ?? 0) - (at < step ? 0 : (values[at - step] ?? 0))) | 0);
  }
  return differences;
}

/** Writes booleans: eight a byte, the lowest bit first, and the bytes as runs or literals. */
export function writeBooleans(out: Bytes, type: StreamType, values: readonly boolean[]): void {
  const packed = new Uint8Array(Math.ceil(values.length / 8));
  for (const [index, value] of values.entries())
    if (value) packed[index >> 3] = (packed[index >> 3] ?? 0) | (1 << (index & 7));
  writeStream(out, { type, encoding: RUNS | UNPACKED, count: values.length }, byteRuns(packed));
}

/** Returns the lengths of all runs, then their values. */
function runLengths(values: Uint32Array): number[] {
  const lengths: number[] = [];
  const heads: number[] = [];
  let start = 0;
  for (let at = 1; at <= values.length; at++) {
    if (at < values.length && values[at] === values[start]) continue;
    lengths.push(at - start);
    heads.push(values[start] ?? 0);
    start = at;
  }
  return [...lengths, ...heads];
}

/** Returns the bytes that the varints of values take. */
function varintBytes(values: ArrayLike<number>): number {
  let size = 0;
  for (let at = 0; at < values.length; at++) size += varintSize(values[at] ?? 0);
  return size;
}

/**
 * Returns bytes as ORC's run-length encoding has them: a head below 128 is a run of 3 to 130 equal bytes, any other
 * stands before 1 to 128 literal ones.
 */
function byteRuns(bytes: Uint8Array): Uint8Array {
  const out = new Bytes();
  let literals = 0;
  const flush = (end: number) => {
    for (let start = end - literals; start < end; start += 128) {
      const part = bytes.subarray(start, Math.min(end, start + 128));
      out.byte(256 - part.length);
      out.append(part);
    }
    literals = 0;
  };
  for (let at = 0; at < bytes.length; ) {
    let length = 1;
    while (length < 130 && at + length < bytes.length && bytes[at + length] === bytes[at]) length++;
    if (length >= 3) {
      flush(at);
      out.byte(length - 3);
      out.byte(bytes[at] ?? 0);
      at += length;
    } else {
      literals += length;
      at += length;
    }
  }
  flush(bytes.length);
  return out.view();
}

function varints(values: ArrayLike<number>): Uint8Array {
  const out = new Bytes();
  for (let at = 0; at < values.length; at++) out.varint(values[at] ?? 0);
  return out.view();
}
