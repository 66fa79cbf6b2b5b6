import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { takeLock } from '../../database/folder-lock.ts';
import { Problem } from '../../lib/errors.ts';

/** Offset of the tile contents. The first 16 KiB are reserved for the header and the root directory of PMTiles. */
export const CONTENT_START = 16_384;

/**
 * Bytes of a record: id, offset, length, and the first 12 bytes of the content's SHA-256. The head of the log is a
 * whole SHA-256 of the request.
 */
const RECORD = 32;
/** Records read at once. */
const BATCH = 4096;
/** Flags that no mode of `open` offers: read and write anywhere, and create the file if it is missing. */
const OPEN_OR_CREATE = constants.O_RDWR | constants.O_CREAT;
/**
 * Number of contents (up to twice as many) among which repetitions are found, in 20 MB of memory. Along the curve,
 * equal contents are near each other.
 */
const REMEMBERED = 50_000;

/** A tile on disk. */
export interface SpooledTile {
  /** Its number in PMTiles. */
  readonly id: number;
  /** Bytes from {@link CONTENT_START}. */
  readonly offset: number;
  readonly length: number;
}

/**
 * Finished tiles on their way into an archive. `file` holds each distinct content once, one after the other; `file.log`
 * holds a record a tile. Whenever the process ends, the next one finds all tiles that were added.
 */
export class TileSpool {
  readonly file: string;
  readonly #content: FileHandle;
  readonly #log: FileHandle;
  readonly #unlock: () => void;
  /**
   * digest -> place of that content, in two generations of which the older is dropped whole. One map that evicts its
   * oldest key for each new one took 100 s for a million keys. V8 searches for the first key among the slots of all
   * deleted ones.
   */
  #recent = new Map<string, SpooledTile>();
  #older = new Map<string, SpooledTile>();
  #first = -1;
  #last = -1;
  #tiles = 0;
  #contents = 0;
  #size = 0;

  private constructor(file: string, handles: { content: FileHandle; log: FileHandle; unlock: () => void }) {
    this.file = file;
    this.#content = handles.content;
    this.#log = handles.log;
    this.#unlock = handles.unlock;
  }

  /**
   * Opens the spool of an earlier process, or starts one.
   * @param request everything on which the tiles depend; only the same request can continue
   * @throws Problem conflict if the spool belongs to another request, or another process is writing it
   */
  static async open(file: string, request: string): Promise<TileSpool> {
    const lock = takeLock(`${file}.lock`);
    if ('pid' in lock) throw inUse(file, lock.pid);
    const content = await open(file, OPEN_OR_CREATE);
    const log = await open(`${file}.log`, OPEN_OR_CREATE);
    const spool = new TileSpool(file, { content, log, unlock: lock.release });
    try {
      await spool.#recover(createHash('sha256').update(request).digest());
      return spool;
    } catch (error) {
      await spool.close();
      throw error;
    }
  }

  get first(): number {
    return this.#first;
  }

  /** Number of the last tile in the spool; -1: none. */
  get last(): number {
    return this.#last;
  }

  get tiles(): number {
    return this.#tiles;
  }

