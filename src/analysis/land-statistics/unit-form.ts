import { cellLink } from './cell-link.ts';
import type { FormColumn, FormDefinition } from './definition.ts';
import { fillForm } from './filled-form.ts';
import type { FilledForm } from './outputs.ts';
import { emptyCell, type StatisticsInput, type SubjectTable } from './subject-forms.ts';
import type { StatisticsRow } from './table-rows.ts';

/** Heading of the column that stands for one of each commune. */
const EACH_UNIT = '*';

/** A commune of a province. */
export interface Commune {
  readonly code: string;
  readonly name: string;
}

/** Fills form 03: areas by use and commune. Those of a commune are the figures (4) of its own form 01. */
export function communesForm(
  input: StatisticsInput,
  form: FormDefinition,
  { table, communes }: { readonly table: SubjectTable; readonly communes: readonly Commune[] },
): FilledForm {
  return fillForm(withCommunes(form, communes), input.rows, {
    beside: [],
    cell: (row, column) => {
      const isTotal = column !== undefined && column.terms.length > 0;
      if (!isTotal && !column?.code) return emptyCell('boundary');
      const own = isTotal ? table : table.ofCommune.get(column.code ?? '');
      const exact = own?.exact[row]?.[0] ?? 0;
      if (!own || own.exact[0]?.[0] === 0) return emptyCell('noParcels');
      const value = (own.closed[row]?.[0] ?? 0) / 100;
      if (exact === 0) return { value };
      return { value, parcels: cellLink(column.code ?? input.unit, input.rows[row] as StatisticsRow) };
    },
  });
}

/** Returns the form with a column for each commune, numbered on. */
function withCommunes(form: FormDefinition, communes: readonly Commune[]): FormDefinition {
  const columns = form.columns.flatMap((column): Omit<FormColumn, 'number'>[] => {
    if (column.path.at(-1) !== EACH_UNIT) return [column];
    return communes.map(({ code, name }) => ({ ...column, code, path: [...column.path.slice(0, -1), name] }));
  });
  return { ...form, columns: columns.map((column, index) => ({ ...column, number: index + 1 })) };
}
