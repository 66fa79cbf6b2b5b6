import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { encodingName } from './encoding.ts';
import { decodedChunks, readStart, wideOf } from './text-file.ts';

/** Encodings by font, in which the text of an XML is written that itself is in another. */
const BY_FONT = /^(tcvn|abc|vn-?3|vni)/i;

/** The encoding of an XML file: by its mark, as told, as declared, else UTF-8. */
export async function xmlEncoding(file: string, told: string | undefined): Promise<string> {
  const start = await readStart(file, 200);
  const wide = wideOf(start);
  if (wide) return wide;
  const declared = /^[^<]*<\?xml[^>]*encoding\s*=\s*["']([^"']+)/.exec(start.toString('latin1'))?.[1];
  return encodingName((told && !BY_FONT.test(told) ? told : declared) ?? 'utf-8') ?? 'utf-8';
}

/** Writes an XML file anew in UTF-8, where it is in another encoding: GDAL knows few. */
export async function toUtf8Xml(file: string, told: string | undefined): Promise<void> {
  const encoding = await xmlEncoding(file, told);
  if (encoding === 'utf-8') return;
  async function* utf8(): AsyncGenerator<string> {
    let isFirst = true;
    for await (const chunk of decodedChunks(file, encoding)) {
      yield isFirst ? chunk.replace(/^([^<]*<\?xml[^>]*encoding\s*=\s*["'])[^"']+/, '$1UTF-8') : chunk;
      isFirst = false;
    }
  }
  const written = `${file}.utf8`;
  await pipeline(Readable.from(utf8()), createWriteStream(written));
  await rename(written, file);
}
