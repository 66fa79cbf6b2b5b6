import type { TileAddress } from '../../geo/tile.ts';
import { type Change, touches } from './change.ts';
import { readSnapshot } from './snapshot.ts';

interface Heard {
  readonly change: Change;
  readonly at: number;
}

/** What was changed of late: longer ago than any render takes, nothing that is being made can be without it. */
export class RecentChanges {
  readonly #keepMs: number;
  #heard: Heard[] = [];

  /** @param keepMs longer than a statement may take, and than a replica may lag */
  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  add(change: Change, now = Date.now()): void {
    const oldest = now - this.#keepMs;
    if ((this.#heard[0]?.at ?? now) < oldest - this.#keepMs) this.#heard = this.#heard.filter(({ at }) => at >= oldest);
    this.#heard.push({ change, at: now });
  }

  /** Whether a tile that was made from a snapshot lacks a change that has been told since. */
  isOutdated(snapshot: string, layers: ReadonlySet<string>, tile: TileAddress): boolean {
    const isSeen = readSnapshot(snapshot);
    return this.#heard.some(({ change }) => !isSeen(change.xid) && layers.has(change.layer) && touches(change, tile));
  }
}
