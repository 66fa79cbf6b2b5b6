import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Problem } from '../../../lib/errors.ts';

/** A file that ends before its end. GDAL and SQLite return what they find, or fail without saying why. */
interface CutFile {
  /** Bytes of the file, and those that it should have; undefined if it does not say. */
  readonly size: number;
  readonly wanted: number | undefined;
}

/** Checks of formats that say where they end; by extension. */
const CHECKS: Readonly<Record<string, (file: FileHandle, size: number) => Promise<CutFile | undefined>>> = {
  '.gpkg': cutSqlite,
  '.dxf': cutDxf,
  '.dgn': cutDgn,
  '.dbf': cutDbf,
};

/** @throws Problem if the file ends before its end */
export async function refuseCut(path: string): Promise<void> {
  if (/\.gdb$/i.test(path)) await refuseCutGeodatabase(path);
  const check = CHECKS[extname(path).toLowerCase()];
  if (!check) return;
  const file = await open(path);
  try {
    const cut = await check(file, (await file.stat()).size);
    if (cut) throw cutFile(cut);
  } finally {
    await file.close();
  }
}

/** Returns the problem of a file that was cut on its way. */
export function cutFile({ size, wanted }: CutFile): Problem {
  const [vi, en] =
    wanted === undefined
      ? [`có ${size} byte, thiếu phần cuối`, `has ${size} bytes, and its end is missing`]
      : [`có ${size} byte, đáng lẽ có ${wanted}`, `has ${size} bytes and should have ${wanted}`];
  return new Problem('invalid-body', {
    vi: `Tệp bị cắt: ${vi}. Hãy chép hoặc tải lại từ bản gốc rồi nhập.`,
    en: `The file is cut: it ${en}. Copy or download it again from the original, then import it.`,
  });
}

/** Compares the size of a database with the pages that its header counts (https://sqlite.org/fileformat.html §1.3). */
async function cutSqlite(file: FileHandle, size: number): Promise<CutFile | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(100), 0, 100, 0);
  if (bytesRead < 100 || !buffer.toString('latin1').startsWith('SQLite format 3\0')) return undefined;
  const stated = buffer.readUInt16BE(16);
  const wanted = (stated === 1 ? 65_536 : stated) * buffer.readUInt32BE(28);
  // Old versions of SQLite leave the count as it was; then these two counters differ.
  const isCounted = buffer.readUInt32BE(24) === buffer.readUInt32BE(92);
  return isCounted && size < wanted ? { size, wanted } : undefined;
}

/** Compares the size of a dBASE table with the rows that its header counts. */
async function cutDbf(file: FileHandle, size: number): Promise<CutFile | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0);
  if (bytesRead < 12) return { size, wanted: undefined };
  const wanted = buffer.readUInt16LE(8) + buffer.readUInt32LE(4) * buffer.readUInt16LE(10);
  return size < wanted ? { size, wanted } : undefined;
}

/** A DXF ends with the group `0 EOF`, which may be followed by white space. */
async function cutDxf(file: FileHandle, size: number): Promise<CutFile | undefined> {
  const length = Math.min(size, 4096);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  const end = buffer.toString('latin1').trimEnd();
  return /(^|[\r\n])[ \t]*0[ \t]*\r?\n[ \t]*EOF$/.test(end) ? undefined : { size, wanted: undefined };
}

/**
 * Compares each table of a file geodatabase with its index, which has the places of 1024 rows in a block.
 * https://github.com/rouault/dump_gdbtable/wiki/FGDB-Spec
 */
async function refuseCutGeodatabase(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => /\.gdbtable$/i.test(each))) {
    const index = join(
      folder,
      name.replace(/e$/i, (letter) => (letter === 'E' ? 'X' : 'x')),
    );
    const size = (await stat(index).catch(() => undefined))?.size ?? 0;
    const [table, head] = [
      await readTableHead(join(folder, name)),
      size < 16 ? Buffer.alloc(16) : await readTableHead(index),
    ];
    // 4, 5 or 6 bytes for each row.
    const wanted = 16 + head.readUInt32LE(4) * 1024 * head.readUInt32LE(12);
    const hasRows = table.readUInt32LE(0) === 3 && table.readUInt32LE(4) > 0;
    if (size < wanted && (hasRows || size >= 16)) throw cutFile({ size, wanted });
  }
}

async function readTableHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    return (await file.read(Buffer.alloc(16), 0, 16, 0)).buffer;
  } finally {
    await file.close();
  }
}

/** Bytes of a DGN read at once. */
const BLOCK = 1 << 20;

/**
 * Follows the elements of a DGN of version 7 to its end mark, two bytes of 0xFF. An element has its length in 16-bit
 * words, without its first two, at byte 2 (Intergraph Standard File Formats, 1987).
 */
async function cutDgn(file: FileHandle, size: number): Promise<CutFile | undefined> {
  let block = Buffer.alloc(0);
  let first = 0;
  let at = 0;
  while (at + 2 <= size) {
    if (at < first || at + 4 > first + block.length) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(BLOCK), 0, BLOCK, at);
      block = buffer.subarray(0, bytesRead);
      first = at;
    }
    if (block.readUInt16LE(at - first) === 0xffff) return undefined;
    if (at + 4 > size) break;
    at += 4 + 2 * block.readUInt16LE(at - first + 2);
  }
  return { size, wanted: at > size ? at : undefined };
}
