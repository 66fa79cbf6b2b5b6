import { DATE_PATTERN, isDate, isTimestamp, TIME_PATTERN } from '../../cql2/instant.ts';
import type { TimeInterval } from '../../features/items-query.ts';
import type { Parameter } from '../kit/parameters.ts';

const INSTANT = `${DATE_PATTERN}(${TIME_PATTERN})?`;
const OPEN = '([.][.])?';

/**
 * `datetime` of OGC 17-069r4 7.15.4: an RFC 3339 time or date, or two separated by `/`. One of the two may be open:
 * `..` or empty.
 */
export const datetimeParameter: Parameter<TimeInterval> = {
  description: {
    vi: 'Thời điểm hay khoảng thời gian (RFC 3339): xét trường ngày giờ đầu tiên của lớp',
    en: "A time or an interval (RFC 3339), held against the layer's first date or time field",
  },
  schema: {
    type: 'string',
    pattern: `^(${INSTANT}|${INSTANT}/${INSTANT}|${OPEN}/${INSTANT}|${INSTANT}/${OPEN})$`,
    examples: ['2025-07-01T00:00:00Z/..'],
  },
  expected: {
    vi: 'thời điểm "2025-07-01T00:00:00Z", ngày "2025-07-01", hoặc khoảng "đầu/cuối" với đầu ≤ cuối, một đầu để ngỏ thì ghi ".."; múi giờ từ -15:59 đến +15:59',
    en: 'a time "2025-07-01T00:00:00Z", a date "2025-07-01", or an interval "start/end" with start ≤ end, ".." for one open end; zones from -15:59 to +15:59',
  },
  read: readInterval,
};

function readInterval(text: string): TimeInterval | undefined {
  const ends = text.toUpperCase().split('/');
  const [first = '', last = first] = ends;
  if (ends.length > 2 || ends.every(isOpen)) return undefined;
  const isInterval = ends.length === 2;
  const [start, end] = [readInstant(first), readDatetimeEnd(last)];
  const isRead = (value: string | undefined, source: string) => value !== undefined || (isInterval && isOpen(source));
  if (!isRead(start, first) || !isRead(end, last)) return undefined;
  if (start !== undefined && end !== undefined && Date.parse(start) > Date.parse(end)) return undefined;
  return { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
}

function isOpen(text: string): boolean {
  return text === '' || text === '..';
}

/** @returns the time, or the first moment of the day */
export function readInstant(text: string): string | undefined {
  if (!isTime(text)) return undefined;
  return text.includes('T') ? text : `${text}T00:00:00Z`;
}

function readDatetimeEnd(text: string): string | undefined {
  if (!isTime(text)) return undefined;
  return text.includes('T') ? text : `${text}T23:59:59.999999Z`;
}

/** Returns true for a time or a date that is in the calendar. */
export function isTime(text: string): boolean {
  return isDate(text) || isTimestamp(text);
}
