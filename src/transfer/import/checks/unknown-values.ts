import type { Session } from '../../../database/database.ts';
import { ident, sql } from '../../../database/sql.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import type { UnknownValue } from '../plan/value-list.ts';
import { cellColumn, ROW } from '../staging/staged.ts';

/** Most values of a column that are listed. */
const MOST_VALUES = 1000;

/** Lists the values of the file that the table to which a column refers does not have, by column. */
export async function listUnknownValues(
  session: Session,
  { rules }: ImportTarget,
  columns: readonly PlanColumn[],
): Promise<Record<string, readonly UnknownValue[]>> {
  const unknown: Record<string, readonly UnknownValue[]> = {};
  for (const { kind, columns: names, to } of rules) {
    const index = columns.findIndex(({ name, from }) => name === names[0] && 'field' in from);
    if (kind !== 'foreign' || names.length !== 1 || !to || index < 0) continue;
    const value = sql`r.${cellColumn(index)}`;
    const rows =
      await session.query<UnknownValue>(sql`SELECT ${value}::text AS value, count(*) AS count FROM ${ROW} AS r
      WHERE ${value} IS NOT NULL AND NOT EXISTS (SELECT FROM ${ident(to.schema, to.table)} AS o WHERE o.${ident(to.columns[0] ?? '')} = ${value})
      GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MOST_VALUES}::int`);
    if (rows.length) unknown[names[0] ?? ''] = rows;
  }
  return unknown;
}
