import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Layer } from '../catalog/layer.ts';
import type { Position } from './items-query.ts';
import type { RowsQuestion } from './rows-query.ts';

const KEPT_MS = 60_000;
const KEPT_PAGES = 2000;

/**
 * Where pages ended. A client that pages by numbers asks for the row after the last one that it was given: remembered by
 * its key, it is found at once, where passing over a million rows takes a second.
 */
export class PageStarts {
  readonly #ends = new LRUCache<string, Position>({ max: KEPT_PAGES, ttl: KEPT_MS });

  /** The question from where the page before ended, where that is known. */
  resume(layer: Layer, question: RowsQuestion): RowsQuestion {
    if (question.sort.length > 0 || question.after || question.skip === 0) return question;
    const last = this.#ends.get(nameOf(layer, question, question.skip));
    return last ? { ...question, after: last, skip: 0 } : question;
  }

  /** @param start how many rows of the question come before the one after `last` */
  remember(layer: Layer, question: RowsQuestion, start: number, last: Position): void {
    if (question.sort.length === 0) this.#ends.set(nameOf(layer, question, start), last);
  }
}

/** Filters can be long: their digest stands for them. The layer's key says which of its versions is asked. */
function nameOf({ id, key }: Layer, { filter, keys }: RowsQuestion, start: number): string {
  return createHash('sha1')
    .update(JSON.stringify([id, key, filter, keys, start]))
    .digest('base64');
}
