import type { Field, FieldType } from '../catalog/layer.ts';
import { Problem, type Text } from '../lib/errors.ts';
import { countDigits, isSameJson, isSameNumber, numberText, writeExact } from './exact-json.ts';

interface FieldValueReader {
  readonly expected: Text;
  /** Returns the value for PostgreSQL's JSON input; undefined if it is not as expected. */
  readonly read: (value: unknown, field: Field) => unknown;
}

const TIME = /^(\d{4,6}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d{1,9})?(Z|[+-](?:0\d|1[0-5]):[0-5]\d)?( BC)?$/i;
const DATE = /^(-?infinity|\d{4,7}-\d\d-\d\d( BC)?)$/;
const INFINITE = /^-?infinity$/;
/** Matches what `numeric` can hold: 131 072 digits before the point, 16 383 after it. */
const DECIMAL = /^-?\d{1,131072}(\.\d{1,16383})?(e[+-]?\d{1,6})?$/i;
const NOT_FINITE: readonly unknown[] = ['NaN', 'Infinity', '-Infinity'];
const FLOAT = /^(real|double precision)(\[\])*$/;

const onlyIf = (isRight: (value: unknown) => boolean) => (value: unknown) => (isRight(value) ? value : undefined);
const textMatching = (pattern: RegExp) => onlyIf((value) => typeof value === 'string' && pattern.test(value));

const FIELD_READERS: Readonly<Record<FieldType, FieldValueReader>> = {
  string: { expected: { vi: 'chữ', en: 'text' }, read: textMatching(/^[^\0]*$/) },
  integer: { expected: { vi: 'số nguyên', en: 'a whole number' }, read: readInteger },
  number: { expected: { vi: 'số', en: 'a number' }, read: readNumberValue },
  boolean: {
    expected: { vi: 'true hoặc false', en: 'true or false' },
    read: onlyIf((value) => typeof value === 'boolean'),
  },
  date: { expected: { vi: 'ngày, như "2025-07-01"', en: 'a date such as "2025-07-01"' }, read: textMatching(DATE) },
  datetime: {
    expected: {
      vi: 'thời điểm, như "2025-07-01T00:00:00Z", không chi tiết hơn micro giây',
      en: 'a time such as "2025-07-01T00:00:00Z", no finer than a microsecond',
    },
    read: readTime,
  },
  json: {
    expected: { vi: 'JSON không có ký tự NUL', en: 'JSON without the character NUL' },
    read: (value, { baseType }) => (baseType === 'json' || !/\\u0000/.test(writeExact(value)) ? value : undefined),
  },
};

/**
 * Returns the value of a field for PostgreSQL's JSON input. Numbers become text, so that no digit is lost.
 * @throws Problem invalid-body that says what would be right
 */
export function readFieldValue(field: Field, given: unknown): unknown {
  const { name, type, nullable } = field;
  // A JSON column can store `null` as a JSON value.
  if (given === null && (nullable || type === 'json')) return null;
  const { expected, read } = FIELD_READERS[type];
  const value = read(given, field);
  if (value === undefined || value === null) {
    throw wrongField(name, { vi: `phải là ${expected.vi}`, en: `must be ${expected.en}` });
  }
  if (FLOAT.test(field.baseType)) requireDigits(field, value);
  return value;
}

/** Returns true if a value equals the one that was read, so that its column stays unchanged. */
export function isSameValue({ type, baseType }: Field, given: unknown, read: unknown): boolean {
  if (type !== 'integer' && type !== 'number') return isSameJson(given, read);
  const [a, b] = [given, read].map(textOfNumber);
  if (a === undefined || b === undefined) return given === read;
  // Several texts denote the same double or single: 0.1 is 0.10000000000000001 as well.
  if (FLOAT.test(baseType)) return Object.is(toFloat(baseType, a), toFloat(baseType, b)) || isSameNumber(a, b);
  return isSameNumber(a, b) || isSameJson(given, read);
}

export function wrongField(name: string, detail: Text): Problem {
  const parameter = `properties.${name}`;
  return new Problem(
    'invalid-body',
    { vi: `"${parameter}" ${detail.vi}.`, en: `"${parameter}" ${detail.en}.` },
    { parameter },
  );
}

function textOfNumber(value: unknown): string | undefined {
  const text = numberText(value) ?? value;
  return typeof text === 'string' && DECIMAL.test(text) ? text : undefined;
}

function readInteger(value: unknown): string | undefined {
  const text = textOfNumber(value);
  if (text === undefined) return undefined;
  // 5.0 and 1e3 are whole as well.
  const whole =
    /e/i.test(text) && Number.isSafeInteger(Number(text)) ? String(Number(text)) : text.replace(/\.0+$/, '');
  return /^-?\d{1,40}$/.test(whole) ? whole : undefined;
}

function readNumberValue(value: unknown): unknown {
  return NOT_FINITE.includes(value) ? value : textOfNumber(value);
}

/** Returns a time in UTC for a column without a zone. PostgreSQL would ignore the zone in the text. */
function readTime(value: unknown, { baseType }: Field): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (INFINITE.test(value)) return value;
  const [, seconds, , fraction = '', zone, era = ''] = TIME.exec(value) ?? [];
  if (seconds === undefined || /\.\d{6}0*[1-9]/.test(fraction)) return undefined;
  if (!baseType.includes('without time zone')) return zone === undefined ? undefined : value;
  if (zone === undefined || /z/i.test(zone)) return `${seconds}${fraction}${era}`;
  const time = new Date(`${seconds}${zone}`);
  if (era || Number.isNaN(time.getTime())) return undefined;
  return `${time.toISOString().slice(0, -'.000Z'.length)}${fraction}`;
}

function toFloat(baseType: string, decimal: string): number {
  return baseType.startsWith('real') ? Math.fround(Number(decimal)) : Number(decimal);
}

/** @throws Problem invalid-body if a float cannot hold all digits given */
function requireDigits({ name, baseType }: Field, value: unknown): void {
  if (Array.isArray(value)) for (const each of value) requireDigits({ name, baseType } as Field, each);
  const text = textOfNumber(value);
  if (text === undefined) return;
  const stored = toFloat(baseType, text);
  const digits = countDigits(text);
  // PostgreSQL itself reports an overflow.
  if (!Number.isFinite(stored) || digits === 0) return;
  if (digits <= 100 && isSameNumber(stored.toPrecision(digits), text)) return;
  throw wrongField(name, {
    vi: `có nhiều chữ số hơn cột giữ được: số gần nhất của kiểu ${baseType} là ${stored}`,
    en: `has more digits than the column holds: the nearest number of type ${baseType} is ${stored}`,
  });
}
