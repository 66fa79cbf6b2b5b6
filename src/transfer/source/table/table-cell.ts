import { JsonType } from '../json/json-type.ts';

/** A cell of a table; an empty one is null. */
export interface TableCell {
  /** Numbers with a decimal point, days and times in ISO 8601. */
  readonly text: string;
  /** `plain`: the file has no types, so that any text may be a number. */
  readonly kind: 'plain' | 'text' | 'number' | 'boolean' | 'day' | 'time';
}

/** A row of a table, from its first column on. */
export type SheetRow = readonly (TableCell | null)[];

/** A sheet of a workbook, or the one table of a text file. */
export interface TableSheet {
  readonly name: string;
  /** True if characters of the cells are bytes of the file. */
  readonly isBytes: boolean;
  /** True if every row must have as many cells as the first. */
  readonly isEven: boolean;
  /** True if a comma can be a decimal sign. */
  readonly hasCommas: boolean;
  /** True if the text ends within a line, so that its last cell may be cut. */
  readonly endsOpen: boolean;
  rows(): AsyncIterable<SheetRow>;
}

/** A number that has one way to be written: no leading zeros, sign, spaces or exponent that would be lost. */
const PLAIN_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;
/** A number as Vietnamese spreadsheets write it: 1.234,50. */
const COMMA_NUMBER = /^-?(0|[1-9]\d*|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?$/;

/** Infers the PostgreSQL type that holds all cells of a column unchanged. */
export class ColumnType {
  readonly #type = new JsonType();
  readonly #kinds = new Set<TableCell['kind']>();
  #hasComma = false;
  #isCommaNumber = true;

  see({ text, kind }: TableCell): void {
    this.#kinds.add(kind);
    this.#hasComma ||= text.includes(',');
    this.#isCommaNumber &&= COMMA_NUMBER.test(text);
    const isNumber = kind === 'number' || (kind === 'plain' && PLAIN_NUMBER.test(text) && text !== '-0');
    this.#type.see(isNumber || kind === 'boolean' ? text : JSON.stringify(text));
  }

  isEmpty(): boolean {
    return this.#kinds.size === 0;
  }

  /** Returns true if all cells are numbers in which a comma is the decimal sign. */
  hasDecimalCommas(): boolean {
    return this.#kinds.size === 1 && this.#kinds.has('plain') && this.#hasComma && this.#isCommaNumber;
  }

  /** Returns the type. Fractions of a file without types are numeric, which preserves their digits. */
  type(): string {
    if (this.#kinds.has('time')) return this.#kinds.size === 1 ? 'timestamp' : 'text';
    const type = this.#type.type();
    return type === 'double precision' && this.#kinds.has('plain') ? 'numeric' : type;
  }
}

/** Returns a number with a decimal comma with a decimal point instead. */
export function withDecimalPoint(text: string): string {
  return text.replaceAll('.', '').replace(',', '.');
}
