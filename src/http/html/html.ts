import { ENTITIES } from '../../lib/xml.ts';

/** Text that is HTML already, and is therefore not escaped again. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value in a template. Lists are concatenated; null, undefined and false show nothing. */
export type Content = Html | string | number | null | undefined | false | readonly Content[];

/**
 * Template tag: ``html`<td>${value}</td>` ``. Every value is escaped, for element content and for quoted attributes,
 * unless it is {@link Html} already. URLs come only from our own paths, so their scheme is not checked.
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(strings.reduce((text, part, index) => `${text}${renderHtml(contents[index - 1])}${part}`));
}

function renderHtml(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'object') return content.map(renderHtml).join('');
  return String(content).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
