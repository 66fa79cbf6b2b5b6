import { groupBy } from '../../lib/group.ts';
import { roundToHundredth } from '../../lib/number.ts';
import { type AreaTable, areaTable, sumTables } from './area-table.ts';
import { cellLink, type SubjectScope } from './cell-link.ts';
import type { FormColumn, FormDefinition } from './definition.ts';
import { fillForm } from './filled-form.ts';
import type { FilledForm, StatisticsCell, StatisticsColumn } from './outputs.ts';
import type { EmptyReason } from './reasons.ts';
import type { AreaRow } from './statistics-query.ts';
import type { StatisticsRow } from './table-rows.ts';

/** The rows and areas from which forms are filled. */
export interface StatisticsInput {
  /** Code of the unit. */
  readonly unit: string;
  readonly rows: readonly StatisticsRow[];
  readonly areas: readonly AreaRow[];
}

/** Areas by use and subject, as form 01 has them: the sums of those of the communes, each of which is closed. */
export interface SubjectTable extends AreaTable {
  /** Areas by the code of the commune. */
  readonly ofCommune: ReadonlyMap<string, AreaTable>;
  /** Index of a form's column by its subject, or by its number in form 01. The sum of all is 0. */
  readonly columnOf: (column: FormColumn) => number;
  readonly subjectsOf: (column: number) => SubjectScope;
  /** Index of the column of areas whose subject is unknown. */
  readonly unknown: number;
}

/** @param form 01/TKKK, whose formulas say which columns add up to which */
export function subjectTable({ rows, areas }: StatisticsInput, form: FormDefinition): SubjectTable {
  const counted = form.columns.filter(({ measure }) => measure !== 'text');
  const placeOf = (number: number) => counted.findIndex((column) => column.number === number);
  const parents = counted.map(({ number }) => {
    const sum = counted.findIndex(({ terms }) => terms.includes(number));
    return sum < 0 ? null : sum;
  });
  const unknown = counted.length;
  const known = new Set<string | null>(counted.flatMap(({ code }) => code ?? []));
  const isUnknown = ({ subject }: AreaRow) => !known.has(subject);
  const others = [...new Set(areas.filter(isUnknown).flatMap(({ subject }) => subject ?? []))];
  const columns = [
    ...counted.map(({ code }, index) => ({
      parent: parents[index] ?? null,
      holds: ({ subject }: AreaRow) => code !== null && subject === code,
    })),
    { parent: 0, holds: isUnknown },
  ];
  const codesBelow = (column: number): string[] => {
    const { code, terms } = counted[column] as FormColumn;
    return code === null ? terms.flatMap((term) => codesBelow(placeOf(term))) : [code];
  };
  const ofCommune = new Map(
    [...groupBy(areas, ({ unit }) => unit)].map(([unit, own]) => [unit, areaTable(rows, columns, own)]),
  );
  return {
    ...sumTables([areaTable(rows, columns, []), ...ofCommune.values()]),
    ofCommune,
    unknown,
    columnOf: ({ code, number }) => (code === null ? placeOf(number) : counted.findIndex((each) => each.code === code)),
    subjectsOf: (column) => {
      if (column === 0) return 'all';
      return column === unknown ? { orNone: others } : { of: codesBelow(column) };
    },
  };
}

const UNKNOWN_PATH = ['Ngoài biểu: chưa rõ đối tượng'];

/** Fills form 01: areas by use and subject. */
export function areasForm(input: StatisticsInput, form: FormDefinition, table: SubjectTable): FilledForm {
  const beside: StatisticsColumn = { number: '', path: UNKNOWN_PATH, code: null, measure: 'ha', formula: null };
  return fillForm(form, input.rows, {
    beside: [beside],
    cell: (row, column) => areaCell({ input, table, row, column: column ? table.columnOf(column) : table.unknown }),
  });
}

/** Fills form 04: the areas of form 01, and their shares. */
export function sharesForm(input: StatisticsInput, form: FormDefinition, table: SubjectTable): FilledForm {
  const beside = (['ha', 'percent_of_row'] as const).map((measure, index): StatisticsColumn => {
    const path = [...UNKNOWN_PATH, ['Diện tích (ha)', 'Cơ cấu (%)'][index] as string];
    return { number: '', path, code: null, measure, formula: null };
  });
  return fillForm(form, input.rows, {
    beside,
    cell: (row, column, measure) => {
      const isTotal = column !== undefined && column.code === null;
      const place = column === undefined ? table.unknown : isTotal ? 0 : table.columnOf(column);
      const area = areaCell({ input, table, row, column: place });
      if (measure === 'ha' || area.value === null) return area;
      const whole = table.exact[measure === 'percent_of_unit' ? 0 : row]?.[0] ?? 0;
      if (whole === 0) return emptyCell('noArea');
      return { value: roundToHundredth((100 * (table.exact[row]?.[place] ?? 0)) / whole) };
    },
  });
}

interface AskedCell {
  readonly input: StatisticsInput;
  readonly table: SubjectTable;
  readonly row: number;
  readonly column: number;
}

/** Returns an area, with its parcels. Nothing of a subject is no figure where subjects of the row are unknown. */
function areaCell({ input, table, row, column }: AskedCell): StatisticsCell {
  const exact = table.exact[row] ?? [];
  if (table.exact[0]?.[0] === 0) return emptyCell('noParcels');
  if (exact[column] === 0 && (exact[table.unknown] ?? 0) > 0) return emptyCell('subject');
  const value = (table.closed[row]?.[column] ?? 0) / 100;
  if (exact[column] === 0) return { value };
  return { value, parcels: cellLink(input.unit, input.rows[row] as StatisticsRow, table.subjectsOf(column)) };
}

/** Returns a cell that the data cannot fill. */
export function emptyCell(reason: EmptyReason): StatisticsCell {
  return { value: null, reason };
}
