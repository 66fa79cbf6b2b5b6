import type { FileHandle } from 'node:fs/promises';

/** First bytes of a compound file (MS-CFB §2.2), which holds streams by name as a folder holds files. */
export const COMPOUND = Buffer.from('d0cf11e0a1b11ae1', 'hex');

const HEADER_LENGTH = 512;
const ENTRY_LENGTH = 128;
/** Most sectors of the directory that are read. The names that tell a format are among the first. */
const MOST_SECTORS = 64;
/** Sector numbers from here on end a chain (MS-CFB §2.1). */
const LAST_SECTOR = 0xfffffffa;
/** Entries of the header for sectors of the allocation table, from byte 76. */
const HEADER_TABLES = { start: 76, count: 109 };

/** Returns the names of the streams in a compound file, as far as its directory can be read. */
export async function compoundNames(handle: FileHandle): Promise<string[]> {
  const header = await readBytesAt(handle, 0, HEADER_LENGTH);
  if (header.length < HEADER_LENGTH || !header.subarray(0, 8).equals(COMPOUND)) return [];
  const size = header.readUInt16LE(30) === 12 ? 4096 : 512;
  const readSector = (sector: number) => readBytesAt(handle, (sector + 1) * size, size);
  const names: string[] = [];
  let sector = header.readUInt32LE(48);
  for (let count = 0; count < MOST_SECTORS && sector < LAST_SECTOR; count++) {
    names.push(...namesOf(await readSector(sector)));
    // The table has a number of four bytes for every sector: the next one of its chain.
    const table = Math.floor(sector / (size / 4));
    if (table >= HEADER_TABLES.count) break;
    const entries = await readSector(header.readUInt32LE(HEADER_TABLES.start + 4 * table));
    const at = (sector % (size / 4)) * 4;
    sector = entries.length >= at + 4 ? entries.readUInt32LE(at) : LAST_SECTOR;
  }
  return names;
}

function namesOf(directory: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at + ENTRY_LENGTH <= directory.length; at += ENTRY_LENGTH) {
    // The length counts the zero at the end, two bytes.
    const length = Math.min(directory.readUInt16LE(at + 64), 64) - 2;
    if (length > 0) names.push(directory.toString('utf16le', at, at + length));
  }
  return names;
}

async function readBytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
