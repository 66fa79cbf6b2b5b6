import {
  ARRAY_OPERATORS,
  COMPARISONS,
  type Expression,
  type Operand,
  SPATIAL_OPERATORS,
  TEMPORAL_OPERATORS,
} from './expression.ts';
import { wrongFilter } from './literal.ts';
import { OperandParser, type ReadContent } from './operand.ts';
import { Tokens } from './tokens.ts';

/** Longest filter, as much as a URL can hold. It is parsed in 2 ms. */
const MAX_LENGTH = 16_384;

/**
 * Parses a filter in CQL2 text (OGC 21-065r2, annex B) in linear time. The standard's grammar separates kinds of
 * operands; here one rule reads them all, and the types of the fields decide.
 * @throws Problem invalid-parameter that gives the position of the error, and what could stand there
 */
export function parseCql2Text(text: string): Expression {
  if (text.length > MAX_LENGTH) {
    throw wrongFilter(`chữ không quá ${MAX_LENGTH} ký tự`, `text of at most ${MAX_LENGTH} characters`);
  }
  const tokens = new Tokens(text);
  const filter = asCondition(new ConditionParser(tokens).disjunction());
  if (tokens.isKind('end')) return filter;
  throw tokens.wrong({ vi: 'phép so sánh, AND, OR hoặc hết', en: 'a comparison, AND, OR or the end' });
}

/** Returns a value as a condition: true or false by itself. */
function asCondition(read: ReadContent): Expression {
  return 'condition' in read ? read.condition : { kind: 'holds', value: read.operand };
}

class ConditionParser {
  readonly #tokens: Tokens;
  readonly #operands: OperandParser;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
    this.#operands = new OperandParser(tokens, () => this.disjunction());
  }

  disjunction(): ReadContent {
    return this.#several('or', () => this.#several('and', () => this.#factor()));
  }

  #several(kind: 'and' | 'or', next: () => ReadContent): ReadContent {
    const first = next();
    if (!this.#tokens.isWord(kind)) return first;
    const args = [asCondition(first)];
    while (this.#tokens.passWord(kind)) args.push(asCondition(next()));
    return { condition: { kind, args } };
  }

  #factor(): ReadContent {
    const tokens = this.#tokens;
    if (tokens.passWord('not')) {
      return tokens.deeper(() => ({ condition: { kind: 'not', arg: asCondition(this.#factor()) } }));
    }
    tokens.countNode();
    return this.#named() ?? this.#compared(this.#operands.read());
  }

  /** Reads S_…, T_… and A_… with two arguments. */
  #named(): ReadContent | undefined {
    const tokens = this.#tokens;
    const prefix = /^([sta])_\p{L}+$/u.exec(tokens.wordAt() ?? '')?.[1];
    if (prefix === undefined || !tokens.isSymbol('(', 1)) return undefined;
    const name = tokens.take().source;
    tokens.take();
    const left = this.#argument(prefix);
    tokens.requireSymbol(',');
    const right = this.#argument(prefix);
    tokens.requireSymbol(')');
    return { condition: predicate(prefix, name, left, right) };
  }

  #argument(prefix: string): Operand {
    return prefix === 'a' ? this.#operands.list() : this.#operands.operand();
  }

  /** Reads the comparison that follows a value. */
  #compared(read: ReadContent): ReadContent {
    if (!('operand' in read)) return read;
    const tokens = this.#tokens;
    const value = read.operand;
    const op = COMPARISONS.find((each) => tokens.isSymbol(each));
    if (op !== undefined) {
      tokens.take();
      return { condition: { kind: 'compare', op, left: value, right: this.#operands.operand() } };
    }
    if (tokens.passWord('is')) {
      const isDenied = tokens.passWord('not');
      tokens.requireWord('null');
      return { condition: denied(isDenied, { kind: 'isNull', value }) };
    }
    const isDenied = tokens.isWord('not') && ['like', 'between', 'in'].includes(tokens.wordAt(1) ?? '');
    if (isDenied) tokens.take();
    const condition = this.#ranged(value);
    return condition ? { condition: denied(isDenied, condition) } : read;
  }

  #ranged(value: Operand): Expression | undefined {
    const tokens = this.#tokens;
    if (tokens.passWord('like')) return { kind: 'like', value, pattern: this.#operands.operand() };
    if (tokens.passWord('between')) {
      const low = this.#operands.operand();
      tokens.requireWord('and');
      return { kind: 'between', value, low, high: this.#operands.operand() };
    }
    if (!tokens.passWord('in')) return undefined;
    tokens.requireSymbol('(');
    return { kind: 'in', value, list: this.#operands.items() };
  }
}

function denied(isDenied: boolean, condition: Expression): Expression {
  return isDenied ? { kind: 'not', arg: condition } : condition;
}

function predicate(prefix: string, name: string, left: Operand, right: Operand): Expression {
  if (prefix === 's') return { kind: 'spatial', op: operatorOf(SPATIAL_OPERATORS, name), left, right };
  if (prefix === 't') return { kind: 'temporal', op: operatorOf(TEMPORAL_OPERATORS, name), left, right };
  return { kind: 'array', op: operatorOf(ARRAY_OPERATORS, name), left, right };
}

/** Returns the operator of that name, in any case, as the standard writes it. */
function operatorOf<T extends string>(operators: readonly T[], given: string): T {
  const found = operators.find((operator) => operator.toLowerCase() === given.toLowerCase());
  if (found) return found;
  throw wrongFilter(
    `một trong ${operators.join(', ')} (không có "${given.slice(0, 40)}")`,
    `one of ${operators.join(', ')} (there is no "${given.slice(0, 40)}")`,
  );
}
