import { createHash } from 'node:crypto';
import { COMPRESS_FROM, COMPRESSIONS, type Compression, compress, decompress } from '../../lib/compression.ts';
import { Flights } from '../../lib/flights.ts';

export type Encoding = Compression | 'identity';

/** Overhead of an entry: keys, maps and objects take 1.3 KB of heap; the rest is the buffer of the bytes. */
const OVERHEAD = 1500;

/** The fastest level, since a client waits for the tile. */
const GZIP_LEVEL = 1;

/** A record instead of a Map, which takes as much memory as a small tile. */
type Forms = Partial<Record<Encoding, Uint8Array>>;

/** A tile ready to send. Of a large one only the requested compressed forms are stored. */
export class StoredTile {
  /** Digest of the uncompressed tile. */
  readonly digest: string;
  readonly isEmpty: boolean;
  #forms: Forms = {};
  /** Usually undefined, because it takes as much memory as a small tile. */
  #making: Flights<Encoding, Uint8Array> | undefined;
  #isSmall: boolean;
  #isIdentityAsked = false;
  #weightChanged: (() => void) | undefined;
  /** The same tile in MLT, once one has been requested. */
  #mlt: StoredTile | undefined;
  #converting: Flights<'mlt', StoredTile> | undefined;

  /**
   * @param body MVT or MLT; undefined: nothing is visible
   * @param digest of the body, if it is known
   */
  constructor(body: Uint8Array | undefined, digest = digestOf(body)) {
    this.isEmpty = body === undefined;
    this.#isSmall = (body?.length ?? 0) < COMPRESS_FROM;
    this.digest = digest;
    if (body) this.#forms = { identity: alone(body) };
  }

  /** Returns a tile from one form of another process: gzip of a large tile, or the bytes of a small one. */
  static of(digest: string, encoding: 'gzip' | 'identity', form: Uint8Array): StoredTile {
    if (encoding === 'identity') return new StoredTile(form, digest);
    const tile = new StoredTile(form, digest);
    tile.#isSmall = false;
    tile.#forms = { gzip: alone(form) };
    return tile;
  }

  /** Bytes of memory. */
  get weight(): number {
    let weight = OVERHEAD + (this.#mlt?.weight ?? 0);
    for (const form of Object.values(this.#forms)) weight += form.length;
    return weight;
  }

  /** Registers a callback for changes of weight, which follow when another form is encoded. */
  onWeightChange(callback: () => void): void {
    this.#weightChanged = callback;
  }

  /** Returns the encoding to use for a client's accepted ones. */
  encodingFor(accepted: readonly Encoding[]): Encoding {
    return this.#isSmall ? 'identity' : (accepted[0] ?? 'identity');
  }

  /** Returns the bytes if they are encoded already. */
  peek(encoding: Encoding): Uint8Array | undefined {
    return this.#forms[encoding];
  }

  async form(encoding: Encoding): Promise<Uint8Array> {
    if (encoding === 'identity') this.#isIdentityAsked = true;
    const form = this.#forms[encoding];
    if (form) return form;
    this.#making ??= new Flights();
    try {
      return await this.#making.join(encoding, { start: () => this.#make(encoding) });
    } finally {
      if (this.#making?.count === 0) this.#making = undefined;
    }
  }

  /**
   * Returns the tile in MLT, which weighs with this one.
   * @param convert returns the MLT of an MVT tile
   */
  async toMlt(convert: (mvt: Uint8Array) => Promise<Uint8Array>): Promise<StoredTile> {
    if (this.isEmpty) return this;
    if (this.#mlt) return this.#mlt;
    this.#converting ??= new Flights();
    try {
      return await this.#converting.join('mlt', { start: () => this.#convert(convert) });
    } finally {
      if (this.#converting?.count === 0) this.#converting = undefined;
    }
  }

  async #convert(convert: (mvt: Uint8Array) => Promise<Uint8Array>): Promise<StoredTile> {
    const mlt = new StoredTile(await convert(await this.#body()));
    mlt.onWeightChange(() => this.#weightChanged?.());
    this.#mlt = mlt;
    this.#weightChanged?.();
    return mlt;
  }

  async #make(encoding: Encoding): Promise<Uint8Array> {
    const body = await this.#body();
    const form = encoding === 'identity' ? body : alone(await compress(body, encoding, GZIP_LEVEL));
    const { identity, ...compressed } = { ...this.#forms, [encoding]: form };
    this.#forms = this.#isIdentityAsked && identity ? { identity, ...compressed } : compressed;
    this.#weightChanged?.();
    return form;
  }

  async #body(): Promise<Uint8Array> {
    const body = this.#forms.identity;
    if (body) return body;
    for (const compression of COMPRESSIONS) {
      const form = this.#forms[compression];
      if (form) return decompress(form, compression);
    }
    return new Uint8Array();
  }
}

/**
 * Returns the bytes in a buffer of their own. Results of zlib, pg and Redis are often slices of a larger buffer. 500
 * bytes of gzip retained the 16 KB around them, and a cache of 32 MB took 250.
 */
function alone(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength === bytes.byteLength ? bytes : new Uint8Array(bytes);
}

function digestOf(body: Uint8Array | undefined): string {
  return createHash('sha1')
    .update(body ?? '')
    .digest('base64url');
}
