import { type FileHandle, readFile } from 'node:fs/promises';

/** Bytes of the header of a .shp and a .shx. ESRI Shapefile Technical Description, July 1998. */
const HEADER = 100;
/** Bytes before the content of a record: its number and its length in 16-bit words. */
const RECORD_HEADER = 8;
/** Bytes of the shortest record, a shape of type null. */
const SHORTEST = 12;
/** Bytes read at once. */
const BLOCK = 1 << 20;

export interface ShapeCount {
  readonly count: number;
  /** True if the file ends within a record, or goes on with bytes that are none. */
  readonly isCut: boolean;
}

/** The entries of a .shx. */
interface ShapeIndex {
  /** Bytes before each record in the .shp. */
  readonly starts: readonly number[];
  /** True if each record follows the one before without a gap. */
  readonly isGapless: boolean;
  /** Bytes of the .shp up to the end of the last record. */
  readonly end: number;
}

export async function readIndex(shx: string): Promise<ShapeIndex> {
  const bytes = await readFile(shx);
  const starts: number[] = [];
  let isGapless = true;
  let end = HEADER;
  for (let at = HEADER; at + 8 <= bytes.length; at += 8) {
    const start = 2 * bytes.readUInt32BE(at);
    isGapless &&= start === end;
    end = start + RECORD_HEADER + 2 * bytes.readUInt32BE(at + 4);
    starts.push(start);
  }
  return { starts, isGapless, end };
}

/** Finds the records of a .shp, one after another, without its index. */
export async function walkShapes(
  shp: FileHandle,
  size: number,
): Promise<{ readonly starts: ReadonlySet<number>; readonly isCut: boolean }> {
  const starts = new Set<number>();
  let block = Buffer.alloc(0);
  let first = 0;
  let at = HEADER;
  const wordAt = async (position: number): Promise<number> => {
    if (position < first || position + 4 > first + block.length) {
      const { buffer, bytesRead } = await shp.read(Buffer.alloc(BLOCK), 0, BLOCK, position);
      block = buffer.subarray(0, bytesRead);
      first = position;
    }
    return block.readUInt32BE(position - first);
  };
  while (at + SHORTEST <= size) {
    const length = RECORD_HEADER + 2 * (await wordAt(at + 4));
    if (length < SHORTEST || at + length > size) break;
    starts.add(at);
    at += length;
  }
  // Bytes beyond the length that the header declares are no shapes.
  const isWhole = at === size || (size >= HEADER && at === 2 * (await wordAt(24)));
  return { starts, isCut: !isWhole };
}
