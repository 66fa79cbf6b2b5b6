import { all, EMPTY, ident, join, raw, type Sql, sql } from '../../../database/sql.ts';
import { contradicts } from '../matching/attributes.ts';
import { isSameRecord, type RecordKey } from '../matching/keys.ts';
import type { RowMatching } from '../matching/matching.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget, TargetRule } from '../plan/target.ts';
import { cellColumn, ROW } from '../staging/staged.ts';
import type { Check } from './check.ts';

/**
 * Returns checks for constraints on imported columns. The database itself checks those that a trigger or a default
 * completes.
 */
export function ruleChecks(target: ImportTarget, columns: readonly PlanColumn[], matching?: RowMatching): Check[] {
  const position = (name: string) => columns.findIndex((column) => column.name === name);
  return target.rules.flatMap((rule) => {
    const known = rule.columns.flatMap((name, index) =>
      position(name) < 0 ? [] : [{ name, index, value: sql`r.${cellColumn(position(name))}` }],
    );
    if (!known.length) return [];
    if (rule.kind === 'foreign') return foreignCheck(rule, known);
    if (known.length < rule.columns.length) return [];
    if (rule.kind === 'check') return checkCheck(rule, known);
    // Rows of an update may repeat a key, which the table has in any case.
    if (matching?.mode === 'update' && known.every(({ name }) => matching.key?.names.includes(name))) return [];
    return [repeatedCheck(known), takenCheck(target, known, matching)];
  });
}

interface KnownColumn {
  readonly name: string;
  /** Index among the columns of the constraint. */
  readonly index: number;
  readonly value: Sql;
}

function foreignCheck({ to }: TargetRule, known: readonly KnownColumn[]): Check[] {
  if (!to) return [];
  const equal = known.map(({ index, value }) => sql`o.${ident(to.columns[index] ?? '')} = ${value}`);
  const names = known.map(({ name }) => name).join(', ');
  return [
    {
      condition: sql`(${all(known.map(({ value }) => sql`${value} IS NOT NULL`))} AND NOT EXISTS (SELECT FROM ${ident(to.schema, to.table)} AS o WHERE ${all(equal)}))`,
      reason: {
        vi: `Cột ${names}: mã không có trong bảng ${to.schema}.${to.table}`,
        en: `Column ${names}: a code that ${to.schema}.${to.table} does not have`,
      },
      shows: join(
        known.map(({ value }) => value),
        ` || ' ' || `,
      ),
    },
  ];
}

function checkCheck({ expression }: TargetRule, known: readonly KnownColumn[]): Check[] {
  if (!expression) return [];
  const values = join(
    known.map(({ name, value }) => sql`${value} AS ${ident(name)}`),
    ', ',
  );
  const names = known.map(({ name }) => name).join(', ');
  return [
    {
      condition: sql`(SELECT NOT (${raw(expression)}) FROM (SELECT ${values}) AS row)`,
      reason: {
        vi: `Cột ${names}: không thỏa điều kiện ${expression}.`,
        en: `Column ${names}: the value must satisfy ${expression}.`,
      },
    },
  ];
}

/** Refuses every row whose values occur again in the file. */
function repeatedCheck(known: readonly KnownColumn[]): Check {
  const names = known.map(({ name }) => name).join(', ');
  const values = join(
    known.map(({ value }) => value),
    ', ',
  );
  return {
    condition: sql`n IN (SELECT n FROM (SELECT r.n, count(*) OVER (PARTITION BY ${values}) AS times FROM ${ROW} AS r WHERE ${areGiven(known)}) AS counted WHERE times > 1)`,
    reason: {
      vi: `Cột ${names}: giá trị lặp lại trong tệp.`,
      en: `Column ${names}: the value occurs twice in the file.`,
    },
  };
}

/** Refuses rows whose unique values a row of the table has that stays as it is. */
function takenCheck({ schema, table }: ImportTarget, known: readonly KnownColumn[], matching?: RowMatching): Check {
  const names = known.map(({ name }) => name).join(', ');
  const equal = all(known.map(({ name, value }) => sql`o.${ident(name)} = ${value}`));
  const stays = matching ? sql` AND NOT ${matching.yields}` : EMPTY;
  return {
    condition: sql`(${areGiven(known)} AND EXISTS (SELECT FROM ${ident(schema, table)} AS o WHERE ${equal}${stays}))`,
    reason: {
      vi: `Cột ${names}: giá trị đã có trong bảng.`,
      en: `Column ${names}: the table has the value already.`,
    },
  };
}

const areGiven = (known: readonly KnownColumn[]) => all(known.map(({ value }) => sql`${value} IS NOT NULL`));

/** Returns checks that each row of the file is one record of the table at most. */
export function keyChecks(target: ImportTarget, columns: readonly PlanColumn[], { key, mode }: RowMatching): Check[] {
  if (!key) return [];
  const known = key.names.map((name, position) => ({
    name,
    index: position,
    value: sql`r.${cellColumn(key.indexes[position] ?? 0)}`,
  }));
  const names = key.names.join(', ');
  const isUnique = target.rules.some(
    ({ kind, columns: own }) => kind === 'unique' && own.every((name) => key.names.includes(name)),
  );
  const missing: Check = {
    condition: sql`NOT ${areGiven(known)}`,
    reason: { vi: `Khóa ${names}: thiếu giá trị.`, en: `Key ${names}: a value is missing.` },
  };
  const repeated: Check[] = mode === 'update' ? [contradictionCheck(target, columns, key)] : [];
  if (isUnique) return [missing, ...repeated];
  return [
    missing,
    ...(repeated.length ? repeated : [repeatedCheck(known)]),
    {
      condition: sql`(SELECT count(*) > 1 FROM ${ident(target.schema, target.table)} AS o WHERE ${isSameRecord(target, columns, key)})`,
      reason: {
        vi: `Khóa ${names}: bảng có nhiều đối tượng cùng khóa này.`,
        en: `Key ${names}: the table has several features with this key.`,
      },
    },
  ];
}

function contradictionCheck(target: ImportTarget, columns: readonly PlanColumn[], key: RecordKey): Check {
  const names = key.names.join(', ');
  return {
    condition: contradicts(target, columns, key),
    reason: {
      vi: `Khóa ${names}: các dòng cùng khóa có giá trị khác nhau.`,
      en: `Key ${names}: rows with the same key have different values.`,
    },
  };
}
