import { element } from './dom.ts';
import { t } from './i18n.ts';
import type { ResultLink } from './processes-api.ts';

/** Renders the files of a result: its workbook as a button, and the files of each layer in one line. */
export function downloads(links: readonly ResultLink[] = []): HTMLElement[] {
  const files = links.filter(({ rel }) => rel === 'enclosure');
  const workbook = files.find(({ title }) => title === undefined);
  const titles = [...new Set(files.flatMap(({ title }) => title ?? []))];
  const lines = titles.map((title) =>
    element(
      'li',
      {},
      `${title}: `,
      ...files.filter((file) => file.title === title).map(({ href }) => fileLink(href, formatOf(href), title)),
    ),
  );
  return [
    ...(workbook
      ? [element('p', { class: 'actions' }, fileLink(workbook.href, t('downloadWorkbook'), undefined, 'file'))]
      : []),
    ...(lines.length > 0
      ? [element('details', {}, element('summary', {}, t('otherFiles')), element('ul', { class: 'files' }, ...lines))]
      : []),
  ];
}

function fileLink(href: string, words: string, title?: string, look?: string): HTMLElement {
  const label = title === undefined ? undefined : `${title}: ${words}`;
  return element('a', { href, download: '', class: look, 'aria-label': label }, words);
}

/** Returns the short name of a file's format. */
function formatOf(href: string): string {
  return (new URL(href, document.baseURI).searchParams.get('f') ?? '').toUpperCase();
}
