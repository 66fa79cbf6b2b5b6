import type { Text } from '../lib/errors.ts';
import type { Query } from './sql.ts';

/** Capabilities of an engine. Only `tiles/` reads `mvt`. */
export interface Capabilities {
  readonly engine: 'embedded' | 'postgres';
  /** Version texts, e.g. `15.18` and `3.3.2`. */
  readonly postgres: string;
  readonly postgis: string;
  /** True if `ST_AsMVT` works. */
  readonly mvt: boolean;
  /** True if there are replicas, which answer queries with `replica`. */
  readonly replicas: boolean;
  /** Number of statements of one kind that run in parallel. */
  readonly sessions: number;
}

export interface QueryOptions {
  /** Aborts the statement. PostgreSQL cancels it; the embedded engine drops it if it still waits. */
  readonly signal?: AbortSignal | undefined;
  /** `background` work waits behind every interactive statement on the embedded engine's only session. */
  readonly priority?: 'interactive' | 'background';
  /** For texts that are used repeatedly: PostgreSQL parses and plans them once a connection. */
  readonly prepared?: boolean;
  /** A replica may answer, with rows that can be older than those of the primary. */
  readonly replica?: boolean;
}

/** Rows for COPY: `lines` in COPY text format, written by {@link copyLine}. */
export interface CopyTarget {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/**
 * A row as both engines return it. int8 and numeric are numbers (text if a double would lose digits), and bytea is a
 * Uint8Array. date is `YYYY-MM-DD`, timestamptz is ISO 8601 in UTC, json is parsed.
 */
export type Row = Record<string, unknown>;

/** Queries available inside and outside of a transaction. */
export interface Session {
  query<R = Row>(query: Query, options?: QueryOptions): Promise<R[]>;
  /**
   * Runs a script of several statements without parameters. It is for migrations, never for SQL that a request can
   * influence.
   */
  script(text: string): Promise<void>;
  copy(target: CopyTarget, lines: AsyncIterable<string> | Iterable<string>): Promise<void>;
}

export interface TransactionOptions extends QueryOptions {
  /** Timeout of each of its statements in milliseconds; absent: none (imports, migrations). */
  readonly statementMs?: number | undefined;
}

/** Receives the notifications of a channel. */
export interface Subscriber {
  readonly receive: (payload: string) => void;
  /** Called when notifications may have been missed. */
  readonly lost: () => void;
}

/** A subscription to a channel of NOTIFY. */
export interface Listener {
  /** Returns a `performance.now()` up to which every notification has been received. */
  provenAt(): number;
  /** Runs a query without waiting for a connection. Notifications sent before the answer have been received. */
  query<R = Row>(query: Query): Promise<R[]>;
  stop(): Promise<void>;
}

/** Tells if the engine answers; if not, the reason for the operator. */
export type EngineState =
  | {
      readonly isAnswering: true;
      /** Replicas that are unavailable, with the reason. */
      readonly ailing?: readonly Text[];
    }
  | { readonly isAnswering: false; readonly reason: Text };

/** Use of the connections for one purpose. */
export interface PoolLoad {
  readonly pool: string;
  readonly open: number;
  readonly busy: number;
  /** Borrowers that wait for a connection. */
  readonly waiting: number;
}

/**
 * The engine behind one small interface.
 * @throws DatabaseError with the SQLSTATE from every method
 */
export interface Database extends Session {
  readonly capabilities: Capabilities;
  /**
   * Yields rows one by one, fetched in batches through a cursor. The embedded engine has one session for all, so it
   * reads them at once.
   */
  stream<R = Row>(query: Query, options?: QueryOptions): AsyncIterable<R>;
  /** Runs `work` in one transaction, which is rolled back if `work` throws. */
  transaction<T>(work: (session: Session) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Subscribes to a channel. `receive` gets the payload of each NOTIFY, and '' after a lost connection was restored.
   * `lost` is called as soon as the loss is detected.
   */
  listen(channel: string, receive: (payload: string) => void, lost?: () => void): Promise<Listener>;
  /** State at most 1.5 s ago; sends no query. */
  state(): EngineState;
  /** Use of the connections at this moment; sends no query. */
  load(): readonly PoolLoad[];
  /** Closes the database within 3 s, and ends any running statement. */
  close(): Promise<void>;
}

/** An error reported by the database, the same on both engines. */
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
