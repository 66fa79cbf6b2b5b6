import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Language } from '../../lib/errors.ts';
import { Html, html } from '../html/html.ts';
import { type ManualSection, type Rendered, readSections, renderMarkdown } from './markdown.ts';

/** Reachable from `src` and from `dist`. */
const FOLDER = new URL('../../../docs/', import.meta.url);
/** The table of contents, which is the page of `/docs` itself. */
const CONTENTS = 'README';
/** Base URL in the pages' text, which answers replace by their own. */
const WRITTEN_BASE = 'http://localhost:8080';
const ADDRESSES = /(http:\/\/)?localhost:8080/g;

/** A page of the reference. */
export interface ManualPage {
  /** End of its URL; undefined for the table of contents. */
  readonly name: string | undefined;
  /** Markdown. */
  readonly source: string;
}

/** The reference: the pages of `docs/`, read once, each rendered on first request. */
export class Manual {
  readonly contents: ManualPage;
  /** The table of contents; its links are names of pages. */
  readonly sections: readonly ManualSection[];
  /** By name, in the order of the table of contents. */
  readonly pages: ReadonlyMap<string, ManualPage>;
  /** Names of files, all WebP. */
  readonly pictures: readonly string[];
  /** By name and language. */
  readonly #rendered = new Map<string, Rendered>();

  constructor() {
    this.contents = { name: undefined, source: readManualPage(CONTENTS) };
    this.sections = readSections(this.contents.source).map(({ title, links }) => ({
      title,
      links: links.map(({ text, href }) => ({ text, href: pageName(href) })),
    }));
    const names = this.sections.flatMap(({ links }) => links.map(({ href }) => href));
    this.pages = new Map(names.map((name) => [name, { name, source: readManualPage(name) }]));
    this.pictures = readdirSync(new URL('pictures/', FOLDER)).filter((name) => name.endsWith('.webp'));
  }

  /** @param base URL of the server, for links and commands in the page */
  render(page: ManualPage, base: string, language: Language): Rendered {
    const key = `${page.name} ${language}`;
    const rendered = this.#rendered.get(key) ?? renderMarkdown(page.source, (href) => resolve(href, language));
    this.#rendered.set(key, rendered);
    const { title, body } = rendered;
    const address = html`${base}`.text;
    return { title, body: new Html(body.text.replace(ADDRESSES, () => address)) };
  }
}

/** Returns a picture of the reference, by one of {@link Manual.pictures}. */
export function readPicture(name: string): Promise<Uint8Array> {
  return readFile(new URL(`pictures/${name}`, FOLDER));
}

function readManualPage(name: string): string {
  return readFileSync(new URL(`${name}.md`, FOLDER), 'utf8');
}

function pageName(file: string): string {
  return file.replace(/\.md$/, '');
}

/** Returns the URL of a link in a page: that of a file of the folder, or any other address unchanged. */
function resolve(href: string, language: Language): string {
  if (/^(https?:|#)/.test(href)) return href;
  if (!/\.md(#|$)/.test(href)) return `${WRITTEN_BASE}/docs/${href}`;
  const [file = '', anchor] = href.split('#');
  const path = pageName(file) === CONTENTS ? '' : `/${pageName(file)}`;
  return `${WRITTEN_BASE}/docs${path}?lang=${language}${anchor === undefined ? '' : `#${anchor}`}`;
}
