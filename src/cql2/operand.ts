import type { Text } from '../lib/errors.ts';
import type { ArithmeticOperator, Expression, IntervalEnd, Operand } from './expression.ts';
import {
  MAX_CONDITION_DEPTH,
  MAX_LIST,
  readDate,
  readIntervalEnd,
  readNumber,
  readText,
  readTimestamp,
  wrongFilter,
} from './literal.ts';
import { type Tokens, tooDeep } from './tokens.ts';
import { isGeometryHere, readWktGeometry } from './wkt.ts';

/** Content of brackets: a condition or a value. Only the token after it decides which. */
export type ReadContent = { readonly condition: Expression } | { readonly operand: Operand };

/** Reads conditions. This half of the parser needs the other half for the content of brackets. */
export type ConditionReader = (tokens: Tokens) => ReadContent;

const SUMS = ['+', '-'] as const;
const PRODUCTS = ['*', '/', '%', 'div'] as const;
const EXPECTED: Text = { vi: 'tên, giá trị hoặc "("', en: 'a name, a value or "("' };

/** Parser of operands. Content in brackets may turn out to be a condition. */
export class OperandParser {
  readonly #tokens: Tokens;
  readonly #between: ConditionReader;

  constructor(tokens: Tokens, between: ConditionReader) {
    this.#tokens = tokens;
    this.#between = between;
  }

  /** Reads a value, or a condition in brackets. */
  read(): ReadContent {
    return this.#chain(SUMS, () => this.#chain(PRODUCTS, () => this.#power()));
  }

  /** @throws Problem if it is a condition */
  operand(): Operand {
    const read = this.read();
    if ('operand' in read) return read.operand;
    throw this.#tokens.wrong(EXPECTED);
  }

  /** Reads a list of lists and values: `((1, 2), 3)`. A single value in brackets is that value. */
  list(): Operand {
    const tokens = this.#tokens;
    if (!tokens.isSymbol('(')) return this.operand();
    tokens.take();
    return { kind: 'list', items: this.items() };
  }

  /**
   * Reads values up to the closing bracket.
   * @throws Problem if there are none, or too many
   */
  items(): Operand[] {
    const tokens = this.#tokens;
    const items = tokens.passSymbol(')') ? [] : tokens.deeper(() => tokens.listToBracket(() => this.#item()));
    if (items.length >= 1 && items.length <= MAX_LIST) return items;
    throw wrongFilter(`danh sách từ 1 đến ${MAX_LIST} giá trị`, `a list of 1 to ${MAX_LIST} values`);
  }

  #item(): Operand {
    return this.#isListHere() ? this.list() : this.operand();
  }

  /** Returns true if a bracket opens a list, which has a comma after its first value. */
  #isListHere(): boolean {
    const tokens = this.#tokens;
    if (!tokens.isSymbol('(')) return false;
    for (let ahead = 1, depth = 1; depth > 0 && tokens.peek(ahead).kind !== 'end'; ahead++) {
      if (tokens.isSymbol('(', ahead)) depth++;
      if (tokens.isSymbol(')', ahead)) depth--;
      if (depth === 1 && tokens.isSymbol(',', ahead)) return true;
    }
    return false;
  }

  /** Reads operators of equal precedence, from left to right. */
  #chain(operators: readonly ArithmeticOperator[], next: () => ReadContent): ReadContent {
    let left = next();
    for (let length = 1; ; length++) {
      const op = operators.find((each) => (each === 'div' ? this.#tokens.isWord(each) : this.#tokens.isSymbol(each)));
      if (op === undefined || !('operand' in left)) return left;
      if (length > 2 * MAX_CONDITION_DEPTH) throw tooDeep();
      this.#tokens.take();
      left = this.#compute(op, left.operand, next());
    }
  }

  #power(): ReadContent {
    const base = this.#factor();
    if (!('operand' in base) || !this.#tokens.passSymbol('^')) return base;
    return this.#compute('^', base.operand, this.#factor());
  }

  #compute(op: ArithmeticOperator, left: Operand, right: ReadContent): ReadContent {
    this.#tokens.countNode();
    if (!('operand' in right)) throw this.#tokens.wrong(EXPECTED);
    return { operand: { kind: 'arithmetic', op, left, right: right.operand } };
  }

