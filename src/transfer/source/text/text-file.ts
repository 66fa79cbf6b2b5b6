import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

/** Text of a file, in chunks. */
export interface TextFile {
  /** True if characters of `chunks` are bytes of the file, because its encoding is unknown yet. */
  readonly isBytes: boolean;
  chunks(): AsyncGenerator<string>;
}

/**
 * Opens a text file. UTF-16 is recognized by its mark or its zeros. For encodings in which every byte below 0x80 is
 * ASCII the bytes are returned, since texts of a file may differ in encoding.
 * @param encoding given by the request, or declared by the file
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

/**
 * Yields the text of a file in one encoding. windows-1258 stores letters and tone marks apart; they are joined (NFC).
 */
export async function* decodedChunks(file: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  const isApart = decoder.encoding === 'windows-1258';
  let held = '';
  for await (const chunk of createReadStream(file)) {
    const text = held + decoder.decode(chunk as Buffer, { stream: true });
    // The tone mark may come with the next chunk.
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

/** Returns the first bytes of a file. */
export async function readStart(file: string, length: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Returns true if a text ends with a line break. One that does not may be cut within its last value. */
export async function endsLine(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    // In UTF-16 a zero stands beside each ASCII letter.
    return /[\r\n]\P{L}?$/u.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** Returns the number of lines that hold anything. A line break between quotation marks ends none. */
export async function countLines(file: string): Promise<number> {
  let count = 0;
  let [isBlank, isQuoted] = [true, false];
  for await (const chunk of createReadStream(file, { encoding: 'latin1' })) {
    // A quotation mark in a quoted text is written twice, and changes nothing. A line break there is part of the text.
    for (const [part] of (chunk as string).matchAll(/["\r\n]|[^"\r\n]+/g)) {
      const isBreak = part === '\r' || part === '\n';
      if (!isBreak && isBlank) count++;
      if (part === '"') isQuoted = !isQuoted;
      isBlank = isBreak ? isBlank || !isQuoted : false;
    }
  }
  return count;
}

/** Detects UTF-16 by its mark, or by the zeros of its first letter; undefined for other encodings. */
export function wideOf([a, b]: Buffer): string | undefined {
  if ((a === 0xff && b === 0xfe) || (a && b === 0)) return 'utf-16le';
  return (a === 0xfe && b === 0xff) || (a === 0 && b) ? 'utf-16be' : undefined;
}
