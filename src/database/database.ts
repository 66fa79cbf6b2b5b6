import type { Text } from '../lib/errors.ts';
import type { Query } from './sql.ts';

/** What an engine can do. `mvt` is read in `tiles/` and nowhere else. */
export interface Capabilities {
  readonly engine: 'embedded' | 'postgres';
  /** Version texts, e.g. `15.18` and `3.3.2`. */
  readonly postgres: string;
  readonly postgis: string;
  /** Whether `ST_AsMVT` works. */
  readonly mvt: boolean;
  /** Whether there are replicas, which answer what is asked with `replica`. */
  readonly replicas: boolean;
  /** How many statements of one kind run side by side. */
  readonly sessions: number;
}

export interface QueryOptions {
  /** Ends the statement: cancelled in PostgreSQL; on the embedded engine dropped while it still waits. */
  readonly signal?: AbortSignal | undefined;
  /** `background` work waits behind every interactive statement on the embedded engine's one session. */
  readonly priority?: 'interactive' | 'background';
  /** The same text comes again and again: PostgreSQL parses and plans it once a connection. */
  readonly prepared?: boolean;
  /** A replica may answer, with rows that can be older than those of the primary. */
  readonly replica?: boolean;
}

/** Rows to be loaded by COPY: `lines` in COPY text format, made by {@link copyLine}. */
export interface CopyTarget {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/**
 * A row as both engines return it: int8 and numeric are numbers (text where a double would lose digits), bytea is a
 * Uint8Array, date is `YYYY-MM-DD`, timestamptz is ISO 8601 in UTC, json is parsed.
 */
export type Row = Record<string, unknown>;

/** What can be asked inside and outside a transaction. */
export interface Session {
  query<R = Row>(query: Query, options?: QueryOptions): Promise<R[]>;
  /** Runs a script of several statements without parameters: migrations, and nothing that a request can reach. */
  script(text: string): Promise<void>;
  copy(target: CopyTarget, lines: AsyncIterable<string> | Iterable<string>): Promise<void>;
}

export interface TransactionOptions extends QueryOptions {
  /** Milliseconds that each of its statements may take; absent: as long as it wants (imports, migrations). */
  readonly statementMs?: number | undefined;
}

/** Somebody who hears what is notified on a channel. */
export interface Listener {
  /** `performance.now()` of a moment up to which everything that was notified has been heard. */
  provenAt(): number;
  /** Asks past all that wait for a connection; what was notified before the answer has been heard. */
  query<R = Row>(query: Query): Promise<R[]>;
  stop(): Promise<void>;
}

/** Whether the engine answers, and where it does not, why: for whoever runs it. */
export type EngineState =
  | {
      readonly isAnswering: true;
      /** What it does without. */
      readonly ailing?: readonly Text[];
    }
  | { readonly isAnswering: false; readonly reason: Text };

/** The engine behind one small interface. @throws DatabaseError with the SQLSTATE from every method */
export interface Database extends Session {
  readonly capabilities: Capabilities;
  /** Rows one by one, fetched in batches through a cursor (the embedded engine, one session for all, reads them at once). */
  stream<R = Row>(query: Query, options?: QueryOptions): AsyncIterable<R>;
  /** Runs `work` in one transaction: rolled back when it throws. */
  transaction<T>(work: (session: Session) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Calls `heard` with the payload of each NOTIFY, and with '' after a connection was lost and made again; `lost` as soon
   * as it is known to be lost.
   */
  listen(channel: string, heard: (payload: string) => void, lost?: () => void): Promise<Listener>;
  /** As of at most 1.5 s ago; asks nothing. */
  state(): EngineState;
  /** Ends what runs: within 3 s, whatever it is. */
  close(): Promise<void>;
}

/** An error that the database told, the same on both engines. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  /** SQLSTATE, e.g. `57014` for a cancelled statement. */
  readonly code: string;
  readonly detail: string | undefined;

  constructor(message: string, code: string, detail?: string) {
    super(message);
    this.code = code;
    this.detail = detail;
  }
}
