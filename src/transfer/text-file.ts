import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

/** Text of a file, piece by piece. */
export interface TextFile {
  /** Whether a character of `chunks` is a byte of the file, for its encoding is not known yet. */
  readonly isBytes: boolean;
  chunks(): AsyncGenerator<string>;
}

/**
 * @param encoding that was told, or that the file names; UTF-16 is known by its mark or its zeros. Of encodings in which every
 * byte below 0x80 is ASCII the bytes are given: a text may be in another than its neighbour.
 */
export async function openText(file: string, encoding: string | undefined): Promise<TextFile> {
  const start = await readStart(file, 4);
  const known =
    wideOf(start) ?? (encoding && /^(gb|big5|shift|euc|iso-2022|utf-?16)/i.test(encoding) ? encoding : undefined);
  const mark = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 3 : 0;
  return { isBytes: known === undefined, chunks: () => (known ? decodedChunks(file, known) : bytesOf(file, mark)) };
}

async function* bytesOf(file: string, start: number): AsyncGenerator<string> {
  for await (const chunk of createReadStream(file, { start, encoding: 'latin1', highWaterMark: 1 << 18 })) yield chunk;
}

/** A file of one encoding. Of windows-1258, which has letters and marks of tone apart, the letters are whole (NFC). */
export async function* decodedChunks(file: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  const isApart = decoder.encoding === 'windows-1258';
  let held = '';
  for await (const chunk of createReadStream(file)) {
    const text = held + decoder.decode(chunk as Buffer, { stream: true });
    // A mark may come with the next chunk.
    const end = isApart ? lastLetter(text) : text.length;
    held = text.slice(end);
    yield isApart ? text.slice(0, end).normalize('NFC') : text;
  }
  const rest = held + decoder.decode();
  yield isApart ? rest.normalize('NFC') : rest;
}

function lastLetter(text: string): number {
  let at = text.length - 1;
  while (at > 0 && /\p{M}/u.test(text[at] ?? '')) at--;
  return Math.max(at, 0);
}

/** The first bytes of a file. */
export async function readStart(file: string, length: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** UTF-16 by its mark, or by the zeros of its first letter; undefined: another. */
export function wideOf([a, b]: Buffer): string | undefined {
  if ((a === 0xff && b === 0xfe) || (a && b === 0)) return 'utf-16le';
  return (a === 0xfe && b === 0xff) || (a === 0 && b) ? 'utf-16be' : undefined;
}
