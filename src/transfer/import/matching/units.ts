import { all, ident, raw, type Sql, sql } from '../../../database/sql.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import { cellColumn } from '../staging/staged.ts';

/** A column of the table, and the column of `base.unit` to which it refers. */
interface UnitColumn {
  readonly column: string;
  readonly unit: string;
  /** Index among the planned columns; undefined if the file does not give it. */
  readonly index: number | undefined;
}

/** Returns the columns that name a unit; empty if the table or the file names none. */
function namedUnitColumns(target: ImportTarget, columns: readonly PlanColumn[]): UnitColumn[] {
  const rule = target.rules.find(({ to }) => to?.schema === 'base' && to.table === 'unit');
  const found = (rule?.columns ?? []).map((column, position) => {
    const index = columns.findIndex(({ name }) => name === column);
    return { column, unit: rule?.to?.columns[position] ?? '', index: index < 0 ? undefined : index };
  });
  return found.some(({ unit, index }) => unit === 'code' && index !== undefined) ? found : [];
}

/** Returns the condition that joins a staged row `p` to the unit `u` that it names; undefined if it names none. */
export function unitCondition(target: ImportTarget, columns: readonly PlanColumn[]): Sql | undefined {
  const pairs = namedUnitColumns(target, columns).filter(({ index }) => index !== undefined);
  if (!pairs.length) return undefined;
  const equal = pairs.map(({ unit, index = 0 }) => sql`u.${ident(unit)} = p.${cellColumn(index)}`);
  // Without a date, the unit that is in force.
  return all(pairs.length === 1 ? [...equal, raw('u.valid_to IS NULL')] : equal);
}

/** Returns the condition that a row `o` of the table is of the unit `u`. */
export function isOfUnit(target: ImportTarget, columns: readonly PlanColumn[]): Sql {
  return all(namedUnitColumns(target, columns).map(({ column, unit }) => sql`o.${ident(column)} = u.${ident(unit)}`));
}

/** True if the file names units by their code alone, so that the table holds more of the unit than the file says. */
export function isUnitPartial(target: ImportTarget, columns: readonly PlanColumn[]): boolean {
  return namedUnitColumns(target, columns).some(({ index }) => index === undefined);
}
