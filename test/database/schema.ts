import { readFileSync } from 'node:fs';
import type { Database } from '../../src/database/database.ts';

const QUERY = readFileSync(new URL('schema.sql', import.meta.url), 'utf8');

/** Describes the schema of a database as text, object by object. Equal schemas give equal texts on every engine. */
export async function describeSchema(db: Database): Promise<string> {
  const rows = await db.query<{ object: string; line: string }>({ text: QUERY, values: [] });
  const objects = new Map<string, string[]>();
  for (const { object, line } of rows) objects.set(object, [...(objects.get(object) ?? []), `  ${line}`]);
  return `${[...objects].map(([object, lines]) => [object, ...lines].join('\n')).join('\n\n')}\n`;
}
