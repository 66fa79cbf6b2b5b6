import type { Layer } from '../catalog/layer.ts';
import type { Expression, IntervalEnd, Operand, TemporalOperator } from '../cql2/expression.ts';
import { wrongFilter } from '../cql2/literal.ts';
import { type Sql, sql } from '../database/sql.ts';
import { instantOf, readValue } from './value.ts';

type Temporal = Extract<Expression, { kind: 'temporal' }>;

/** A period, both ends included. */
interface Period {
  readonly start: Sql;
  readonly end: Sql;
}

/** Allen's relations of two periods (OGC 21-065r2, table 12). An instant begins and ends at once. */
const PERIOD_RELATIONS: Readonly<Record<TemporalOperator, (a: Period, b: Period) => Sql>> = {
  t_after: (a, b) => sql`${a.start} > ${b.end}`,
  t_before: (a, b) => sql`${a.end} < ${b.start}`,
  t_contains: (a, b) => sql`${a.start} < ${b.start} AND ${a.end} > ${b.end}`,
  t_disjoint: (a, b) => sql`${a.end} < ${b.start} OR ${a.start} > ${b.end}`,
  t_during: (a, b) => sql`${a.start} > ${b.start} AND ${a.end} < ${b.end}`,
  t_equals: (a, b) => sql`${a.start} = ${b.start} AND ${a.end} = ${b.end}`,
  t_finishedBy: (a, b) => sql`${a.start} < ${b.start} AND ${a.end} = ${b.end}`,
  t_finishes: (a, b) => sql`${a.start} > ${b.start} AND ${a.end} = ${b.end}`,
  t_intersects: (a, b) => sql`${a.end} >= ${b.start} AND ${a.start} <= ${b.end}`,
  t_meets: (a, b) => sql`${a.end} = ${b.start}`,
  t_metBy: (a, b) => sql`${a.start} = ${b.end}`,
  t_overlappedBy: (a, b) => sql`${a.start} > ${b.start} AND ${a.start} < ${b.end} AND ${a.end} > ${b.end}`,
  t_overlaps: (a, b) => sql`${a.start} < ${b.start} AND ${a.end} > ${b.start} AND ${a.end} < ${b.end}`,
  t_startedBy: (a, b) => sql`${a.start} = ${b.start} AND ${a.end} > ${b.end}`,
  t_starts: (a, b) => sql`${a.start} = ${b.start} AND ${a.end} < ${b.end}`,
};

/**
 * Returns a temporal predicate as a condition. Compared with days a day is an instant; compared with times it lasts
 * from midnight to midnight UTC.
 */
export function temporalCondition({ op, left, right }: Temporal, layer: Layer): Sql {
  const ends = [left, right].map((operand) => endsOf(operand, layer));
  const isExact = ends.flat().some((end) => end !== null && !end.isDay);
  const [a, b] = ends.map(([start, end]) => period(start, end, isExact)) as [Period, Period];
  return sql`(${PERIOD_RELATIONS[op](a, b)})`;
}

/** An instant as SQL; null if the period is open. */
type PeriodEnd = { readonly sql: Sql; readonly isDay: boolean } | null;

function endsOf(operand: Operand, layer: Layer): readonly [PeriodEnd, PeriodEnd] {
  if (operand.kind === 'interval') return [readPeriodEnd(operand.start, layer), readPeriodEnd(operand.end, layer)];
  const end = readPeriodEnd(operand, layer);
  return [end, end];
}

function readPeriodEnd(operand: IntervalEnd | Operand, layer: Layer): PeriodEnd {
  if (operand === null) return null;
  const value = readValue(operand, layer);
  if (value.type !== 'date' && value.type !== 'datetime') {
    throw wrongFilter(
      'T_... với ngày, thời điểm, INTERVAL hoặc thuộc tính kiểu ngày giờ',
      'T_... with dates, timestamps, INTERVAL or properties that are dates or times',
    );
  }
  return { sql: instantOf(value), isDay: value.type === 'date' };
}

function period(start: PeriodEnd, end: PeriodEnd, isExact: boolean): Period {
  return {
    start: start?.sql ?? sql`'-infinity'::timestamptz`,
    end:
      end === null
        ? sql`'infinity'::timestamptz`
        : isExact && end.isDay
          ? sql`(${end.sql} + interval '1 day - 1 microsecond')`
          : end.sql,
  };
}
