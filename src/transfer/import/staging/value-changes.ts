import type { Session } from '../../../database/database.ts';
import { join, raw, type Sql, sql } from '../../../database/sql.ts';
import type { ChangeKind, Changes } from '../../source/text/changes.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { TargetGeometry } from '../plan/target.ts';
import { isTextType, trimmed } from './casting.ts';
import { cellColumn, ROW, stagedText } from './staged.ts';

interface Counter {
  readonly kind: ChangeKind;
  readonly column: string | undefined;
  /** SQL over the staged rows `r`. */
  readonly changed: Sql;
}

/**
 * Counts the values that the target's columns changed in accepted rows.
 * @returns number of repaired geometries
 */
export async function countValueChanges(
  session: Session,
  { geometry, columns }: { geometry: TargetGeometry; columns: readonly PlanColumn[] },
  changes: Changes,
): Promise<number> {
  const counters = [...shapeCounters(geometry), ...columns.flatMap(columnCounters)];
  const counts = counters.map(({ changed }, index) => sql`count(*) FILTER (WHERE ${changed}) AS ${raw(`c${index}`)}`);
  const [row] = await session.query<Record<string, number>>(
    sql`SELECT ${join([raw('count(r.mended) AS repaired'), ...counts], ', ')} FROM ${ROW} AS r`,
  );
  for (const [index, { kind, column }] of counters.entries())
    changes.add(kind, column, Number(row?.[`c${index}`] ?? 0));
  return Number(row?.repaired ?? 0);
}

function shapeCounters({ dimensions }: TargetGeometry): Counter[] {
  const arcs: Counter = { kind: 'linearised', column: undefined, changed: raw('r.is_linearised') };
  if (dimensions === 'any') return [arcs];
  const hasZ = sql`ST_Zmflag(r.g) IN (2, 3)`;
  const isTaken = sql`r.geom IS NOT NULL`;
  return [
    arcs,
    dimensions.includes('Z')
      ? { kind: 'raised', column: undefined, changed: sql`${isTaken} AND NOT ${hasZ}` }
      : { kind: 'flattened', column: undefined, changed: sql`${hasZ} AND ${isTaken}` },
    ...(dimensions.includes('M')
      ? []
      : [{ kind: 'unmeasured', column: undefined, changed: sql`ST_Zmflag(r.g) IN (1, 3) AND ${isTaken}` } as const]),
  ];
}

function columnCounters({ name, type, from, isCode, notNull }: PlanColumn, index: number): Counter[] {
  if (!('field' in from)) return [];
  const [text, value] = [stagedText(index), sql`r.${cellColumn(index)}`];
  const isBlank = sql`${text} <> '' AND ${trimmed(text)} = ''`;
  // An empty value first: most texts then need no look.
  const isEmpty = sql`(${value} IS NULL AND ${trimmed(text)} = '')`;
  if (isTextType(type)) {
    if (isCode) {
      return [
        { kind: 'trimmed', column: name, changed: sql`${value} <> ${text}` },
        { kind: 'emptied', column: name, changed: isEmpty },
      ];
    }
    return notNull ? [{ kind: 'emptied', column: name, changed: isBlank }] : [];
  }
  const changed = typeChange(type, text, value);
  return [{ kind: 'emptied', column: name, changed: isEmpty }, ...(changed ? [{ column: name, ...changed }] : [])];
}

/** Returns a counter of changes that a cast applies without an error. */
function typeChange(type: string, text: Sql, value: Sql): Omit<Counter, 'column'> | undefined {
  const differs = sql`${value}::text::numeric <> ${trimmed(text)}::numeric`;
  const isNumber = sql`${value} IS NOT NULL AND ${text} !~* 'nan|inf'`;
  if (/^(numeric|decimal)\(/.test(type) || type === 'real') {
    return { kind: 'rounded', changed: sql`CASE WHEN ${isNumber} THEN ${differs} END` };
  }
  if (type === 'double precision') {
    // Files write a double with up to 17 digits, more than distinguish it from its neighbours.
    const digits = sql`length(ltrim(regexp_replace(split_part(lower(${text}), 'e', 1), '[^0-9]', '', 'g'), '0'))`;
    return {
      kind: 'rounded',
      changed: sql`CASE WHEN length(${text}) > 17 AND ${isNumber} THEN ${digits} > 17 AND ${differs} END`,
    };
  }
  if (type === 'date')
    return {
      kind: 'dayOnly',
      changed: sql`${value} IS NOT NULL AND ${text} ~ ':' AND ${text} !~ '[T ]0?0:00(:00(\\.0+)?)?(Z|$)'`,
    };
  if (/^time(stamp)?(\(\d\))?( without time zone)?$/.test(type))
    return { kind: 'zoneless', changed: sql`${value} IS NOT NULL AND ${text} ~ ':.*([Zz]|[+-]\\d\\d(:?\\d\\d)?)$'` };
  return undefined;
}
