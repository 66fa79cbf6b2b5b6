import { namesUnits } from '../catalog/units.ts';
import type { Database, Session } from '../database/database.ts';
import { groupBy } from '../lib/group.ts';
import { keysByQuery } from './check-query.ts';
import { allOf, type Due, insertDueQuery, type TouchedRow, takeTouchedQuery } from './due-query.ts';
import { mergePlaces } from './places.ts';
import type { BoundRule } from './rule.ts';
import { MOST_KEYS } from './schedule.ts';

/** Keys of one check, which then takes some 0.1 s. */
export const KEYS_AT_ONCE = 500;

/** Column of layers that name their unit. */
const UNIT = 'unit_code';

/** Values that were touched in one table, by column; null: of any row. */
type TouchedValues = ReadonlyMap<string, ReadonlySet<string>> | null;

/**
 * Takes some of what was touched, and writes which records are due for which rule.
 * @returns false if nothing was there
 */
export async function takeTouched(db: Database, rules: readonly BoundRule[]): Promise<boolean> {
  return db.transaction(
    async (session) => {
      const rows = await session.query<TouchedRow>(takeTouchedQuery(relationsOf(rules)));
      if (rows.length === 0) return false;
      const touched = mergeRows(rows);
      const due: Due[] = [];
      for (const bound of rules) due.push(...(await dueOf(session, bound, touched)));
      await session.query(insertDueQuery(due));
      return true;
    },
    { priority: 'background' },
  );
}

function mergeRows(rows: readonly TouchedRow[]): ReadonlyMap<string, TouchedValues> {
  const tables = [...groupBy(rows, ({ relation }) => relation)];
  return new Map(tables.map(([relation, own]) => [relation, mergeValues(own.map(({ values }) => values))]));
}

function mergeValues(all: readonly TouchedRow['values'][]): TouchedValues {
  const merged = new Map<string, Set<string>>();
  for (const values of all) {
    if (!values) return null;
    for (const [column, list] of Object.entries(values)) {
      const set = merged.get(column) ?? new Set();
      merged.set(column, set);
      for (const value of list) set.add(value);
    }
  }
  return merged;
}

async function dueOf(
  session: Session,
  bound: BoundRule,
  touched: ReadonlyMap<string, TouchedValues>,
): Promise<readonly Due[]> {
  const { rule, layer } = bound;
  const keys = new Set<string>();
  for (const source of bound.sources) {
    const values = touched.get(source.table);
    if (values === undefined) continue;
    const { by } = source;
    const concerned = by && values?.get(by.column);
    if (!concerned) return [allOf(rule.id)];
    const found = await keysBy(session, bound, { own: by.own, values: [...concerned] });
    for (const key of found ?? []) keys.add(key);
    if (!found || keys.size > MOST_KEYS) return [allOf(rule.id)];
  }
  const units = rule.reach === undefined && namesUnits(layer) ? [...(touched.get(layer.id)?.get(UNIT) ?? [])] : [];
  const list = [...keys];
  const chunks = Array.from({ length: Math.ceil(list.length / KEYS_AT_ONCE) }, (_, index) =>
    list.slice(index * KEYS_AT_ONCE, (index + 1) * KEYS_AT_ONCE),
  );
  return chunks.map((chunk, index) => ({ rule: rule.id, keys: chunk, units: index === 0 ? units : [] }));
}

/** Returns the keys of records by values of a column, or the places of a rule with a reach; undefined: too many. */
async function keysBy(
  session: Session,
  bound: BoundRule,
  { own, values }: { readonly own: string; readonly values: readonly string[] },
): Promise<readonly string[] | undefined> {
  if (bound.rule.reach !== undefined) return mergePlaces(values);
  if (own === bound.key) return values;
  const rows = await session.query<{ key: string }>(keysByQuery(bound, own, { values, most: MOST_KEYS + 1 }));
  return rows.map(({ key }) => key);
}

/** Returns the tables, `schema.table`, on which rules depend. */
export function relationsOf(rules: readonly BoundRule[]): readonly string[] {
  return [...watchedColumns(rules).keys()];
}

/** Returns the watched columns of each table that rules depend on. */
export function watchedColumns(rules: readonly BoundRule[]): ReadonlyMap<string, readonly string[]> {
  const columns = new Map<string, Set<string>>();
  for (const { layer, sources } of rules) {
    for (const { table, by } of sources) {
      const own = columns.get(table) ?? new Set();
      columns.set(table, own);
      if (by) own.add(by.column);
      if (by && table === layer.id && namesUnits(layer)) own.add(UNIT);
    }
  }
  return new Map([...columns].map(([table, names]) => [table, [...names].sort()]));
}
