const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Longest piece in characters. A country's outline has some 50 million. */
const MAX_PIECE = 400_000_000;

/** An element of a `features` list; or an object without `features`, whose members are text. */
export type JsonPiece =
  | { readonly kind: 'feature'; readonly text: string }
  | { readonly kind: 'document'; readonly members: ReadonlyMap<string, string>; readonly hasFeatures: boolean };

/**
 * Splits GeoJSON text while it arrives, so that files may have any size. It accepts a sequence of objects (one
 * FeatureCollection, or features, RFC 8142), and yields the elements of their `features`. Pieces are not validated;
 * whoever parses them finds errors.
 */
export class JsonSplitter {
  /** Open brackets. Members of the object are at 1, elements of `features` at 2. */
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isInFeatures = false;
  #hasFeatures = false;
  #members = new Map<string, string>();
  #key: string | undefined;
  /** Part of the current piece from earlier chunks; undefined if no piece is open. */
  #before: string | undefined;
  readonly #list: string | undefined;

  /** @param list name of the member whose elements are yielded one by one */
  constructor(list?: string) {
    this.#list = list;
  }

  /** @throws SyntaxError for text outside of every object, and for a piece that is too large */
  *push(chunk: string): Generator<JsonPiece> {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (this.#isInString) at = this.#passString(chunk, at);
      const code = chunk.charCodeAt(at);
      // A string may end with the chunk; then `code` is NaN.
      if (this.#isInString || !(code > 32)) continue;
      if (this.#depth === 0 && code !== OPEN_OBJECT) throw new SyntaxError('it is no object');
      if (this.#before === undefined && this.#opensPiece(code)) {
        this.#before = '';
        from = at;
      }
      if (code === QUOTE) this.#isInString = true;
      else if (code === OPEN_OBJECT || code === OPEN_LIST) this.#open();
      else if (code === CLOSE_OBJECT || code === CLOSE_LIST || code === COMMA || code === COLON) {
        const piece = this.#end(code, chunk, from, at);
        if (piece) yield piece;
      }
    }
    if (this.#before !== undefined) this.#before += chunk.slice(from);
    if ((this.#before?.length ?? 0) > MAX_PIECE) throw new SyntaxError('one feature is larger than 400 MB');
  }

  /** @throws SyntaxError if the text ends within an object */
  finish(): void {
    if (this.#depth || this.#isInString) throw new SyntaxError('the text ends too early');
  }

  /** @returns the index after the string, or the end of the chunk */
  #passString(chunk: string, from: number): number {
    let isEscaped = this.#isEscaped;
    let at = from;
    for (; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at);
      if (isEscaped) isEscaped = false;
      else if (code === BACKSLASH) isEscaped = true;
      else if (code === QUOTE) {
        this.#isInString = false;
        at++;
        break;
      }
    }
    this.#isEscaped = isEscaped;
    return at;
  }

  /** Returns true if a key, a member's value or a feature begins with this character. */
  #opensPiece(code: number): boolean {
    if (code === CLOSE_OBJECT || code === CLOSE_LIST || code === COMMA || code === COLON) return false;
    if (this.#isInFeatures) return this.#depth === 2;
    return this.#depth === 1 && !(code === OPEN_LIST && this.#key !== undefined && this.#key === this.#list);
  }

  #open(): void {
    if (this.#depth === 1 && this.#before === undefined) {
      this.#isInFeatures = true;
      this.#hasFeatures = true;
    }
    this.#depth++;
  }

  /** Returns the piece that ends before or with this character, if any. */
  #end(code: number, chunk: string, from: number, at: number): JsonPiece | undefined {
    const closes = code === CLOSE_OBJECT || code === CLOSE_LIST;
    const level = this.#isInFeatures ? 2 : 1;
    let piece: JsonPiece | undefined;
    if (this.#depth === level && this.#before !== undefined) {
      const text = (this.#before + chunk.slice(from, at)).trim();
      this.#before = undefined;
      piece = this.#take(text, code);
    }
    if (closes) this.#depth--;
    if (this.#depth < 0) throw new SyntaxError('a bracket is closed that was not opened');
    if (closes && this.#depth === 1 && this.#isInFeatures) {
      this.#isInFeatures = false;
      this.#key = undefined;
    }
    if (!closes || this.#depth > 0) return piece;
    const document = { kind: 'document', members: this.#members, hasFeatures: this.#hasFeatures } as const;
    this.#members = new Map();
    this.#hasFeatures = false;
    return document;
  }

  #take(text: string, code: number): JsonPiece | undefined {
    if (this.#isInFeatures) return { kind: 'feature', text };
    if (code === COLON) this.#key = JSON.parse(text) as string;
    else if (this.#key !== undefined) {
      this.#members.set(this.#key, text);
      this.#key = undefined;
    }
    return undefined;
  }
}

/**
 * Returns the members of an object as text, in order. The last of repeated names counts.
 * @param json an object that JSON.parse accepts
 */
export function membersOf(json: string): Map<string, string> {
  const splitter = new JsonSplitter();
  for (const piece of splitter.push(json)) {
    if (piece.kind === 'document') return new Map(piece.members);
  }
  return new Map();
}
