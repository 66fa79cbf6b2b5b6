import { createHash } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Problem } from '../../lib/errors.ts';
import { readIfThere } from '../../lib/files.ts';

/** Milliseconds between two writes. Tiles requested in between are requested again, which the cache answers. */
const WRITE_MS = 1000;

const seedPositionSchema = z.object({ request: z.string(), last: z.int() });

/** The progress of a seeding run, stored in a small file. */
export class SeedPosition {
  readonly #file: string | undefined;
  readonly #request: string;
  #last = -1;
  #written = 0;

  /**
   * @param file undefined stores nothing
   * @param request identifies the run; the file of another request is a conflict
   * @throws Problem conflict if the file holds something else
   */
  constructor(file: string | undefined, request: string) {
    this.#file = file;
    this.#request = createHash('sha256').update(request).digest('hex');
    const text = file === undefined ? undefined : readIfThere(file);
    if (file === undefined || text === undefined) return;
    const stored = parsePosition(text);
    if (stored?.request !== this.#request) throw notOurs(file);
    this.#last = stored.last;
  }

  /** Number of the last requested tile; -1: none. */
  get last(): number {
    return this.#last;
  }

  reach(id: number): void {
    this.#last = id;
    if (Date.now() - this.#written > WRITE_MS) this.#write();
  }

  /** @param isWhole true if all tiles were requested, so that nothing remains to continue */
  close(isWhole: boolean): void {
    if (!isWhole) this.#write();
    else if (this.#file !== undefined) rmSync(this.#file, { force: true });
  }

  #write(): void {
    this.#written = Date.now();
    if (this.#file === undefined) return;
    writeFileSync(`${this.#file}.new`, JSON.stringify({ request: this.#request, last: this.#last }));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function parsePosition(text: string): z.output<typeof seedPositionSchema> | undefined {
  try {
    return seedPositionSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function notOurs(file: string): Problem {
  return new Problem('conflict', {
    vi: `${file} không phải là vị trí dở dang của lệnh này. Hãy xóa nó hoặc đặt tên khác.`,
    en: `${file} is not what this command left. Remove it, or name another file.`,
  });
}
