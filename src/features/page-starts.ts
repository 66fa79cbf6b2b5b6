import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Layer } from '../catalog/layer.ts';
import type { PagePosition } from './row-key.ts';
import type { RowsQuestion } from './rows-query.ts';

const REMEMBER_MS = 60_000;
const REMEMBERED_PAGES = 2000;

/**
 * Remembers the positions at which pages ended. A client that pages by number asks next for the row after its last one.
 * By its remembered key that row is found at once; skipping a million rows takes a second.
 */
export class PageStarts {
  readonly #ends = new LRUCache<string, PagePosition>({ max: REMEMBERED_PAGES, ttl: REMEMBER_MS });

  /** Returns the question with the previous page's end as its start, if that is known. */
  resume(layer: Layer, question: RowsQuestion): RowsQuestion {
    if (question.sort.length > 0 || question.after || question.skip === 0) return question;
    const last = this.#ends.get(startsKey(layer, question, question.skip));
    return last ? { ...question, after: last, skip: 0 } : question;
  }

  /** @param start number of rows of the question before the one after `last` */
  remember(layer: Layer, question: RowsQuestion, start: number, last: PagePosition): void {
    if (question.sort.length === 0) this.#ends.set(startsKey(layer, question, start), last);
  }
}

/**
 * Returns the cache key: a digest, since filters can be long. The layer's key and units are part of it, as they differ
 * between versions of the layer.
 */
function startsKey({ id, key, units }: Layer, { filter, keys }: RowsQuestion, start: number): string {
  return createHash('sha1')
    .update(JSON.stringify([id, key, units, filter, keys, start]))
    .digest('base64');
}
