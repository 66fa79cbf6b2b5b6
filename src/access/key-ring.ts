import type { Logger } from 'pino';
import type { Database, Listener } from '../database/database.ts';
import { isForbidden } from '../database/sqlstate.ts';
import { Problem, type Text } from '../lib/errors.ts';
import { hashApiKey, isApiKey } from './api-key.ts';
import { type KeyRow, keysQuery, usedQuery } from './key-query.ts';
import type { Principal } from './principal.ts';
import { accessClassOf, type KeyScope, readUnit } from './scope.ts';

const CHANNEL = 'diaba_access';
/** Interval at which keys are read again. NOTIFY only lowers the latency. */
const POLL_MS = 1000;
/** Longest time for which keys count as current. Later, none is accepted, since it could have been revoked. */
const TRUSTED_MS = 2000;
/** Precision of the time of last use. */
const USE_MS = 60_000;

/** A key as its holder uses it. */
export interface HeldKey {
  readonly id: string;
  readonly agency: string;
  readonly purpose: string;
  readonly scope: KeyScope;
  readonly accessClass: string;
  readonly expiresAt: number;
  readonly isRevoked: boolean;
}

/** Returns the principal that a key is, without a record of accesses. */
export function principalOf({ accessClass, scope, id }: HeldKey): Principal {
  return { accessClass, scope, keyId: id };
}

/** The keys of `access.key` in memory, at most 2 s old. */
export class KeyRing {
  readonly #db: Database;
  readonly #log: Logger;
  #keys: ReadonlyMap<string, HeldKey> = new Map();
  #usedAt = new Map<string, number>();
  /** `performance.now()` at which the last complete read began. */
  #readAt = Number.NEGATIVE_INFINITY;
  /** `performance.now()` of the first announced change that no read includes. */
  #changedAt: number | undefined;
  #reading: Promise<void> | undefined;
  #isFailing = false;
  #isAgain = false;
  #timer: NodeJS.Timeout | undefined;
  #listener: Listener | undefined;

  private constructor(db: Database, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  static async open(db: Database, log: Logger): Promise<KeyRing> {
    const ring = new KeyRing(db, log);
    ring.#listener = await db.listen(CHANNEL, () => ring.#announced());
    await ring.refresh();
    ring.#timer = setInterval(() => void ring.refresh(), POLL_MS).unref();
    return ring;
  }

  /**
   * Returns the key of a text.
   * @throws Problem unauthorized for a key that is unknown, expired or revoked; overloaded while keys cannot be checked
   */
  require(text: string): HeldKey {
    if (!isApiKey(text)) throw unauthorized(MALFORMED);
    const key = this.#checked(() => this.#keys.get(hashApiKey(text)));
    this.#noteUse(key.id);
    return key;
  }

  /**
   * Returns the key of an id, for work that its holder has asked for.
   * @throws as {@link require}
   */
  requireId(id: string): HeldKey {
    return this.#checked(() => [...this.#keys.values()].find((key) => key.id === id));
  }

  #checked(find: () => HeldKey | undefined): HeldKey {
    if (!this.#isCurrent()) throw new Problem('overloaded', UNCHECKED);
    const key = find();
    if (!key) throw unauthorized(UNKNOWN);
    if (key.isRevoked) throw unauthorized(REVOKED);
    if (key.expiresAt <= Date.now()) throw unauthorized(EXPIRED);
    return key;
  }

  /** Reads the keys now. Calls while a read runs share one that begins after it. */
  refresh(): Promise<void> {
    if (this.#reading) {
      this.#isAgain = true;
      return this.#reading;
    }
    this.#reading = this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#listener?.stop();
    await this.#reading;
  }

  #announced(): void {
    this.#changedAt ??= performance.now();
    void this.refresh();
  }

  /**
   * Returns true if every change older than 2 s is known. Without a change that awaits its read, the keys are those of
   * the last proof that notifications arrive; on the embedded engine that is always now.
   */
  #isCurrent(): boolean {
    const proven = this.#isFailing ? Number.NEGATIVE_INFINITY : (this.#listener?.provenAt() ?? this.#readAt);
    const knownAt = Math.max(this.#readAt, this.#changedAt === undefined ? proven : this.#changedAt);
    return performance.now() - knownAt <= TRUSTED_MS;
  }

  async #read(): Promise<void> {
    do {
      this.#isAgain = false;
      const began = performance.now();
      try {
        const rows = await (this.#listener ?? this.#db).query<KeyRow & { hash: string }>(keysQuery());
        this.#keys = new Map(rows.map((row) => [row.hash, heldKey(row)]));
        this.#readAt = began;
        if (this.#changedAt !== undefined && this.#changedAt <= began) this.#changedAt = undefined;
        this.#isFailing = false;
      } catch (error) {
        if (!this.#isFailing) this.#log.warn(isForbidden(error) ? {} : { err: error }, NOT_READ);
        this.#isFailing = true;
      }
    } while (this.#isAgain);
  }

  #noteUse(id: string): void {
    const now = Date.now();
    if (now - (this.#usedAt.get(id) ?? 0) < USE_MS) return;
    this.#usedAt.set(id, now);
    // A role that may only read keys serves them all the same.
    this.#db.query(usedQuery(id), { priority: 'background' }).catch((error) => {
      if (!isForbidden(error)) this.#log.warn({ err: error }, 'last use of a key not written');
    });
  }
}

const NOT_READ = 'the keys (access.key) cannot be read: no key is accepted';

function heldKey({ id, agency, purpose, databases, layers, units, operations, ...row }: KeyRow): HeldKey {
  const scope = { databases, layers, units: units.map(readUnit), operations };
  return {
    ...{ id, agency, purpose, scope },
    accessClass: accessClassOf(scope),
    expiresAt: Date.parse(row.expires_at),
    isRevoked: row.revoked_at !== null,
  };
}

const MALFORMED: Text = {
  vi: 'Đây không phải khóa API: khóa có dạng diaba_<mã>_<chuỗi>, do lệnh "diaba keys create" in ra.',
  en: 'This is no API key: one has the form diaba_<id>_<secret>, as "diaba keys create" prints it.',
};
const UNKNOWN: Text = { vi: 'Máy chủ này không biết khóa API đó.', en: 'This server does not know that API key.' };
const REVOKED: Text = {
  vi: 'Khóa API này đã bị thu hồi. Hãy xin khóa khác.',
  en: 'This API key has been revoked. Ask for another one.',
};
const EXPIRED: Text = {
  vi: 'Khóa API này đã hết hạn. Hãy xin khóa khác.',
  en: 'This API key has expired. Ask for another one.',
};
const UNCHECKED: Text = {
  vi: 'Lúc này không kiểm tra được khóa API. Hãy thử lại sau.',
  en: 'API keys cannot be checked at the moment. Try again later.',
};

export function unauthorized(detail: Text): Problem {
  return new Problem('unauthorized', detail);
}
