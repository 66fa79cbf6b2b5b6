import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { Zip, type ZipInputFile } from 'fflate';
import { Problem } from './errors.ts';

/** A file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly content: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
}

/** Most bytes of a file, and of an archive (PKZIP APPNOTE 4.4.8). More needs ZIP64, which some readers lack. */
const MOST_BYTES = 2 ** 32 - 1;
const DEFLATED = 8;
const DEFLATE_LEVEL = 6;
const NOTHING = new Uint8Array(0);

/**
 * Yields a zip. Files are read one after the other, each as the client takes the archive, and compressed outside of this
 * thread. Memory does not grow with them.
 * @throws Problem too-much beyond 4 GB; as the contents
 */
export async function* zipOf(entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let size = 0;
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    size += chunk.length;
    if (size > MOST_BYTES) throw zipTooLarge();
    ready.push(chunk);
  });
  for await (const { name, content } of entries) {
    const file: ZipInputFile = { filename: name, size: 0, crc: 0, compression: DEFLATED };
    zip.add(file);
    for await (const chunk of deflated(content, file)) {
      file.ondata?.(null, chunk, false);
      yield* ready.splice(0);
    }
    file.ondata?.(null, NOTHING, true);
  }
  zip.end();
  yield* ready;
}

/** Compresses a content. Its size and checksum are those of `file` at the end. */
async function* deflated(content: ZipEntry['content'], file: ZipInputFile): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const measured = async function* () {
    for await (const chunk of content) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      file.crc = crc32(bytes, file.crc);
      file.size += bytes.length;
      if (file.size > MOST_BYTES) throw zipTooLarge();
      yield bytes;
    }
  };
  const deflate = createDeflateRaw({ level: DEFLATE_LEVEL });
  const read = pipeline(Readable.from(measured()), deflate);
  // A failure also ends the reading below, with the same error.
  read.catch(() => {});
  yield* deflate as AsyncIterable<Buffer<ArrayBuffer>>;
  await read;
}

function zipTooLarge(): Problem {
  return new Problem('too-much', {
    vi: 'Tệp này lớn hơn 4 GB, nhiều nhất mà một tệp zip chứa được; hãy lọc bớt, hoặc lấy GeoPackage hay CSV, không có giới hạn.',
    en: 'This file would be larger than 4 GB, the most that a zip holds; narrow the question, or take a GeoPackage or CSV, which have no limit.',
  });
}
