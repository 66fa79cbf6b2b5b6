import type { StatisticsDefinition } from './definition.ts';
import type { UseName } from './statistics-query.ts';

/** A row of a form: the whole unit, a group of uses, or a use. */
export interface StatisticsRow {
  /** Number in the hierarchy, e.g. `1.2`; empty for the whole unit and outside of the form. */
  readonly order: string;
  /** Null for the whole unit. */
  readonly code: string | null;
  readonly title: string;
  /** 0 for the whole unit. */
  readonly level: number;
  /** Index of the row that it is a part of; null for the whole unit. */
  readonly parent: number | null;
  /** Codes in the data that it counts, those of its parts included. */
  readonly uses: readonly string[];
  /** True for a code in the data that no row of the form counts. */
  readonly isOutside: boolean;
}

const WHOLE = 'Tổng diện tích đất của đơn vị hành chính';

interface DraftRow extends Omit<StatisticsRow, 'uses' | 'parent' | 'level'> {
  readonly key: string;
  readonly parentKey: string | null;
  readonly own: readonly string[];
}

/**
 * Returns the rows: the whole unit, then those of the form in its order. A code that no row counts has a row of its own,
 * last in its group, so that parts add up to the whole.
 * @param found codes in the data
 */
export function statisticsRows(
  { uses, rowOf }: StatisticsDefinition,
  names: readonly UseName[],
  found: readonly string[],
): StatisticsRow[] {
  const nameOf = new Map(names.map((each) => [each.code, each]));
  const parents = new Set(uses.map(({ parent }) => parent));
  const leaves = new Set(uses.filter(({ code }) => !parents.has(code)).map(({ code }) => code));
  const codes = new Set(uses.map(({ code }) => code));
  const rowFor = (code: string) => (leaves.has(code) ? code : rowOf.get(code));
  const drafts: DraftRow[] = uses.map(({ code, parent }) => ({
    ...{ key: code, parentKey: parent ?? '', order: '', code, isOutside: false },
    title: nameOf.get(code)?.name ?? code,
    own: found.filter((each) => rowFor(each) === code),
  }));
  for (const code of found.filter((each) => rowFor(each) === undefined)) {
    const group = codes.has(code) ? code : nameOf.get(code)?.group;
    const why = codes.has(code) ? 'chưa phân loại chi tiết' : 'mã không có trong biểu';
    const parentKey = group && codes.has(group) ? group : '';
    const title = `${nameOf.get(code)?.name ?? code} (${why})`;
    drafts.push({ key: `+${code}`, parentKey, order: '', code, title, isOutside: true, own: [code] });
  }
  const whole: DraftRow = { key: '', parentKey: null, order: '', code: null, title: WHOLE, isOutside: false, own: [] };
  return numberedRows(whole, drafts);
}

/** Returns a row and its parts, parts after their whole, numbered. */
function numberedRows(whole: DraftRow, drafts: readonly DraftRow[]): StatisticsRow[] {
  const rows: StatisticsRow[] = [];
  const add = (draft: DraftRow, at: Pick<StatisticsRow, 'order' | 'level' | 'parent'>): readonly string[] => {
    const { key, own, code, title, isOutside } = draft;
    const index = rows.length;
    rows.push({ ...at, code, title, isOutside, uses: [] });
    const parts = drafts.filter(({ parentKey }) => parentKey === key);
    const uses = parts.flatMap((part, place) => {
      const order = part.isOutside ? '' : `${at.order ? `${at.order}.` : ''}${place + 1}`;
      return add(part, { order, level: at.level + 1, parent: index });
    });
    const all = [...own, ...uses];
    rows[index] = { ...(rows[index] as StatisticsRow), uses: all };
    return all;
  };
  add(whole, { order: '', level: 0, parent: null });
  return rows;
}
