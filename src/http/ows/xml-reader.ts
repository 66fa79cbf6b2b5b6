import { SaxesParser } from 'saxes';
import { Problem } from '../../lib/errors.ts';

/** An element of a request without comments; its own text is separate from its children's. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly namespace: string;
  /** Local name -> value, including attributes in namespaces. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** Deepest nesting, beyond that of any real filter, and shallow enough for recursion. */
const MAX_XML_DEPTH = 60;

/**
 * Most elements and attributes together, some more than 10 000 ids need. Those take 50 ms; 2 MB of elements would take
 * 0.3 s.
 */
const MAX_XML_NODES = 30_000;

interface Building extends XmlElement {
  readonly children: Building[];
  text: string;
}

/**
 * Parses a document. Document types are refused: requests have none, and their entities are the usual attack on XML
 * parsers.
 * @param bindings prefixes to assume if the text binds none, as in GET requests
 * @throws Problem invalid-body
 */
export function readXml(text: string, bindings: Readonly<Record<string, string>> = {}): XmlElement {
  requireFewEntities(text);
  const open: Building[] = [];
  let root: Building | undefined;
  const parser = new SaxesParser({ xmlns: true, additionalNamespaces: { ...bindings } });
  parser.on('error', (error) => {
    throw wrongXml(error.message);
  });
  parser.on('doctype', () => {
    throw wrongXml('DOCTYPE');
  });
  let nodes = 0;
  const countNode = () => {
    if (++nodes > MAX_XML_NODES) throw wrongXml(`> ${MAX_XML_NODES} elements and attributes`);
  };
  parser.on('attribute', countNode);
  parser.on('opentag', ({ local, uri, attributes }) => {
    const values = Object.values(attributes).map((each) => [each.local, each.value] as const);
    const element: Building = { name: local, namespace: uri, attributes: bareRecord(values), children: [], text: '' };
    countNode();
    if (open.length >= MAX_XML_DEPTH) throw wrongXml(`> ${MAX_XML_DEPTH} levels`);
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (piece: string) => {
    const element = open.at(-1);
    if (element) element.text += piece;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  if (!root) throw wrongXml('no element');
  return root;
}

/** Character references take as long as elements. */
function requireFewEntities(text: string): void {
  let count = 0;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    if (++count > MAX_XML_NODES) throw wrongXml(`> ${MAX_XML_NODES} references (&...;)`);
  }
}

/** Returns a record without a prototype, so that it has no names but its own. */
function bareRecord(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

function wrongXml(reason: string): Problem {
  const shown = reason.slice(0, 200);
  return new Problem('invalid-body', { vi: `XML không đúng: ${shown}.`, en: `This is not valid XML: ${shown}.` });
}

/** Returns the attribute, ignoring the case of its name; undefined if absent. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  const key = Object.keys(element.attributes).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : element.attributes[key];
}

export function childOf({ children }: XmlElement, ...names: readonly string[]): XmlElement | undefined {
  return children.find(({ name }) => names.includes(name));
}

export function childrenOf({ children }: XmlElement, ...names: readonly string[]): XmlElement[] {
  return children.filter(({ name }) => names.includes(name));
}
