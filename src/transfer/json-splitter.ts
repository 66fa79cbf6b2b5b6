const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Longest piece in characters: a country's outline has some 50 million. */
const MAX_PIECE = 400_000_000;

/** An element of a `features` list, or an object whose members are given, without `features`, as text. */
export type JsonPiece =
  | { readonly kind: 'feature'; readonly text: string }
  | { readonly kind: 'document'; readonly members: ReadonlyMap<string, string>; readonly hasFeatures: boolean };

/**
 * Takes GeoJSON text apart while it arrives, so that a file of any size passes: objects one after the other (one
 * FeatureCollection; or a sequence of features, RFC 8142), and of each the elements of its `features`.
 * Pieces are not checked: whoever parses them finds what is wrong.
 */
export class JsonSplitter {
  /** Brackets open. Members of the object are at 1, elements of `features` at 2. */
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isInFeatures = false;
  #hasFeatures = false;
  #members = new Map<string, string>();
  #key: string | undefined;
  /** What of the current piece came with earlier chunks; undefined: no piece is open. */
  #before: string | undefined;
  readonly #list: string | undefined;

  /** @param list name of the member whose elements are given one by one */
  constructor(list?: string) {
    this.#list = list;
  }

  /** @throws SyntaxError for what is outside of every object, and for a piece that is too large */
  *push(chunk: string): Generator<JsonPiece> {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (this.#isInString) at = this.#passString(chunk, at);
      const code = chunk.charCodeAt(at);
      // A string may end with the chunk: then `code` is NaN.
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

  /** @throws SyntaxError where the text ends within an object */
  finish(): void {
    if (this.#depth || this.#isInString) throw new SyntaxError('the text ends too early');
  }

  /** @returns the place after the string, or the end of the chunk */
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

  /** Whether a key, a member's value or a feature begins with this character. */
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

  /** A piece may end before or with this character. */
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

/** The members of an object as text, in their order; of two with one name the last. @param json an object that JSON.parse takes */
export function membersOf(json: string): Map<string, string> {
  const splitter = new JsonSplitter();
  for (const piece of splitter.push(json)) {
    if (piece.kind === 'document') return new Map(piece.members);
  }
  return new Map();
}