  #factor(): ReadContent {
    const tokens = this.#tokens;
    if (tokens.passSymbol('(')) {
      return tokens.deeper(() => {
        const inside = this.#between(tokens);
        tokens.requireSymbol(')');
        return inside;
      });
    }
    if (tokens.passSymbol('-')) return tokens.deeper(() => ({ operand: negative(this.#value()) }));
    if (tokens.passSymbol('+')) return tokens.deeper(() => ({ operand: this.#value() }));
    return { operand: this.#simple() };
  }

  #value(): Operand {
    const read = this.#factor();
    if ('operand' in read) return read.operand;
    throw this.#tokens.wrong(EXPECTED);
  }

  #simple(): Operand {
    const tokens = this.#tokens;
    switch (tokens.peek().kind) {
      case 'text':
        return { kind: 'literal', value: readText(tokens.requireText()) };
      case 'number':
        return readNumber(tokens.take().source);
      case 'quoted':
        return { kind: 'property', name: readText(tokens.take().source.slice(1, -1).replaceAll('""', '"')) };
      case 'name':
        return this.#named();
      default:
        throw tokens.wrong(EXPECTED);
    }
  }

  #named(): Operand {
    const tokens = this.#tokens;
    const word = tokens.wordAt() ?? '';
    if (word === 'true' || word === 'false') {
      tokens.take();
      return { kind: 'literal', value: word === 'true' };
    }
    if (tokens.isReserved()) throw tokens.wrong(EXPECTED);
    if (isGeometryHere(tokens)) return readWktGeometry(tokens);
    if (!tokens.isSymbol('(', 1)) return { kind: 'property', name: tokens.take().source };
    const name = tokens.take().source;
    tokens.take();
    return tokens.deeper(() => this.#called(word, name));
  }

  /** Reads the arguments of a function, after its opening bracket. */
  #called(word: string, name: string): Operand {
    const tokens = this.#tokens;
    if ((word === 'date' || word === 'timestamp') && tokens.isKind('text')) {
      const instant = word === 'date' ? readDate : readTimestamp;
      const text = tokens.requireText();
      tokens.requireSymbol(')');
      return instant(text);
    }
    if (word === 'interval') return this.#interval();
    tokens.countNode();
    if (word === 'casei' || word === 'accenti') {
      const arg = this.operand();
      tokens.requireSymbol(')');
      return { kind: word, arg };
    }
    const args = tokens.passSymbol(')') ? [] : tokens.listToBracket(() => this.#item());
    return { kind: 'call', name, args };
  }

  #interval(): Operand {
    const start = this.#end();
    this.#tokens.requireSymbol(',');
    const end = this.#end();
    this.#tokens.requireSymbol(')');
    return { kind: 'interval', start, end };
  }

  #end(): IntervalEnd {
    const tokens = this.#tokens;
    if (tokens.isKind('text')) return readIntervalEnd(tokens.requireText());
    const end = this.#simple();
    if (end.kind === 'property' || end.kind === 'date' || end.kind === 'timestamp' || end.kind === 'call') return end;
    throw tokens.wrong({ vi: "ngày, thời điểm, tên hoặc '..'", en: "a date, a timestamp, a name or '..'" });
  }
}

function negative(operand: Operand): Operand {
  return operand.kind === 'literal' && typeof operand.value === 'number'
    ? { kind: 'literal', value: -operand.value, digits: operand.digits && `-${operand.digits}` }
    : { kind: 'arithmetic', op: '*', left: { kind: 'literal', value: -1 }, right: operand };
}
