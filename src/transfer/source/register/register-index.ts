import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { MOST_LISTED, type Unjoined } from '../row/joined-rows.ts';
import type { Source, SourceRow } from '../row/source-row.ts';

type Cells = SourceRow['values'];

/** Memory for pages of the file, in KiB. */
const CACHE_KIB = 16_384;

/** The rows of a register on disk, found by their keys: a province has 1.2 million. */
export class RegisterIndex {
  readonly #db: sqlite.Database;
  readonly #find: sqlite.Statement;
  /** A bit for each row that was found. */
  readonly #used: Uint8Array;
  readonly rowCount: number;
  /** The values of a feature without a row. */
  readonly empty: Cells;

  private constructor(db: sqlite.Database, rowCount: number, width: number) {
    this.#db = db;
    this.#find = db.prepare('SELECT n, cells FROM register WHERE key = ? ORDER BY n');
    this.#used = new Uint8Array((rowCount >> 3) + 1);
    this.rowCount = rowCount;
    this.empty = Array.from({ length: width }, () => null);
  }

  /** @param keyOf undefined for a row without a key, which is never found */
  static async create(
    folder: string,
    register: Source,
    keyOf: (values: Cells) => string | undefined,
  ): Promise<RegisterIndex> {
    const db = new sqlite.Database(join(folder, 'register.sqlite'));
    db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA cache_size = -${CACHE_KIB};
      CREATE TABLE register (n INTEGER PRIMARY KEY, key TEXT, cells TEXT); BEGIN`);
    const insert = db.prepare('INSERT INTO register VALUES (?, ?, ?)');
    let count = 0;
    for await (const { number, values } of register.rows(new Set(register.fields.keys()))) {
      insert.run([number, keyOf(values) ?? null, JSON.stringify(values)]);
      count = number;
    }
    insert.finalize();
    db.exec('COMMIT; CREATE INDEX register_key ON register (key)');
    return new RegisterIndex(db, count, register.fields.length);
  }

  /** Returns the rows with a key, in the order of the register. */
  find(key: string): Cells[] {
    return this.#find.all([key]).map(({ n, cells }) => {
      const number = Number(n);
      this.#used[number >> 3]! |= 1 << (number & 7);
      return JSON.parse(String(cells)) as Cells;
    });
  }

  /** Returns the keys of the rows that were never found; `–` for a row without a key. */
  unused(): Unjoined {
    const keys: string[] = [];
    let count = 0;
    for (const { n, key } of this.#db.prepare('SELECT n, key FROM register ORDER BY n').iterate()) {
      const number = Number(n);
      if ((this.#used[number >> 3] ?? 0) & (1 << (number & 7))) continue;
      if (++count <= MOST_LISTED) keys.push(key === null || key === undefined ? '–' : String(key));
    }
    return { count, keys };
  }

  close(): void {
    this.#find.finalize();
    this.#db.close();
  }
}
