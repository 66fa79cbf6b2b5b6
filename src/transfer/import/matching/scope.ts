import type { Session } from '../../../database/database.ts';
import { ident, raw, type Sql, sql } from '../../../database/sql.ts';
import { wrongParameter } from '../../../lib/errors.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import { ROW } from '../staging/staged.ts';
import { isOfUnit, unitCondition } from './units.ts';

/** The units that the file names. */
export const CHANGED_UNIT = ident('pg_temp', 'import_unit');

/** Lists the units that the staged rows name, for {@link importScope} and for keys with a unit. */
export async function stageUnits(
  session: Session,
  target: ImportTarget,
  columns: readonly PlanColumn[],
): Promise<void> {
  await session.script('CREATE TEMP TABLE import_unit (LIKE base.unit, PRIMARY KEY (code, valid_from)) ON COMMIT DROP');
  const condition = unitCondition(target, columns);
  if (!condition) return;
  await session.query(
    sql`INSERT INTO ${CHANGED_UNIT} SELECT u.* FROM base.unit AS u WHERE EXISTS (SELECT FROM ${ROW} AS p WHERE ${condition})`,
  );
}

/**
 * Returns the condition on the rows `o` of the table that the file replaces: all, or those of the units that it names.
 * @throws Problem if the rows of the file name no unit
 */
export function importScope(target: ImportTarget, columns: readonly PlanColumn[], byUnit: boolean): Sql {
  if (!byUnit) return raw('TRUE');
  if (!unitCondition(target, columns)) throw noUnits(target);
  return sql`EXISTS (SELECT FROM ${CHANGED_UNIT} AS u WHERE ${isOfUnit(target, columns)})`;
}

function noUnits({ schema, table }: ImportTarget) {
  return wrongParameter('byUnit', {
    vi: `Không dùng được --by-unit: ${schema}.${table} không có cột trỏ tới base.unit, hoặc tệp không cho mã đơn vị (hãy dùng --map hay --set).`,
    en: `--by-unit cannot be used: ${schema}.${table} has no column that refers to base.unit, or the file gives no code of a unit (use --map or --set).`,
  });
}
