import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { Problem } from '../../../lib/errors.ts';

/** Most bytes that an archive may unpack to. A province's parcels are about 1 GB; a zip bomb is more. */
const MAX_UNPACKED = 4_000_000_000;

/** Returns the path of a file below the folder; undefined skips it. */
export type FileNaming = (name: string) => string | undefined;

const openZip = promisify<string, { lazyEntries: boolean; decodeStrings: boolean }, ZipFile>(yauzl.open);

/**
 * Unpacks the files to which `place` gives a path. It receives names without folders, which become prefixes `a__`, so
 * that no file leaves the folder. Files that operating systems add (`__MACOSX`, dot files) are skipped.
 * @returns the names in the folder
 * @throws Problem if the file is no zip, or is damaged, encrypted or too large
 */
export async function unpack(file: string, folder: string, place: FileNaming): Promise<string[]> {
  try {
    const zip = await openZip(file, { lazyEntries: true, decodeStrings: false });
    return await unpackEntries(zip, folder, place);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('invalid-body', {
      vi: `Không giải nén được tệp zip (${(error as Error).message}). Hãy nén lại và gửi lại.`,
      en: `The zip file cannot be unpacked (${(error as Error).message}). Pack it again and send it again.`,
    });
  }
}

function unpackEntries(zip: ZipFile, folder: string, place: FileNaming): Promise<string[]> {
  const names: string[] = [];
  let size = 0;
  const extract = async (entry: Entry) => {
    const name = place(flatten((entry.fileName as unknown as Buffer).toString('utf8')) ?? '');
    if (!name) return;
    size += entry.uncompressedSize;
    if (size > MAX_UNPACKED) throw tooLarge();
    const stream = await promisify(zip.openReadStream.bind(zip) as (e: Entry, done: ReadDone) => void)(entry);
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await pipeline(stream, checksum(entry.crc32), createWriteStream(join(folder, name)));
    names.push(name);
  };
  return new Promise((resolve, reject) => {
    const stop = (error: Error) => {
      zip.close();
      reject(error);
    };
    zip.on('entry', (entry: Entry) => void extract(entry).then(() => zip.readEntry(), stop));
    zip.on('error', stop);
    zip.on('end', () => resolve(names));
    zip.readEntry();
  });
}

/** Passes bytes on, and fails at their end if their checksum is another. yauzl compares the length only. */
function checksum(wanted: number): Transform {
  let crc = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      crc = crc32(chunk, crc);
      done(null, chunk);
    },
    flush(done) {
      done(crc === wanted ? null : new Error('a checksum is wrong'));
    },
  });
}

type ReadDone = (error: Error | null, stream: NodeJS.ReadableStream) => void;

/** Returns a file name without folders; undefined for folders and for files that operating systems add. */
function flatten(path: string): string | undefined {
  const parts = path.split(/[\\/]+/).filter((part) => part && part !== '.' && part !== '..');
  if (/[\\/]$/.test(path) || parts.some((part) => part === '__MACOSX' || part.startsWith('.'))) return undefined;
  return parts.length ? parts.join('__') : undefined;
}

function tooLarge(): Problem {
  return new Problem('too-large', {
    vi: 'Tệp zip bung ra quá 4 GB. Hãy chia thành nhiều tệp.',
    en: 'The zip file unpacks to more than 4 GB. Split it into several files.',
  });
}
