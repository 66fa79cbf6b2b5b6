import { RenewedThread } from '../lib/renewed-thread.ts';
import { startThread } from '../lib/thread.ts';
import type { DrafterRequest } from './drafter-worker.ts';

/** Caches of tiles and glyphs take some 100 MB after large pictures. */
const IDLE_MS = 30_000;

/** Thread that draws SVG. */
export class Drafter {
  readonly #thread = new RenewedThread<DrafterRequest, string>({
    start: () => startThread('./drafter-worker', import.meta.url),
    name: 'the drafter',
    idleMs: IDLE_MS,
  });

  draw(request: DrafterRequest): Promise<string> {
    return this.#thread.ask(request);
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
