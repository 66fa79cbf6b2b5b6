import type { Database } from './database.ts';
import { sql } from './sql.ts';

const PULSE_MS = 5000;

/** Whether the database answered when it was last asked: asked every 5 s, so that a check never waits for it. */
export class Health {
  #reachable = true;
  readonly #timer: NodeJS.Timeout;

  constructor(db: Database) {
    let asking = false;
    this.#timer = setInterval(async () => {
      // On the embedded engine a pulse waits behind long work: one is enough.
      if (asking) return;
      asking = true;
      this.#reachable = await db.query(sql`SELECT 1`).then(
        () => true,
        () => false,
      );
      asking = false;
    }, PULSE_MS).unref();
  }

  isReachable(): boolean {
    return this.#reachable;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
