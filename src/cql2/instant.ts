/**
 * A date of RFC 3339 that PostgreSQL can read: no leap seconds, offsets within 15:59 of UTC. Used in JSON Schema as
 * well.
 */
export const DATE_PATTERN = '([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])';
export const TIME_PATTERN =
  'T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-5]):[0-5][0-9])';

const DATE = new RegExp(`^${DATE_PATTERN}$`);
const TIME = new RegExp(`^${TIME_PATTERN}$`);

/** Returns true if the day exists in the calendar; 30 February does not. */
export function isDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = (DATE.exec(text) ?? []).map(Number);
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Returns true if the text is a time of RFC 3339 on an existing day. */
export function isTimestamp(text: string): boolean {
  return isDate(text.slice(0, 10)) && TIME.test(text.slice(10));
}
