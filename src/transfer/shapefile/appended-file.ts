import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Bytes that are gathered before they are written, or read at a time. */
const CHUNK = 1 << 20;

/** A file that is written from its start to its end, in a thread that may wait for the disk. */
export class AppendedFile {
  readonly path: string;
  readonly #descriptor: number;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #size = 0;

  constructor(path: string) {
    this.path = path;
    this.#descriptor = openSync(path, 'w+');
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  append(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#size += bytes.length;
    if (this.#waitingBytes >= CHUNK) this.#flush();
  }

  /** Replaces the first bytes. */
  replaceStart(bytes: Uint8Array): void {
    this.#flush();
    writeSync(this.#descriptor, bytes, 0, bytes.length, 0);
  }

  /** Yields the bytes so far in chunks, each valid until the next. */
  *chunks(): Generator<Buffer> {
    this.#flush();
    const chunk = Buffer.alloc(CHUNK);
    for (let at = 0; at < this.#size; ) {
      const read = readSync(this.#descriptor, chunk, 0, CHUNK, at);
      yield chunk.subarray(0, read);
      at += read;
    }
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#waiting);
    const start = this.#size - this.#waitingBytes;
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, start + done);
    }
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

/**
 * Yields the records of a file, each valid until the next.
 * @param lengthOf returns the bytes of the record at the start of a buffer; undefined if more of it is needed
 */
export function* recordsOf(file: AppendedFile, lengthOf: (bytes: Buffer) => number | undefined): Generator<Buffer> {
  let rest = Buffer.alloc(0);
  for (const chunk of file.chunks()) {
    const known = rest.length ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    for (;;) {
      const length = lengthOf(known.subarray(start));
      if (length === undefined || start + length > known.length) break;
      yield known.subarray(start, start + length);
      start += length;
    }
    rest = Buffer.from(known.subarray(start));
  }
}
