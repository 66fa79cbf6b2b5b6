import { SaxesParser } from 'saxes';
import { withoutPrefix } from '../text/xml-text.ts';
import type { KmlElement } from './kml-placemark.ts';

/** A Document or Folder. It is a layer if it directly holds placemarks. */
export interface KmlContainer {
  /** Number in the order of the file, from 0. */
  readonly index: number;
  name: string | undefined;
}

/** Callbacks of the KML reader. */
export interface KmlHandler {
  placemark(element: KmlElement, container: KmlContainer): void;
  schemaField?(name: string, type: string): void;
  /** Called for each NetworkLink, which stands for the content of another file. */
  networkLink?(): void;
}

/** Deepest nesting of elements. */
const MAX_ELEMENT_DEPTH = 100;

/**
 * Parses a KML while it arrives, with one placemark in memory at a time.
 * @throws SyntaxError if it is no XML
 */
export class KmlReader {
  readonly #parser = new SaxesParser();
  readonly #handler: KmlHandler;
  readonly #containers: KmlContainer[] = [];
  /** Names of the open elements outside of a placemark. */
  readonly #path: string[] = [];
  /** Open elements within a placemark, the placemark first. */
  readonly #open: KmlElement[] = [];
  #count = 0;
  #isKml = false;

  constructor(handler: KmlHandler) {
    this.#handler = handler;
    this.#parser.on('error', (error) => {
      throw new SyntaxError(error.message);
    });
    this.#parser.on('opentag', ({ name, attributes }) =>
      this.#start(withoutPrefix(name), attributes as Record<string, string>),
    );
    this.#parser.on('closetag', () => this.#end());
    this.#parser.on('text', (text) => this.#addText(text));
    this.#parser.on('cdata', (text) => this.#addText(text));
  }

  push(chunk: string): void {
    this.#parser.write(chunk);
  }

  finish(): void {
    this.#parser.close();
    if (!this.#isKml) throw new SyntaxError('it is no KML');
  }

  #start(name: string, attributes: Readonly<Record<string, string>>): void {
    const parent = this.#open.at(-1);
    if (parent || name === 'Placemark') {
      const element: KmlElement = { name, attributes, children: [], text: '' };
      if (this.#open.length > MAX_ELEMENT_DEPTH) throw new SyntaxError(`more than ${MAX_ELEMENT_DEPTH} levels`);
      parent?.children.push(element);
      this.#open.push(element);
      return;
    }
    if (this.#path.length === 0) this.#isKml = name === 'kml' || name === 'Document' || name === 'Folder';
    this.#path.push(name);
    if (isContainer(name)) this.#containers.push({ index: this.#count++, name: undefined });
    if (name === 'NetworkLink') this.#handler.networkLink?.();
    if (name === 'SimpleField') this.#handler.schemaField?.(attributes.name ?? '', attributes.type ?? '');
  }

  #end(): void {
    const element = this.#open.pop();
    if (!element) {
      if (isContainer(this.#path.pop() ?? '')) this.#containers.pop();
    } else if (!this.#open.length) {
      this.#handler.placemark(element, this.#containers.at(-1) ?? { index: -1, name: undefined });
    }
  }

  #addText(text: string): void {
    const element = this.#open.at(-1);
    const container = this.#containers.at(-1);
    if (element) element.text += text;
    else if (container && this.#path.at(-1) === 'name' && isContainer(this.#path.at(-2) ?? ''))
      container.name = (container.name ?? '') + text;
  }
}

const isContainer = (name: string) => name === 'Document' || name === 'Folder';
