import type { FormDefinition } from './definition.ts';
import { fillForm } from './filled-form.ts';
import type { FilledForm } from './outputs.ts';
import { emptyCell, type StatisticsInput } from './subject-forms.ts';

/** Returns form 05, which compares with the previous period: its figures are unknown without a history of uses. */
export function changesForm({ rows }: StatisticsInput, form: FormDefinition): FilledForm {
  const listed = new Set(form.columns.map(({ code }) => code));
  const uses = rows.filter(({ code, isOutside }) => !isOutside && code !== null && listed.has(code));
  return fillForm(form, uses, { beside: [], cell: () => emptyCell('history') });
}

/** Returns form 06, a list of sites of the army and the police, in its shape only. */
export function defenceForm(form: FormDefinition): FilledForm {
  const blank = { order: '', title: '', code: null, level: 1, parent: null, uses: [], isOutside: false };
  return fillForm(form, [blank], { beside: [], cell: () => emptyCell('restricted') });
}
