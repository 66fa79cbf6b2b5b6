import type { TimeInterval } from '../../features/items-query.ts';
import type { Parameter } from '../parameters.ts';

const DATE = '([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])';
const HOUR = '([01][0-9]|2[0-3])';
const TIME = `T${HOUR}:[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]${HOUR}:[0-5][0-9])`;
const PATTERN = new RegExp(`^${DATE}(${TIME})?$`);
const END = `(${DATE}(${TIME})?|[.][.])?`;

/** `datetime` of OGC 17-069r4 7.15.4: an RFC 3339 time or date, or two of them with `/`, an open end being `..` or nothing. */
export const datetimeParameter: Parameter<TimeInterval> = {
  description: {
    vi: 'Thời điểm hay khoảng thời gian (RFC 3339): xét trường ngày giờ đầu tiên của lớp',
    en: "A time or an interval (RFC 3339), held against the layer's first date or time field",
  },
  schema: { type: 'string', pattern: `^(${DATE}(${TIME})?|${END}/${END})$`, examples: ['2025-07-01T00:00:00Z/..'] },
  expected: {
    vi: 'thời điểm "2025-07-01T00:00:00Z", ngày "2025-07-01", hoặc khoảng "đầu/cuối" với đầu ≤ cuối, ".." là để ngỏ',
    en: 'a time "2025-07-01T00:00:00Z", a date "2025-07-01", or an interval "start/end" with start ≤ end, ".." for an open end',
  },
  read: readInterval,
};

function readInterval(text: string): TimeInterval | undefined {
  const ends = text.toUpperCase().split('/');
  if (ends.length > 2) return undefined;
  const [first = '', last = first] = ends;
  const isInterval = ends.length === 2;
  const start = isInterval && isOpen(first) ? undefined : readStart(first);
  const end = isInterval && isOpen(last) ? undefined : readEnd(last);
  const isRead = (value: string | undefined, source: string) => value !== undefined || (isInterval && isOpen(source));
  if (!isRead(start, first) || !isRead(end, last)) return undefined;
  if (start !== undefined && end !== undefined && Date.parse(start) > Date.parse(end)) return undefined;
  return { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
}

function isOpen(text: string): boolean {
  return text === '' || text === '..';
}

/** @returns the time, or the first moment of the day */
export function readStart(text: string): string | undefined {
  if (!isTime(text)) return undefined;
  return text.includes('T') ? text : `${text}T00:00:00Z`;
}

function readEnd(text: string): string | undefined {
  if (!isTime(text)) return undefined;
  return text.includes('T') ? text : `${text}T23:59:59.999999Z`;
}

/** A time or date that is in the calendar: 30 February is not. */
export function isTime(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = (PATTERN.exec(text) ?? []).map(Number);
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
