import type { FieldType } from '../../catalog/layer.ts';
import type { Operand } from '../../cql2/expression.ts';
import { readNumber } from '../../cql2/literal.ts';
import { readDecimal } from '../kit/parameters.ts';
import { isTime } from '../layers/datetime.ts';

/** Parser of a literal compared with a field; undefined if it is invalid. */
interface LiteralReader {
  readonly vi: string;
  readonly en: string;
  readonly read: (text: string) => Operand | undefined;
}

const numberLiteral: LiteralReader = {
  vi: 'số',
  en: 'a number',
  read: (text) => {
    const plain = text.trim();
    if (readDecimal(plain) === undefined) return undefined;
    return isExpansion(plain) ? { kind: 'literal', value: Number(plain) } : readNumber(plain);
  },
};

/**
 * True where a text is the binary value of a shorter number: QGIS 3.22 writes 34.016 as 34.01599999999999824. Compared
 * digit by digit, a decimal column would give the row that holds 34.016 for `> 34.016`.
 */
function isExpansion(text: string): boolean {
  const decimals = /^-?\d+\.(\d{1,100})$/.exec(text)?.[1]?.length;
  const value = Number(text);
  return decimals !== undefined && String(value).length < text.length && value.toFixed(decimals) === text;
}

/** Parsers for XML Schema's text of each type. */
export const LITERAL_READERS: Partial<Record<FieldType, LiteralReader>> = {
  integer: numberLiteral,
  number: numberLiteral,
  string: {
    vi: 'chữ',
    en: 'text',
    read: (value) => (value.includes('\0') ? undefined : { kind: 'literal', value }),
  },
  boolean: {
    vi: 'true hoặc false',
    en: 'true or false',
    read: (text) => {
      const word = text.trim().toLowerCase();
      return /^(true|false|0|1)$/.test(word) ? { kind: 'literal', value: word === 'true' || word === '1' } : undefined;
    },
  },
  date: {
    vi: 'ngày như 2026-01-31',
    en: 'a date such as 2026-01-31',
    read: (text) => {
      // Clients that know only times write a day as its first moment.
      const day = text.trim().replace(/T00:00:00(\.0+)?Z?$/, '');
      return day.length === 10 && isTime(day) ? { kind: 'date', text: day } : undefined;
    },
  },
  datetime: {
    vi: 'thời điểm như 2026-01-31T07:00:00Z',
    en: 'a time such as 2026-01-31T07:00:00Z',
    read: (text) => {
      const time = text.trim().toUpperCase();
      const zoned = /T[\d:.]+$/.test(time) ? `${time}Z` : time;
      if (!isTime(zoned)) return undefined;
      return zoned.length === 10 ? { kind: 'date', text: zoned } : { kind: 'timestamp', text: zoned };
    },
  },
};
