import type { FormColumn, FormDefinition } from './definition.ts';
import type { FilledForm, StatisticsCell, StatisticsColumn } from './outputs.ts';
import { type EmptyReason, REASONS } from './reasons.ts';
import type { StatisticsRow } from './table-rows.ts';

interface Filling {
  /** Columns beside the form, after its own. */
  readonly beside: readonly StatisticsColumn[];
  /** @param column undefined for a column beside the form */
  readonly cell: (row: number, column: FormColumn | undefined, measure: FormColumn['measure']) => StatisticsCell;
}

/** Returns a form with a cell for each row and each column of figures, and the reasons of its empty cells. */
export function fillForm(form: FormDefinition, rows: readonly StatisticsRow[], { beside, cell }: Filling): FilledForm {
  const counted = form.columns.filter(({ measure }) => measure !== 'text');
  const filled = rows.map(({ order, title, code, level, isOutside }, row) => ({
    ...{ order, title, code, level, isOutside },
    cells: [
      ...counted.map((column) => cell(row, column, column.measure)),
      ...beside.map(({ measure }) => cell(row, undefined, measure)),
    ],
  }));
  const used = new Set(filled.flatMap(({ cells }) => cells.flatMap(({ reason }) => reason ?? [])));
  return {
    code: form.code,
    title: form.title,
    measuredIn: form.measured_in,
    columns: [...form.columns.map(describeColumn), ...beside],
    rows: filled,
    reasons: Object.fromEntries([...used].map((reason) => [reason, REASONS[reason as EmptyReason]])),
  };
}

export function describeColumn({ number, path, code, measure, formula }: FormColumn): StatisticsColumn {
  return { number: `(${number})`, path: [...path], code, measure, formula };
}
