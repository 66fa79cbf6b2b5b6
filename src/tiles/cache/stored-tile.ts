import { createHash } from 'node:crypto';
import { COMPRESS_FROM, COMPRESSIONS, type Compression, compress, decompress } from '../../lib/compression.ts';

export type Encoding = Compression | 'identity';

/** What an entry costs beside its bytes: keys, maps, objects, 1.3 KB of them on the heap, and what the bytes are kept in. */
const OVERHEAD = 1500;

/** A tile waits to be shown: the fastest. */
const GZIP_LEVEL = 1;

/** A record and no map, which takes as much memory as a small tile. */
type Forms = Partial<Record<Encoding, Uint8Array>>;

/** A tile ready to be sent. Of a large one only the compressed forms that were asked for are kept. */
export class StoredTile {
  /** Digest of the uncompressed tile. */
  readonly digest: string;
  readonly isEmpty: boolean;
  #forms: Forms = {};
  #making: Partial<Record<Encoding, Promise<Uint8Array>>> | undefined;
  #isSmall: boolean;
  #isIdentityAsked = false;
  #weightChanged: (() => void) | undefined;

  /**
   * @param body MVT; undefined: nothing is to be seen
   * @param digest of the body, where it is known
   */
  constructor(body: Uint8Array | undefined, digest = digestOf(body)) {
    this.isEmpty = body === undefined;
    this.#isSmall = (body?.length ?? 0) < COMPRESS_FROM;
    this.digest = digest;
    if (body) this.#forms = { identity: alone(body) };
  }

  /** A tile of which another process has made one form: gzip of one that is not small, or the bytes themselves. */
  static of(digest: string, encoding: 'gzip' | 'identity', form: Uint8Array): StoredTile {
    if (encoding === 'identity') return new StoredTile(form, digest);
    const tile = new StoredTile(form, digest);
    tile.#isSmall = false;
    tile.#forms = { gzip: alone(form) };
    return tile;
  }

  /** Bytes of memory. */
  get weight(): number {
    let weight = OVERHEAD;
    for (const form of Object.values(this.#forms)) weight += form.length;
    return weight;
  }

  /** Tells whoever keeps it when a form has been made, and its weight is another. */
  onWeightChange(told: () => void): void {
    this.#weightChanged = told;
  }

  /** The encoding that a client gets who takes these. */
  encodingFor(accepted: readonly Encoding[]): Encoding {
    return this.#isSmall ? 'identity' : (accepted[0] ?? 'identity');
  }

  /** The bytes, where they need not be made first. */
  peek(encoding: Encoding): Uint8Array | undefined {
    return this.#forms[encoding];
  }

  async form(encoding: Encoding): Promise<Uint8Array> {
    if (encoding === 'identity') this.#isIdentityAsked = true;
    const form = this.#forms[encoding] ?? this.#making?.[encoding];
    if (form) return form;
    const making = this.#make(encoding).finally(() => {
      // Of two that are made at a time, the other may be made once more.
      this.#making = undefined;
    });
    this.#making = { ...this.#making, [encoding]: making };
    return making;
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
 * The bytes in memory of their own. What zlib, pg and Redis give is often a piece of something larger: 500 bytes of gzip
 * keep the 16 KB that they were written into, and a cache of 32 MB kept 250.
 */
function alone(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength === bytes.byteLength ? bytes : new Uint8Array(bytes);
}

function digestOf(body: Uint8Array | undefined): string {
  return createHash('sha1')
    .update(body ?? '')
    .digest('base64url');
}
