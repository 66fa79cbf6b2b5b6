import type { Text } from '../lib/errors.ts';
import { MAX_CONDITION_DEPTH, MAX_NODES, wrongFilter } from './literal.ts';

/** A token. `symbol` is an operator, a bracket or a comma. A `name` in quotation marks is never a keyword. */
export interface Token {
  readonly kind: 'name' | 'quoted' | 'number' | 'text' | 'symbol' | 'end';
  /** As written, quotation marks included. */
  readonly source: string;
  /** Index of its first character. */
  readonly at: number;
}

/** One alternative for each kind. No two begin with the same character, so that reading is linear. */
const TOKEN =
  /(?<name>[\p{L}_:](?:[\p{L}\d_:.$]|[\u0300-\u036f])*)|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<text>'(?:''|\\'|\\(?!')|[^'\\])*'(?!'))|(?<quoted>"(?:""|[^"])+"(?!"))|(?<symbol><>|<=|>=|[-+*/%^=<>(),])/uy;
const SPACES = /[\0- ]*/y;

/** Keywords: as property names they need quotation marks. */
const RESERVED = new Set(['and', 'or', 'not', 'like', 'between', 'in', 'is', 'null', 'true', 'false', 'div']);

/** The tokens of a filter. */
export class Tokens {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #next = 0;
  #depth = 0;
  #nodes = 0;

  /** @throws Problem if a part of the text is no token */
  constructor(text: string) {
    this.#text = text;
    for (let at = this.#skip(0); at < text.length; ) {
      TOKEN.lastIndex = at;
      const groups = TOKEN.exec(text)?.groups;
      const [kind, source] = Object.entries(groups ?? {}).find(([, part]) => part !== undefined) ?? [];
      if (source === undefined)
        throw this.#wrong(at, { vi: "tên, số hoặc chữ trong '…'", en: "a name, a number or text in '…'" });
      this.#tokens.push({ kind: kind as Token['kind'], source, at });
      at = this.#skip(at + source.length);
    }
    this.#tokens.push({ kind: 'end', source: '', at: text.length });
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] as Token;
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  isKind(kind: Token['kind']): boolean {
    return this.peek().kind === kind;
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const { kind, source } = this.peek(ahead);
    return kind === 'symbol' && source === symbol;
  }

  isWord(word: string, ahead = 0): boolean {
    return this.wordAt(ahead) === word;
  }

  /** Returns an unquoted name, in lower case. */
  wordAt(ahead = 0): string | undefined {
    const { kind, source } = this.peek(ahead);
    return kind === 'name' ? source.toLowerCase() : undefined;
  }

  isReserved(): boolean {
    return RESERVED.has(this.wordAt() ?? '');
  }

  /** Skips a symbol if it is next. Returns true if it was. */
  passSymbol(symbol: string): boolean {
    const is = this.isSymbol(symbol);
    if (is) this.#next++;
    return is;
  }

  passWord(word: string): boolean {
    const is = this.isWord(word);
    if (is) this.#next++;
    return is;
  }

  /** @throws Problem if the symbol is not next */
  requireSymbol(symbol: string): void {
    if (!this.passSymbol(symbol)) throw this.wrong({ vi: `"${symbol}"`, en: `"${symbol}"` });
  }

  requireWord(word: string): void {
    if (!this.passWord(word)) throw this.wrong({ vi: word.toUpperCase(), en: word.toUpperCase() });
  }

  /** Returns a text without its quotation marks. */
  requireText(): string {
    if (!this.isKind('text')) throw this.wrong({ vi: "chữ trong '…'", en: "text in '…'" });
    return this.take().source.slice(1, -1).replaceAll("''", "'").replaceAll("\\'", "'");
  }

  /** Reads items between commas, and the closing bracket. */
  listToBracket<T>(item: () => T): T[] {
    const items: T[] = [];
    do items.push(item());
    while (this.passSymbol(','));
    this.requireSymbol(')');
    return items;
  }

  /**
   * Reads one level deeper.
   * @throws Problem if the nesting is too deep, or has too many nodes
   */
  deeper<T>(read: () => T): T {
    if (++this.#depth > MAX_CONDITION_DEPTH) throw tooDeep();
    const result = read();
    this.#depth--;
    return result;
  }

  /** @throws Problem if there are more operations than are accepted */
  countNode(): void {
    if (++this.#nodes > MAX_NODES)
      throw wrongFilter(`không quá ${MAX_NODES} phép`, `of at most ${MAX_NODES} operations`);
  }

  /** Returns the error at the current token. */
  wrong(expected: Text): Error {
    return this.#wrong(this.peek().at, expected);
  }

  #skip(from: number): number {
    SPACES.lastIndex = from;
    SPACES.exec(this.#text);
    return SPACES.lastIndex;
  }

  #wrong(at: number, expected: Text): Error {
    const rest = this.#text.slice(at, at + 20);
    const where =
      rest === '' ? ['ở cuối', 'at its end'] : [`ở ký tự ${at + 1} ("${rest}")`, `at character ${at + 1} ("${rest}")`];
    return wrongFilter(`CQL2: ${where[0]} phải là ${expected.vi}`, `CQL2 text: ${where[1]} expected ${expected.en}`);
  }
}

export function tooDeep(): Error {
  return wrongFilter(`không sâu quá ${MAX_CONDITION_DEPTH} tầng`, `at most ${MAX_CONDITION_DEPTH} levels deep`);
}