  /** Number of distinct contents, and their bytes. */
  get contents(): number {
    return this.#contents;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a tile whose number is above all others in the spool. */
  async add(id: number, content: Uint8Array): Promise<void> {
    const digest = createHash('sha256').update(content).digest().subarray(0, 12);
    const name = digest.toString('latin1');
    const known = this.#recent.get(name) ?? this.#older.get(name);
    const tile = known ? { ...known, id } : { id, offset: this.#size, length: content.length };
    // The record comes last, so that its content is always there.
    if (!known) await this.#content.write(content, 0, content.length, CONTENT_START + tile.offset);
    const record = spoolRecord(tile, digest);
    await this.#log.write(record, 0, RECORD, RECORD * (this.#tiles + 1));
    this.#count(tile, digest);
  }

  /** Yields the tiles in ascending order of their numbers. */
  async *entries(): AsyncGenerator<SpooledTile> {
    for await (const { tile } of this.#records()) yield tile;
  }

  async read({ offset, length }: SpooledTile): Promise<Uint8Array> {
    const { buffer, bytesRead } = await this.#content.read(Buffer.alloc(length), 0, length, CONTENT_START + offset);
    return buffer.subarray(0, bytesRead);
  }

  /** Writes outside of the contents: before {@link CONTENT_START} or after the last of them. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    await this.#content.write(bytes, 0, bytes.length, position);
  }

  /** Renames the file of the contents to `target` atomically, and deletes the log. */
  async moveTo(target: string): Promise<void> {
    await this.#content.sync();
    await rename(this.file, target);
    await rm(`${this.file}.log`);
  }

  /** Deletes the spool. */
  async remove(): Promise<void> {
    await Promise.all([rm(this.file, { force: true }), rm(`${this.file}.log`, { force: true })]);
  }

  /** Closes the files, so that another process can continue. */
  async close(): Promise<void> {
    await Promise.all([this.#content.close(), this.#log.close()]);
    this.#unlock();
  }

  async #recover(request: Buffer): Promise<void> {
    const { size } = await this.#log.stat();
    if (size < RECORD) await this.#log.write(request, 0, RECORD, 0);
    else if (!request.equals(await readAt(this.#log, 0, RECORD))) throw otherRequest(this.file);
    const { size: there } = await this.#content.stat();
    for await (const { tile, digest } of this.#records()) {
      // After a power failure the log may have reached the disk before the contents that it refers to.
      if (CONTENT_START + tile.offset + tile.length > there) break;
      this.#count(tile, digest);
    }
    await this.#log.truncate(RECORD * (this.#tiles + 1));
    await this.#content.truncate(CONTENT_START + this.#size);
  }

  #count(tile: SpooledTile, digest: Buffer): void {
    if (this.#tiles === 0) this.#first = tile.id;
    this.#last = tile.id;
    this.#tiles++;
    if (tile.offset < this.#size) return;
    this.#contents++;
    this.#size = tile.offset + tile.length;
    this.#recent.set(digest.toString('latin1'), tile);
    if (this.#recent.size < REMEMBERED) return;
    this.#older = this.#recent;
    this.#recent = new Map();
  }

  async *#records(): AsyncGenerator<{ tile: SpooledTile; digest: Buffer }> {
    for (let position = RECORD; ; position += BATCH * RECORD) {
      const batch = await readAt(this.#log, position, BATCH * RECORD);
      for (let start = 0; start + RECORD <= batch.length; start += RECORD) {
        yield fromRecord(batch.subarray(start, start + RECORD));
      }
      if (batch.length < BATCH * RECORD) return;
    }
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function spoolRecord({ id, offset, length }: SpooledTile, digest: Buffer): Buffer {
  const record = Buffer.alloc(RECORD);
  record.writeBigUInt64LE(BigInt(id), 0);
  record.writeBigUInt64LE(BigInt(offset), 8);
  record.writeUInt32LE(length, 16);
  digest.copy(record, 20);
  return record;
}

function fromRecord(record: Buffer): { tile: SpooledTile; digest: Buffer } {
  const [id, offset] = [0, 8].map((start) => Number(record.readBigUInt64LE(start))) as [number, number];
  return { tile: { id, offset, length: record.readUInt32LE(16) }, digest: record.subarray(20, RECORD) };
}

function inUse(file: string, pid: number): Problem {
  return new Problem('conflict', {
    vi: `Tiến trình ${pid} đang ghi ${file}. Hãy đợi nó xong hoặc dừng nó.`,
    en: `Process ${pid} is writing ${file}. Wait for it, or stop it.`,
  });
}

function otherRequest(file: string): Problem {
  return new Problem('conflict', {
    vi: `${file} là phần dở dang của một lệnh khác, hoặc định nghĩa các lớp đã đổi từ đó. Hãy xóa nó và ${file}.log, hoặc đặt tên tệp khác.`,
    en: `${file} was left by another command, or the layers' definitions have changed since. Remove it and ${file}.log, or name another file.`,
  });
}
