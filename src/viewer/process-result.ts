import { chip } from './card.ts';
import { element } from './dom.ts';
import { downloads } from './downloads.ts';
import { formatNumber } from './format.ts';
import { language, say, t } from './i18n.ts';
import { kindName } from './kinds.ts';
import { knownResult, type ResultContext } from './known-results.ts';
import { isText, type ProcessDescription, type ProcessResult } from './processes-api.ts';
import { columnTitle } from './result-words.ts';
import { type Column, dataTable } from './table.ts';

/** Members of every result that are no value of it. */
const OWN = ['job', 'links', 'bbox'];

type Row = Readonly<Record<string, unknown>>;

/** Renders links to the files of any result, and its values: figures as a list, rows as tables. */
export function processResult(
  result: ProcessResult,
  { id, outputs }: ProcessDescription,
  context: ResultContext,
): HTMLElement {
  const parts =
    knownResult(id, result, context) ??
    Object.entries(result)
      .filter(([name]) => !OWN.includes(name))
      .flatMap(([name, value]) => partOf(outputs[name]?.title ?? columnTitle(name), value));
  return element('section', { class: 'result' }, element('h2', {}, t('result')), ...downloads(result.links), ...parts);
}

function partOf(title: string, value: unknown): HTMLElement[] {
  if (value === null || value === undefined || isGeometry(value)) return [];
  if (isText(value)) return [element('p', {}, say(value))];
  if (Array.isArray(value)) return listOf(title, value);
  if (typeof value !== 'object') return [element('p', {}, `${title}: `, element('strong', {}, cellText(value)))];
  const rows = Object.entries(value as Row);
  const plain = rows.filter(([, each]) => typeof each !== 'object' || isText(each));
  const nested = rows.filter(([, each]) => each !== null && typeof each === 'object' && !isText(each));
  return [
    element('h3', {}, title),
    element(
      'dl',
      {},
      ...plain.flatMap(([name, each]) => [element('dt', {}, columnTitle(name)), element('dd', {}, cellText(each))]),
    ),
    ...nested.flatMap(([name, each]) => partOf(columnTitle(name), each)),
  ];
}

function listOf(title: string, values: readonly unknown[]): HTMLElement[] {
  if (values.length > 0 && values.every(isText)) return notes(values.map(say));
  const isRow = (each: unknown): each is Row => typeof each === 'object' && each !== null;
  if (values.every(isRow)) return table(title, values);
  return [element('p', {}, `${title}: ${values.map(cellText).join(', ')}`)];
}

function isGeometry(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('coordinates' in value || 'geometry' in value);
}

function notes(texts: readonly string[]): HTMLElement[] {
  return texts.map((each) => element('p', { class: 'note' }, each));
}

function table(title: string, rows: readonly Row[]): HTMLElement[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== 'colour');
  const columns = names.map((name, index): Column<Row> => {
    const numbers = rows.map((row) => row[name]).filter((value) => typeof value === 'number');
    const digits = numbers.every(Number.isInteger) ? 0 : 2;
    return {
      title: columnTitle(name),
      value: (row) => {
        const value = row[name];
        if (value === null || value === undefined) return undefined;
        const colour = index === 0 && typeof row.colour === 'string' ? row.colour : undefined;
        if (typeof value === 'number') return value;
        return colour ? element('span', {}, chip(colour), cellText(value)) : cellText(value);
      },
      ...(numbers.length > 0 && { digits }),
    };
  });
  return dataTable(title, columns, rows);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (isText(value)) return say(value);
  if (typeof value === 'number') return formatNumber(value, language(), Number.isInteger(value) ? 0 : 2);
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (Array.isArray(value)) return value.map(cellText).join(', ');
  if (typeof value === 'object') return Object.values(value).map(cellText).join(' · ');
  return kindName(String(value));
}
