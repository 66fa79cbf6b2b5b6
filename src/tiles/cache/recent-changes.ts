import type { TileAddress } from '../../geo/tile.ts';
import { type Change, touches } from './change.ts';
import { readSnapshot } from './snapshot.ts';

interface Heard {
  readonly change: Change;
  readonly at: number;
}

/** Beyond this many, the oldest are forgotten as well: to go through them takes half a millisecond. */
const MOST = 20_000;

/**
 * What was changed of late, and until where all of it is known: what was made from a snapshot older than that may lack a
 * change that nobody here remembers, and counts as outdated.
 */
export class RecentChanges {
  readonly #keepMs: number;
  readonly #most: number;
  /** In the order of their arrival. */
  #heard: Heard[] = [];
  /** No change that has been forgotten is of a later transaction. */
  #floor = 0n;

  /** @param keepMs longer than a statement may take */
  constructor(keepMs: number, most = MOST) {
    this.#keepMs = keepMs;
    this.#most = most;
  }

  add(change: Change, at = Date.now()): void {
    this.#heard.push({ change, at });
    if (this.#heard.length > this.#most) this.#forget(Math.ceil(this.#most / 2));
    else if ((this.#heard[0]?.at ?? at) < at - 2 * this.#keepMs) {
      const kept = this.#heard.findIndex((heard) => heard.at >= at - this.#keepMs);
      this.#forget(kept);
    }
  }

  /** Takes it that changes up to a transaction are not remembered. */
  raiseFloor(xid: bigint): void {
    if (xid > this.#floor) this.#floor = xid;
  }

  /** Whether a tile that was made from a snapshot lacks a change that has been told since. */
  isOutdated(snapshot: string, layers: ReadonlySet<string>, tile: TileAddress): boolean {
    const isSeen = readSnapshot(snapshot);
    if (!isSeen(this.#floor)) return true;
    return this.#heard.some(
      ({ change }) =>
        (change.layer === '*' || layers.has(change.layer)) && !isSeen(change.xid) && touches(change, tile),
    );
  }

  #forget(count: number): void {
    for (const { change } of this.#heard.splice(0, count)) this.raiseFloor(change.xid);
  }
}
