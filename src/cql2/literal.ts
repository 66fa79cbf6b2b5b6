import { MOST_DIGITS, readGeometry } from '../geo/geojson.ts';
import { countVertices } from '../geo/tangle.ts';
import { invalidParameter, type Problem } from '../lib/errors.ts';
import type { Instant, Operand } from './expression.ts';
import { isDate, isTimestamp } from './instant.ts';

/** Deepest nesting of conditions, beyond that of any form. It bounds the recursion. */
export const MAX_CONDITION_DEPTH = 20;
export const MAX_NODES = 500;
export const MAX_LIST = 1000;
export const MAX_TEXT = 1000;
/** Most vertices of all geometries of a filter together. */
export const MAX_FILTER_VERTICES = 4000;

/** @throws Problem if the text holds U+0000, which PostgreSQL cannot store */
export function readText(text: string): string {
  if (text.length <= MAX_TEXT && !text.includes('\0')) return text;
  throw wrongFilter(
    `chữ không quá ${MAX_TEXT} ký tự, không có U+0000`,
    `text of at most ${MAX_TEXT} characters, without U+0000`,
  );
}

/** @throws Problem if the day is not in the calendar */
export function readDate(text: string): Instant {
  if (!isDate(text)) {
    throw wrongFilter(
      `ngày như 2026-01-31 (ở đây là "${text.slice(0, 40)}")`,
      `dates such as 2026-01-31 (here is "${text.slice(0, 40)}")`,
    );
  }
  return { kind: 'date', text };
}

/** @throws Problem if the text is not a time of RFC 3339 */
export function readTimestamp(text: string): Instant {
  if (!isTimestamp(text)) {
    throw wrongFilter(
      `thời điểm như 2026-01-31T07:00:00Z (ở đây là "${text.slice(0, 40)}")`,
      `timestamps such as 2026-01-31T07:00:00Z (here is "${text.slice(0, 40)}")`,
    );
  }
  // Trailing zeros are dropped, so that equal times are equal texts.
  return {
    kind: 'timestamp',
    text: text.replace(/\.(\d*?)0*(?=Z|[+-]\d\d:)/, (_, digits) => (digits ? `.${digits}` : '')),
  };
}

/** Reads the end of an interval: `..` (open), a day or a time. */
export function readIntervalEnd(text: string): Instant | null {
  if (text === '..' || text === '') return null;
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? readDate(text) : readTimestamp(text);
}

/**
 * Reads GeoJSON as an operand.
 * @throws Problem if it is no geometry, is empty, or has too many vertices
 */
export function readGeometryLiteral(value: unknown): Operand {
  const geometry = readGeometry(value, 'filter', MAX_FILTER_VERTICES);
  if (countVertices(geometry) === 0) throw wrongFilter('hình học có đỉnh', 'a geometry that has vertices');
  return { kind: 'geometry', geometry };
}

/**
 * Reads a plain number.
 * @throws Problem if it exceeds the range of a double
 */
export function readNumber(text: string): Operand {
  const value = Number(text);
  if (!Number.isFinite(value)) throw wrongFilter('số nhỏ hơn 1.8e308', 'numbers below 1.8e308');
  const isLong = text.replace(/e.*|\D/gi, '').replace(/^0+/, '').length > MOST_DIGITS;
  return { kind: 'literal', value, ...(isLong && { digits: text }) };
}

/** @throws Problem unless there are four or six numbers */
export function readBBox(numbers: readonly unknown[]): Operand {
  const isBBox = (numbers.length === 4 || numbers.length === 6) && numbers.every(Number.isFinite);
  if (!isBBox) throw wrongFilter('BBOX có bốn hoặc sáu số', 'a BBOX of four or six numbers');
  return { kind: 'bbox', bbox: numbers as number[] };
}

/**
 * @param vi what belongs to a right filter
 * @param en the same, as an end of "must be …"
 */
export function wrongFilter(vi: string, en: string): Problem {
  return invalidParameter('filter', { vi: `bộ lọc đúng: ${vi}`, en });
}
