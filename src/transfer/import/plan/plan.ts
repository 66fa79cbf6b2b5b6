import { isPersonal } from '../../../catalog/personal.ts';
import { Problem, type Text } from '../../../lib/errors.ts';
import { fold } from '../../../lib/text.ts';
import type { SourceField } from '../../source/row/source-row.ts';
import type { ImportTarget, TargetColumn } from './target.ts';
import type { Convert } from './value-maps.ts';

/** A column of the target, and the source of its values. */
export interface PlanColumn extends TargetColumn {
  /** Index among the fields of the file, or one value for every row. */
  readonly from: { readonly field: number } | { readonly constant: string };
  /** True for a foreign key, whose codes are trimmed. */
  readonly isCode: boolean;
  /** Converts the text of the file. */
  readonly convert?: Convert | undefined;
  /** True if an empty cell leaves the value of a row of the table as it is. */
  readonly isRetained?: boolean | undefined;
}

export interface LeftOut {
  readonly column: string;
  readonly why: Text;
}

export interface ImportPlan {
  readonly columns: readonly PlanColumn[];
  readonly leftOut: readonly LeftOut[];
  readonly renamed: readonly Renamed[];
}

/** A column of a new table whose name in the file PostgreSQL or this program would not accept. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
}

export interface PlanRequest {
  /** target column -> source column */
  readonly map: Readonly<Record<string, string>>;
  /** target column -> the same value in every row */
  readonly set: Readonly<Record<string, string | number | boolean>>;
  /** True if only entitled principals see the target, so that personal data may go there. */
  readonly isRestricted: boolean;
  /** Columns of the file that are personal by their contents, and why they stay out. The map takes them all the same. */
  readonly contents: ReadonlyMap<string, Text>;
}

const WHY = {
  personal: { vi: 'Dữ liệu cá nhân: không nhập.', en: 'Personal data: not imported.' },
  unknown: {
    vi: 'Bảng không có cột cùng tên. Dùng --map CỘT=cột để nhập.',
    en: 'The table has no column of that name. Use --map COLUMN=column to import it.',
  },
  numbered: {
    vi: 'Cơ sở dữ liệu tự đánh số. Dùng --map để giữ số cũ.',
    en: 'Numbered by the database. Use --map to keep the old numbers.',
  },
  generated: { vi: 'Cơ sở dữ liệu tự tính.', en: 'Computed by the database.' },
} as const satisfies Record<string, Text>;

/**
 * Maps source columns to the columns of an existing table.
 * @throws Problem for an invalid map or set
 */
export function planExisting(target: ImportTarget, fields: readonly SourceField[], request: PlanRequest): ImportPlan {
  const mapped = resolveMap(fields, request);
  const names = new Set([...mapped.keys(), ...Object.keys(request.set)]);
  for (const name of names) checkTarget(target, name);
  const used = new Set(mapped.values());
  const open = fields.map(({ name }) => (request.contents.has(name) ? undefined : name));
  const columns: PlanColumn[] = [];
  for (const column of target.columns) {
    const constant = request.set[column.name];
    const field = mapped.get(column.name) ?? (names.has(column.name) ? undefined : sameName(open, column, used));
    const isCode = target.rules.some(({ kind, columns: names }) => kind === 'foreign' && names.includes(column.name));
    if (constant !== undefined) columns.push({ ...column, isCode, from: { constant: String(constant) } });
    else if (field !== undefined) columns.push({ ...column, isCode, from: { field } });
    if (field !== undefined) used.add(field);
  }
  const leftOut = fields.flatMap((field, index) =>
    used.has(index) ? [] : [{ column: field.name, why: request.contents.get(field.name) ?? whyNot(field, target) }],
  );
  return { columns, leftOut, renamed: [] };
}

function whyNot(field: SourceField, target: ImportTarget): Text {
  if (isPersonal(field.name)) return WHY.personal;
  const column = target.columns.find(({ name }) => name === columnName(field.name));
  if (column?.filledBy === 'generated') return WHY.generated;
  return column?.filledBy === 'identity' ? WHY.numbered : WHY.unknown;
}

/**
 * Returns the source column of the same name, except for generated columns and personal data.
 * @param names of the source columns; undefined for one that stays out
 */
function sameName(
  names: readonly (string | undefined)[],
  column: TargetColumn,
  used: ReadonlySet<number>,
): number | undefined {
  if (column.filledBy || isPersonal(column.name)) return undefined;
  const index = names.findIndex(
    (name, position) =>
      name !== undefined && !used.has(position) && (name === column.name || columnName(name) === column.name),
  );
  return index < 0 ? undefined : index;
}

function checkTarget({ columns, schema, table }: ImportTarget, name: string): void {
  const column = columns.find((candidate) => candidate.name === name);
  if (column && column.filledBy !== 'generated') return;
  const list = columns.filter(({ filledBy }) => filledBy !== 'generated').map((candidate) => candidate.name);
  throw new Problem(
    'invalid-parameter',
    {
      vi: `Bảng ${schema}.${table} không có cột "${name}" để nhập vào. Các cột: ${list.join(', ')}.`,
      en: `Table ${schema}.${table} has no column "${name}" to import into. Its columns: ${list.join(', ')}.`,
    },
    { parameter: 'map', candidates: list },
  );
}

