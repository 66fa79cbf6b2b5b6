import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { encodingName } from './encoding.ts';
import { decodedChunks, readStart, wideOf } from './text-file.ts';

/** Matches encodings tied to fonts, used for text inside an XML file that is itself in another encoding. */
const BY_FONT = /^(tcvn|abc|vn-?3|vni)/i;

/** Returns the encoding of an XML file: by its mark, from the request, from its declaration, else UTF-8. */
export async function xmlEncoding(file: string, given: string | undefined): Promise<string> {
  const start = await readStart(file, 200);
  const wide = wideOf(start);
  if (wide) return wide;
  const declared = /^[^<]*<\?xml[^>]*encoding\s*=\s*["']([^"']+)/.exec(start.toString('latin1'))?.[1];
  return encodingName((given && !BY_FONT.test(given) ? given : declared) ?? 'utf-8') ?? 'utf-8';
}

/** Rewrites an XML file in UTF-8 if it is in another encoding, since GDAL supports few. */
export async function toUtf8Xml(file: string, given: string | undefined): Promise<void> {
  const encoding = await xmlEncoding(file, given);
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

/** Returns the name of an element without the prefix of its namespace. */
export function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
