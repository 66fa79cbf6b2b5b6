/** Text that is XML already, and is therefore not escaped again. */
export class Xml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value in a template. Lists are concatenated; null, undefined and false write nothing. */
export type XmlContent = Xml | string | number | false | null | undefined | readonly XmlContent[];

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

export const XLINK_NAMESPACE = 'http://www.w3.org/1999/xlink';

/** Escapes of the characters that are markup in XML and in HTML. */
export const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Template tag: ``xml`<Name>${value}</Name>` ``. Every value is escaped, for element content and for quoted attributes,
 * unless it is {@link Xml} already.
 */
export function xml(strings: TemplateStringsArray, ...contents: readonly XmlContent[]): Xml {
  return new Xml(strings.reduce((text, part, index) => `${text}${renderXml(contents[index - 1])}${part}`));
}

function renderXml(content: XmlContent): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Xml) return content.text;
  return typeof content === 'object' ? content.map(renderXml).join('') : escapeXml(String(content));
}

/**
 * Characters that XML 1.0 cannot hold, not even as `&#1;`: most control characters, lone surrogates, U+FFFE and U+FFFF.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Escapes text for element content and for quoted attributes. Characters that XML cannot hold become U+FFFD. */
export function escapeXml(text: string): string {
  const escaped = text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
  // Unescaped, an XML reader turns a carriage return into a line feed.
  return escaped.replace(UNWRITABLE, '\ufffd').replaceAll('\r', '&#13;');
}

/** Returns a whole document, with its XML declaration. */
export function xmlDocument(root: Xml): string {
  return `${XML_DECLARATION}${root.text}\n`;
}
