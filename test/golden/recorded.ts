import type { Database } from '../../src/database/database.ts';
import { intercepted } from '../intercepted.ts';

/** Longer values come from rows that PostGIS has computed; its versions differ in the last digit. */
const LONGEST = 160;
const CLAUSE =
  /(?:SELECT|FROM|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|JOIN|LEFT JOIN|CROSS JOIN|UNION ALL|RETURNING|VALUES|SET|AND|OR) /;

/** Statements of the queue of jobs, and of those who wait for a job, which come by the clock. */
const QUEUE = /SKIP LOCKED|heartbeat_at|FROM result\.job\s+WHERE id = /;
/** Ids of jobs and of their workers, which are drawn anew in each run. */
const ID = /\b(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/g;

export interface Recorded {
  readonly db: Database;
  /** The statements that were asked since the last time, as text, in their order; what runs in the background is left out. */
  take(): string[];
  /** Leaves out such statements from now on. */
  ignore(statements: readonly string[]): void;
}

/** The database, with a record of what is asked of it. */
export function record(db: Database): Recorded {
  let statements: string[] = [];
  const ignored = new Set<string>();
  return {
    db: intercepted(db, ({ text, values }, options) => {
      const statement = writeStatement(text, values);
      const isBackground = options?.priority === 'background' || QUEUE.test(text);
      if (!isBackground && !ignored.has(statement)) statements.push(statement);
    }),
    take: () => {
      const taken = statements;
      statements = [];
      return taken;
    },
    ignore: (some) => {
      for (const statement of some) ignored.add(statement);
    },
  };
}

/** Each clause and each named column on a line of its own, then the values by their numbers. */
function writeStatement(text: string, values: readonly unknown[]): string {
  const lines = text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(new RegExp(` (?=${CLAUSE.source})`, 'g'), '\n  ')
    .replaceAll(/( AS (?:\w+|"[^"]+"),) /g, '$1\n    ');
  return [lines, ...values.map((value, index) => `  $${index + 1} = ${writeValue(value)}`)].join('\n');
}

function writeValue(value: unknown): string {
  const json = value instanceof Uint8Array ? `<${value.length} bytes>` : JSON.stringify(value);
  // What PostGIS has transformed differs between its versions by nanometres.
  const text = json.replaceAll(/-?\d+\.\d{7,}/g, (number) => Number(number).toFixed(6)).replaceAll(ID, '<id>');
  return text.length > LONGEST ? '<a long value>' : text;
}
