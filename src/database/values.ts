/** OIDs of the types whose text both engines must parse alike (pg_type.dat). */
const OID = { int8: 20, date: 1082, timestamp: 1114, timestamptz: 1184, numeric: 1700 } as const;

/** Returns a number if a double holds every digit, else the text. */
function readNumeric(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) && text.replace(/[^0-9]/g, '').replace(/^0+/, '').length <= 15 ? number : text;
}

/** Converts `2026-01-31 07:00:00.5+00` to ISO 8601 in UTC. Infinity and years beyond the calendar stay as they are. */
function readIsoTimestamp(text: string): string {
  const time = new Date(
    `${text.replace(' ', 'T')}${/[+-]\d\d(:\d\d)?$/.test(text) ? '' : 'Z'}`.replace(/([+-]\d\d)$/, '$1:00'),
  );
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}

/** Parsers of the text form by OID. */
export const TYPE_READERS: Readonly<Record<number, (text: string) => unknown>> = {
  [OID.int8]: readNumeric,
  [OID.numeric]: readNumeric,
  [OID.date]: (text) => text,
  [OID.timestamp]: (text) => text.replace(' ', 'T'),
  [OID.timestamptz]: readIsoTimestamp,
};
