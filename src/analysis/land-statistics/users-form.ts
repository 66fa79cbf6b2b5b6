import { cellLink, type SubjectScope } from './cell-link.ts';
import type { FormColumn, FormDefinition } from './definition.ts';
import { fillForm } from './filled-form.ts';
import type { FilledForm, StatisticsCell, StatisticsColumn } from './outputs.ts';
import type { UsersRow } from './statistics-query.ts';
import { emptyCell, type StatisticsInput } from './subject-forms.ts';
import type { StatisticsRow } from './table-rows.ts';

const BESIDE: StatisticsColumn = {
  ...{ number: '', code: null, measure: 'parcels', formula: null },
  path: ['Ngoài biểu: số thửa chưa rõ đối tượng'],
};

/** Holders of a subject in a row. */
interface SubjectUsers {
  readonly users: number;
  readonly unkeyed: number;
}

/** Fills form 02: the number of users and managers of land. One who has several parcels counts once in each row. */
export function usersForm(
  { unit, rows }: StatisticsInput,
  form: FormDefinition,
  counts: readonly UsersRow[],
): FilledForm {
  const subjects = form.columns.flatMap(({ code }) => code ?? []);
  const known = new Map(counts.map((each) => [`${each.row} ${each.subject}`, each]));
  const isEmpty = counts.length === 0;
  const unknownIn = (row: number) =>
    counts.filter((each) => each.row === row && !subjects.includes(each.subject ?? ''));
  const usersOf = (row: number, of: readonly string[]): SubjectUsers => {
    const own = of.flatMap((subject) => known.get(`${row} ${subject}`) ?? []);
    const total = (member: keyof SubjectUsers) => own.reduce((sum, each) => sum + each[member], 0);
    return { users: total('users'), unkeyed: total('unkeyed') };
  };
  return fillForm(form, rows, {
    beside: [BESIDE],
    cell: (row, column) => {
      if (isEmpty) return emptyCell('noParcels');
      const unknown = unknownIn(row);
      const parcels = unknown.reduce((sum, each) => sum + each.parcels, 0);
      const line = rows[row] as StatisticsRow;
      const linked = (value: number, scope: SubjectScope): StatisticsCell =>
        value === 0 ? { value } : { value, parcels: cellLink(unit, line, scope) };
      if (column === undefined) return linked(parcels, { orNone: unknown.flatMap(({ subject }) => subject ?? []) });
      const of = codesOf(column, form);
      const { users, unkeyed } = usersOf(row, of);
      if (unkeyed > 0) return emptyCell('holderKey');
      return users === 0 && parcels > 0 ? emptyCell('subject') : linked(users, { of });
    },
  });
}

/** Returns the subjects that a column counts: its own, or those of the columns that it adds up. */
function codesOf(column: FormColumn, form: FormDefinition): string[] {
  if (column.code !== null) return [column.code];
  return column.terms.flatMap((term) =>
    form.columns.filter(({ number }) => number === term).flatMap((each) => codesOf(each, form)),
  );
}
