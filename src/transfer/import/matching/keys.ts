import { all, ident, join, raw, type Sql, sql } from '../../../database/sql.ts';
import { Problem, wrongParameter } from '../../../lib/errors.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import { cellColumn } from '../staging/staged.ts';
import { CHANGED_UNIT } from './scope.ts';
import { isOfUnit, isUnitPartial } from './units.ts';

/** Columns by which the records of a layer are known although no constraint says so. */
const NATURAL_KEYS: Readonly<Record<string, readonly string[]>> = {
  'land.parcel': ['unit_code', 'unit_valid_from', 'sheet', 'number'],
};
/** Columns of a natural key that a file need not give: see {@link isSameRecord}. */
const OPTIONAL = ['unit_valid_from'];

/** The columns by which a row of the file and a row of the table are the same record. */
export interface RecordKey {
  readonly names: readonly string[];
  /** Indexes among the planned columns. */
  readonly indexes: readonly number[];
}

/**
 * Returns the key that was asked for, or else the first unique constraint or natural key whose columns the file gives.
 * @throws Problem if there is none
 */
export function recordKey(
  target: ImportTarget,
  columns: readonly PlanColumn[],
  asked: readonly string[] | undefined,
): RecordKey {
  const planned = columns.map(({ name }) => name);
  const toKey = (names: readonly string[]) => ({ names, indexes: names.map((name) => planned.indexOf(name)) });
  if (asked?.length) {
    const unknown = asked.find((name) => !planned.includes(name));
    if (unknown !== undefined) throw unknownKey(unknown, planned);
    return toKey([...new Set(asked)]);
  }
  const known = knownKeys(target, (name) => planned.includes(name));
  const found = known.find((names) => names.every((name) => planned.includes(name)));
  if (found) return toKey(found);
  throw noKey(target, known, planned);
}

/**
 * Returns the unique constraints and the natural key of a table.
 * @param isGiven true for a column that the file gives; others are left out of the natural key if they may be
 */
export function knownKeys(target: ImportTarget, isGiven: (name: string) => boolean): (readonly string[])[] {
  const natural = NATURAL_KEYS[`${target.schema}.${target.table}`] ?? [];
  const unique = target.rules.filter(({ kind }) => kind === 'unique').map((rule) => rule.columns);
  return [...unique, natural.filter((name) => isGiven(name) || !OPTIONAL.includes(name))].filter(
    (names) => names.length > 0,
  );
}

function unknownKey(name: string, planned: readonly string[]): Problem {
  return new Problem(
    'invalid-parameter',
    {
      vi: `Khóa --key có cột "${name}" mà lần nhập này không ghi. Các cột được ghi: ${planned.join(', ')}.`,
      en: `The --key has a column "${name}" that this import does not write. It writes: ${planned.join(', ')}.`,
    },
    { parameter: 'key', candidates: planned },
  );
}

function noKey(
  { schema, table }: ImportTarget,
  known: readonly (readonly string[])[],
  planned: readonly string[],
): Problem {
  const list = known.map((names) => names.join(' + ')).join('; ');
  const expected = list
    ? {
        vi: ` Tệp không cho đủ cột của khóa: ${list}; cột thiếu cho được bằng --map hay --set.`,
        en: ` The file does not give all columns of its key: ${list}; --map and --set can give them.`,
      }
    : { vi: '', en: '' };
  return wrongParameter('key', {
    vi: `Không biết đối tượng nào của ${schema}.${table} ứng với dòng nào của tệp.${expected.vi} Hãy dùng --key với một hay nhiều cột trong: ${planned.join(', ')}.`,
    en: `Nothing says which feature of ${schema}.${table} is which row of the file.${expected.en} Use --key with one or more of: ${planned.join(', ')}.`,
  });
}

/** Returns SQL of the values of the key in the staged rows `r`, separated by commas. */
export function keyCells({ indexes }: RecordKey): Sql {
  return join(
    indexes.map((index) => sql`r.${cellColumn(index)}`),
    ', ',
  );
}

/** Returns a staged value in the type of its column. */
export function stagedValue({ type }: PlanColumn, index: number): Sql {
  return sql`r.${cellColumn(index)}::${raw(type)}`;
}

/**
 * Returns the condition that a row `o` of the table is the same record as a staged row `r`. If the file names units by
 * their code alone, records of a former unit of that code are others.
 */
export function isSameRecord(target: ImportTarget, columns: readonly PlanColumn[], { names, indexes }: RecordKey): Sql {
  const equal = names.map((name, position) => sql`o.${ident(name)} = r.${cellColumn(indexes[position] ?? 0)}`);
  const unit = isUnitPartial(target, columns)
    ? [sql`EXISTS (SELECT FROM ${CHANGED_UNIT} AS u WHERE ${isOfUnit(target, columns)})`]
    : [];
  return all([...equal, ...unit]);
}
