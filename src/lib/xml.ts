/** Markup that is XML already. */
export class Xml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes: lists are joined, and nothing is written for null, undefined and false. */
export type XmlContent = Xml | string | number | false | null | undefined | readonly XmlContent[];

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * ``xml`<Name>${value}</Name>` ``: everything put in is escaped, for text and for attributes in quotes, unless it is
 * {@link Xml} itself.
 */
export function xml(strings: TemplateStringsArray, ...contents: readonly XmlContent[]): Xml {
  return new Xml(strings.reduce((text, part, index) => `${text}${render(contents[index - 1])}${part}`));
}

function render(content: XmlContent): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Xml) return content.text;
  return typeof content === 'object' ? content.map(render).join('') : escapeXml(String(content));
}

/** What XML 1.0 has no way to write, not even as `&#1;`: most control characters, half a surrogate pair, U+FFFE and U+FFFF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Text for the content of an element or of an attribute in quotes; what XML cannot hold becomes U+FFFD. */
export function escapeXml(text: string): string {
  const escaped = text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
  // A reader turns a bare carriage return into a line feed.
  return escaped.replace(UNWRITABLE, '\ufffd').replaceAll('\r', '&#13;');
}

/** A whole document, with its declaration. */
export function xmlDocument(root: Xml): string {
  return `${XML_DECLARATION}${root.text}\n`;
}
