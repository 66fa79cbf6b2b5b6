import { element } from './dom.ts';
import { formatNumber } from './format.ts';
import { language, sayPair, t } from './i18n.ts';
import type { Pair } from './page-words.ts';

/** Rows of a table on the screen. Files hold all. */
const SHOWN_ROWS = 200;

export type Cell = Node | string | number | null | undefined;

export interface Column<Row> {
  readonly title: Pair | string;
  readonly value: (row: Row) => Cell;
  /** Decimals of its numbers, which are aligned right; absent: text. */
  readonly digits?: number;
}

/** Renders rows as a table that scrolls by itself. Columns without any value are left out. */
export function dataTable<Row>(caption: string, all: readonly Column<Row>[], rows: readonly Row[]): HTMLElement[] {
  if (rows.length === 0) return [element('h3', {}, caption), element('p', { class: 'note' }, t('nothingInside'))];
  const shown = rows.slice(0, SHOWN_ROWS);
  const columns = all.filter(({ value }) => rows.some((row) => (value(row) ?? '') !== ''));
  const look = ({ digits }: Column<Row>) => ({ class: digits === undefined ? undefined : 'number' });
  const heads = columns.map((column) =>
    element(
      'th',
      { scope: 'col', ...look(column) },
      typeof column.title === 'string' ? column.title : sayPair(column.title),
    ),
  );
  const lines = shown.map((row) =>
    element(
      'tr',
      {},
      ...columns.map((column) => element('td', look(column), cellOf(column.value(row), column.digits))),
    ),
  );
  const rest = rows.length - shown.length;
  const table = element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...lines),
  );
  return [
    element('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': caption }, table),
    ...(rest > 0 ? [element('p', { class: 'note' }, `${t('moreRows')}: ${formatNumber(rest, language(), 0)}`)] : []),
  ];
}

function cellOf(value: Cell, digits = 0): Node | string {
  if (value === null || value === undefined || value === '') return '–';
  return typeof value === 'number' ? formatNumber(value, language(), digits) : value;
}

/** Renders figures with their names. */
export function figures(rows: readonly (readonly [title: Pair | string, value: Cell])[]): HTMLElement {
  const shown = rows.filter(([, value]) => value !== undefined && value !== null);
  return element(
    'dl',
    {},
    ...shown.flatMap(([title, value]) => [
      element('dt', {}, typeof title === 'string' ? title : sayPair(title)),
      element('dd', {}, cellOf(value)),
    ]),
  );
}
