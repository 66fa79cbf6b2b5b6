import { Marked, type Token, type Tokens } from 'marked';
import { Html, html } from '../html/html.ts';

/** A rendered page. Its title is separate, because every page of the server has it in its frame. */
export interface Rendered {
  readonly title: string;
  readonly body: Html;
}

/** @returns the address on the server of a page's link or picture */
export type Resolve = (href: string) => string;

/** Links of other kinds, such as `javascript:`, are shown as their text. */
const SAFE = /^(https?:\/\/|#|[\w.-]+(\/[\w.-]+)*(#.*)?$)/;

/** Renders GitHub's Markdown as HTML. HTML in it is shown as text, so that a page cannot contain a script. */
export function renderMarkdown(source: string, resolve: Resolve): Rendered {
  const marked = markdown(resolve);
  const tokens = marked.lexer(source);
  const first = tokens.findIndex(isTitle);
  const [title] = first < 0 ? [] : tokens.splice(first, 1);
  return { title: title?.type === 'heading' ? title.text : '', body: new Html(marked.parser(tokens) as string) };
}

function isTitle(token: Token): boolean {
  return token.type === 'heading' && token.depth === 1;
}

function markdown(resolve: Resolve): Marked {
  return new Marked({
    renderer: {
      html: ({ text }) => html`${text}`.text,
      heading({ tokens, depth, text }) {
        const id = anchorOf(text);
        const shown = new Html(this.parser.parseInline(tokens));
        return html`<h${depth} id="${id}"><a href="#${id}">${shown}</a></h${depth}>\n`.text;
      },
      code: ({ text, lang }) =>
        html`<pre><code>${lang === 'sh' ? text.split('\n').map(shellLine) : text}</code></pre>\n`.text,
      link({ href, tokens }) {
        const text = new Html(this.parser.parseInline(tokens));
        return SAFE.test(href) ? html`<a href="${resolve(href)}">${text}</a>`.text : text.text;
      },
      image: ({ href, text }) => html`<img src="${resolve(href)}" alt="${text}">`.text,
      // A quote is the page's summary for Vietnamese readers.
      blockquote({ tokens }) {
        return `<blockquote lang="vi">\n${this.parser.parse(tokens)}</blockquote>\n`;
      },
    },
  });
}

/** A comment is less prominent than a command. */
function shellLine(line: string, index: number): Html {
  return html`${index > 0 && '\n'}${line.startsWith('# ') ? html`<i>${line}</i>` : line}`;
}

/** Returns the anchor of a heading as on GitHub: lower case, hyphens for spaces, no punctuation. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** A heading of a list of pages, and the pages below it. */
export interface ManualSection {
  readonly title: string;
  readonly links: readonly { readonly text: string; readonly href: string }[];
}

/** Returns the lists of links in a page, each with its heading. */
export function readSections(source: string): ManualSection[] {
  const sections: { title: string; links: { text: string; href: string }[] }[] = [];
  for (const token of new Marked().lexer(source)) {
    if (token.type === 'heading' && token.depth === 2) sections.push({ title: token.text, links: [] });
    if (token.type === 'list') sections.at(-1)?.links.push(...(token as Tokens.List).items.flatMap(itemLinks));
  }
  return sections;
}

function itemLinks(item: Tokens.ListItem): { text: string; href: string }[] {
  const inline = item.tokens.flatMap((token) => ('tokens' in token && token.tokens ? token.tokens : []));
  return inline
    .filter((token): token is Tokens.Link => token.type === 'link')
    .map(({ text, href }) => ({ text, href }));
}
