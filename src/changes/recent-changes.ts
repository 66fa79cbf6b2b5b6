import type { TileAddress } from '../geo/tile.ts';
import { type Change, touches } from './change.ts';
import { readSnapshot } from './snapshot.ts';

interface Received {
  readonly change: Change;
  readonly at: number;
  /** The highest transaction id among this change and all received before it. */
  readonly latest: bigint;
}

/**
 * Most changes remembered; beyond it the older half is dropped. While a transaction is open, every change since it
 * began is searched.
 */
const MOST = 20_000;

/**
 * Remembers recent changes, and the transaction before which they are incomplete. A tile rendered from an older
 * snapshot counts as outdated, because it may lack a change that was forgotten.
 */
export class RecentChanges {
  readonly #retentionMs: number;
  readonly #most: number;
  /** In order of arrival. */
  #received: Received[] = [];
  /** The highest transaction id among the changes that were forgotten. */
  #floor = 0n;

  /** @param retentionMs longer than any statement may take */
  constructor(retentionMs: number, most = MOST) {
    this.#retentionMs = retentionMs;
    this.#most = most;
  }

  add(change: Change, at = Date.now()): void {
    const before = this.#received.at(-1)?.latest ?? 0n;
    this.#received.push({ change, at, latest: change.xid > before ? change.xid : before });
    if (this.#received.length > this.#most) this.#forget(Math.ceil(this.#most / 2));
    else if ((this.#received[0]?.at ?? at) < at - 2 * this.#retentionMs) {
      const firstRecent = this.#received.findIndex((received) => received.at >= at - this.#retentionMs);
      this.#forget(firstRecent);
    }
  }

  /** Declares that changes of this transaction and of earlier ones may be missing. */
  raiseFloor(xid: bigint): void {
    if (xid > this.#floor) this.#floor = xid;
  }

  /** Returns true if a tile rendered from the snapshot lacks, or may lack, a change received since. */
  isOutdated(snapshot: string, layers: ReadonlySet<string>, tile: TileAddress): boolean {
    const { xmin, sees } = readSnapshot(snapshot);
    if (!sees(this.#floor)) return true;
    // The newest come first: searching a whole hour of changes cost a tile 0.5 ms in a busy office.
    for (let index = this.#received.length - 1; index >= 0; index--) {
      const { change, latest } = this.#received[index] as Received;
      if (latest < xmin) return false;
      if ((change.layer === '*' || layers.has(change.layer)) && !sees(change.xid) && touches(change, tile)) return true;
    }
    return false;
  }

  #forget(count: number): void {
    for (const { change } of this.#received.splice(0, count)) this.raiseFloor(change.xid);
  }
}
