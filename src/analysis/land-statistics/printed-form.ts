import type { ResultForm, ResultFormCell, ResultFormColumn } from '../form.ts';
import type { FormDefinition } from './definition.ts';
import type { FilledForm, StatisticsCell, StatisticsColumn, StatisticsValues } from './outputs.ts';

/** Characters of a column of figures; hectares of a province need as many. */
const WIDTHS = { order: 7, title: 34, code: 6, figure: 10.5, text: 22 };

/** Returns a form as it is printed. Its words are those of the circular, which is in Vietnamese. */
export function printedForm(
  form: FilledForm,
  { signers, notes }: FormDefinition,
  values: StatisticsValues,
): ResultForm {
  const { unit, asOf } = values;
  const labels = form.columns.filter(({ measure }) => measure === 'text').length;
  const figures = form.columns.filter(({ measure }) => measure !== 'text');
  const [year, month, day] = asOf.split('-');
  return {
    code: form.code,
    motto: ['CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'Độc lập - Tự do - Hạnh phúc'],
    title: form.title,
    subtitle: [`Năm ${year} (số liệu đến ngày ${day}/${month}/${year})`],
    reporter: [`Đơn vị báo cáo: ${unit.name}`, ...(unit.parentName === null ? [] : [unit.parentName]), form.measuredIn],
    columns: form.columns.map(printedColumn),
    rows: form.rows.map(({ order, title, code, level, cells }) => ({
      level,
      cells: withLabels(form.columns, {
        labels:
          labels === 3 ? [{ text: order }, { text: title, indent: Math.max(0, level - 1) }, { text: code ?? '' }] : [],
        figures: cells.map((cell, index) => printedCell(cell, figures[index] as StatisticsColumn, form)),
      }),
    })),
    signers,
    notes: [...notes, ...Object.values(form.reasons).map(({ vi }) => `Ô trống: ${lowerFirst(vi)}`)],
  };
}

function printedColumn({ number, path, measure, formula }: StatisticsColumn, index: number): ResultFormColumn {
  const label = [WIDTHS.order, WIDTHS.title, WIDTHS.code][index];
  const width = measure === 'text' ? (label ?? WIDTHS.text) : WIDTHS.figure;
  return { path, line: formula ?? number, width };
}

interface RowParts {
  readonly labels: readonly ResultFormCell[];
  readonly figures: readonly ResultFormCell[];
}

/** Places labels and figures in the columns of their kind; a label column without a label stays blank. */
function withLabels(columns: readonly StatisticsColumn[], { labels, figures }: RowParts): ResultFormCell[] {
  const [label, figure] = [labels.values(), figures.values()];
  return columns.map(({ measure }) => (measure === 'text' ? label : figure).next().value ?? { text: '' });
}

function printedCell(
  { value, reason, parcels }: StatisticsCell,
  { measure }: StatisticsColumn,
  { reasons }: FilledForm,
): ResultFormCell {
  if (value === null) return { why: reasons[reason ?? '']?.vi ?? '' };
  const digits = measure === 'users' || measure === 'parcels' ? 0 : 2;
  return { number: value, digits, ...(parcels ? { href: parcels } : {}) };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