/** Resolves the map: target column -> index of the source field. */
function resolveMap(fields: readonly SourceField[], { map, set, isRestricted }: PlanRequest): Map<string, number> {
  return new Map(
    Object.entries(map).map(([name, source]) => {
      if (name in set) throw twice(name);
      const exact = fields.findIndex((field) => field.name === source);
      const index = exact >= 0 ? exact : fields.findIndex((field) => field.name.toLowerCase() === source.toLowerCase());
      if (index < 0) throw noSource(source, fields);
      if (isPersonal(source) && !isRestricted) throw personal(source);
      return [name, index];
    }),
  );
}

function twice(name: string): Problem {
  return new Problem(
    'invalid-parameter',
    {
      vi: `Cột "${name}" có cả --map và --set. Chỉ giữ một.`,
      en: `Column "${name}" has both --map and --set. Keep one.`,
    },
    { parameter: 'map' },
  );
}

function noSource(source: string, fields: readonly SourceField[]): Problem {
  const list = fields.map(({ name }) => name);
  return new Problem(
    'invalid-parameter',
    {
      vi: `Tệp không có cột "${source}". Các cột: ${list.join(', ')}.`,
      en: `The file has no column "${source}". Its columns: ${list.join(', ')}.`,
    },
    { parameter: 'map', candidates: list },
  );
}

function personal(source: string): Problem {
  return new Problem(
    'forbidden',
    {
      vi: `Cột "${source}" là dữ liệu cá nhân, chỉ nhập được vào bảng hạn chế. Hãy bỏ nó khỏi --map.`,
      en: `Column "${source}" holds personal data, which goes into a restricted table only. Take it out of --map.`,
    },
    { parameter: 'map' },
  );
}

/**
 * Converts any text to a column name for PostgreSQL: `Số tờ (cũ)` -> `so_to_cu`, `soHieuToBanDo` ->
 * `so_hieu_to_ban_do`.
 */
export function columnName(text: string): string {
  const folded = fold(text.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1_$2'))
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 50);
  return /^[a-z]/.test(folded) ? folded : `c_${folded || 'column'}`;
}

/** Plans the columns of a new table for the file. `id` and the geometry's name are reserved. */
export function planNew(fields: readonly SourceField[], request: PlanRequest): ImportPlan {
  const mapped = new Map([...resolveMap(fields, request)].map(([name, index]) => [index, columnName(name)]));
  const constants = Object.entries(request.set).map(([name, value]) => [columnName(name), String(value)] as const);
  const named = [...mapped.values(), ...constants.map(([name]) => name)];
  const taken = new Set(['id', 'geom', ...named]);
  const columns: PlanColumn[] = [];
  const leftOut: LeftOut[] = [];
  const reserved = named.find((name) => name === 'geom' || (OWN.has(name) && name !== 'fid'));
  if (reserved) throw reservedName(reserved);
  const add = (name: string, type: string, from: PlanColumn['from']) =>
    columns.push({ name, type, from, isCode: false, notNull: false, filledBy: undefined, fallback: undefined });
  fields.forEach((field, index) => {
    const name = mapped.get(index);
    const why = request.contents.get(field.name);
    if (name) add(name, field.type, { field: index });
    else if (isPersonal(field.name)) leftOut.push({ column: field.name, why: WHY.personal });
    else if (why) leftOut.push({ column: field.name, why });
    else add(unique(columnName(field.name), taken), field.type, { field: index });
  });
  const renamed = columns.flatMap(({ name, from }) => {
    const original = 'field' in from ? (fields[from.field]?.name ?? '') : name;
    return original === name ? [] : [{ from: original, to: name }];
  });
  for (const [name, constant] of constants) add(name, 'text', { constant });
  if (columns.length > MAX_COLUMNS) throw tooManyColumns(columns.length);
  return { columns, leftOut, renamed };
}

function reservedName(name: string): Problem {
  return new Problem(
    'invalid-parameter',
    {
      vi: `Bảng tự có cột "${name}". Hãy đặt tên khác trong --map hoặc --set.`,
      en: `A table has a column "${name}" of its own. Use another name in --map or --set.`,
    },
    { parameter: 'map' },
  );
}

/** PostgreSQL allows 1600 columns a table, and the staging table has ten of its own. */
const MAX_COLUMNS = 1590;

function tooManyColumns(count: number): Problem {
  return new Problem('too-large', {
    vi: `Tệp có ${count} cột, một bảng chứa được ${MAX_COLUMNS}. Hãy bỏ bớt cột.`,
    en: `The file has ${count} columns, and a table holds ${MAX_COLUMNS}. Leave some out.`,
  });
}

/** Names reserved by a new table, and by PostgreSQL's system columns (5.6 System Columns). */
const OWN = new Set(['id', 'fid', 'tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

function unique(name: string, taken: Set<string>): string {
  const wished = name === 'fid' ? 'source_id' : OWN.has(name) ? `source_${name}` : name;
  let free = wished;
  for (let count = 2; taken.has(free); count++) free = `${wished}_${count}`;
  taken.add(free);
  return free;
}
