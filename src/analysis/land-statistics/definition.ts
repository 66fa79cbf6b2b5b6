import { z } from 'zod';
import { readDataTable } from '../../lib/data-file.ts';
import { BootError } from '../../lib/errors.ts';
import { readFormula } from './formula.ts';

/** The forms of TT 08/2024/TT-BTNMT, in order. */
export const FORM_CODES = ['01/TKKK', '02/TKKK', '03/TKKK', '04/TKKK', '05/TKKK', '06/TKKKQPAN'] as const;
export type FormCode = (typeof FORM_CODES)[number];

/** Levels of units that report. */
export const TIERS = ['commune', 'province'] as const;
export type Tier = (typeof TIERS)[number];

export const MEASURES = ['text', 'ha', 'users', 'parcels', 'percent_of_unit', 'percent_of_row'] as const;

const formRow = z.object({
  code: z.enum(FORM_CODES),
  title: z.string().min(1),
  measured_in: z.string(),
  tiers: z.string().transform((text) => text.split('|').map((tier) => z.enum(TIERS).parse(tier))),
  signers: z.string().transform((text) => text.split('|').map((signer) => signer.split('^') as [string, string])),
  notes: z.string().transform((text) => text.split('|').filter(Boolean)),
});

const columnRow = z.object({
  form: z.enum(FORM_CODES),
  number: z.string().regex(/^\d+$/).transform(Number),
  path: z
    .string()
    .min(1)
    .transform((text) => text.split('|')),
  code: z.string().transform((text) => text || null),
  measure: z.enum(MEASURES),
  formula: z.string().transform((text) => text || null),
});

const useRow = z.object({ code: z.string().min(1), parent: z.string().transform((text) => text || null) });
const codeRow = z.object({ code: z.string().min(1), row: z.string().min(1) });

/** A column of a form; its heading from the top down. */
export interface FormColumn {
  readonly number: number;
  readonly path: readonly string[];
  /** Subject or use that it counts; null for sums and for columns without figures. */
  readonly code: string | null;
  readonly measure: (typeof MEASURES)[number];
  readonly formula: string | null;
  /** Numbers of the columns that it adds up; empty unless it has a formula. */
  readonly terms: readonly number[];
}

export interface FormDefinition extends z.output<typeof formRow> {
  readonly columns: readonly FormColumn[];
}

/** A row of the forms by its code; `parent` is the row that it is a part of. */
export type UseRow = z.output<typeof useRow>;

export interface StatisticsDefinition {
  readonly forms: ReadonlyMap<FormCode, FormDefinition>;
  /** Rows in the order of the forms: a row, then its parts. */
  readonly uses: readonly UseRow[];
  /** Codes in data that are a part of a row -> its code. */
  readonly rowOf: ReadonlyMap<string, string>;
}

/** Reads `data/land_statistics`. @throws BootError that names the file and its fault */
export function readStatisticsDefinition(): StatisticsDefinition {
  const columns = readDataTable('land_statistics/column', columnRow);
  const uses = readDataTable('land_statistics/row', useRow);
  const rowOf = new Map(readDataTable('land_statistics/code', codeRow).map(({ code, row }) => [code, row]));
  const forms = readDataTable('land_statistics/form', formRow).map((form): [FormCode, FormDefinition] => {
    const own = columns.filter((column) => column.form === form.code);
    return [form.code, { ...form, columns: own.map((column) => ({ ...column, terms: termsOf(column, own) })) }];
  });
  requireKnownRows(uses, rowOf);
  return { forms: new Map(forms), uses, rowOf };
}

type ReadColumn = z.output<typeof columnRow>;

function termsOf({ form, number, formula }: ReadColumn, columns: readonly ReadColumn[]): readonly number[] {
  if (formula === null) return [];
  const known = columns.map((column) => column.number);
  const read = readFormula(formula, known);
  if (read?.column === number && read.terms.every((term) => known.includes(term))) return read.terms;
  throw new BootError(
    `data/land_statistics/column.csv: the formula of ${form} column ${number} must be like "(${number})=(5)+(18)", of columns of the form.`,
  );
}

/** A parent stands above its parts, so that one pass from below adds them up. */
function requireKnownRows(uses: readonly UseRow[], rowOf: StatisticsDefinition['rowOf']): void {
  const codes = uses.map(({ code }) => code);
  const wrong =
    uses.find(({ parent }, index) => parent !== null && !codes.slice(0, index).includes(parent))?.code ??
    codes.find((code, index) => codes.indexOf(code) !== index);
  if (wrong) throw new BootError(`data/land_statistics/row.csv: "${wrong}" must stand once, below its parent.`);
  const lost = [...rowOf].find(([code, row]) => !codes.includes(row) || codes.includes(code));
  if (lost) throw new BootError(`data/land_statistics/code.csv: "${lost[0]}" must be a part of a row, and no row.`);
}
