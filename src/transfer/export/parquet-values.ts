import type { SchemaElement } from 'hyparquet';
import { DAY_MS } from '../../lib/time.ts';
import type { FileColumn } from './geopackage.ts';

/** Starts and ends a file. */
export const PARQUET_MAGIC = 'PAR1';

export type WrittenElement = Omit<SchemaElement, 'name'>;

/** A column of a Parquet file: its type, and its values from PostgreSQL's text form. */
interface WrittenColumn {
  readonly element: WrittenElement;
  /** Returns null for a value that the type cannot express. */
  readonly write: (text: string) => unknown;
}

/** Parquet's logical types, https://github.com/apache/parquet-format/blob/master/LogicalTypes.md. */
const TEXT: WrittenColumn = { element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, write: (text) => text };
const JSON_TEXT: WrittenColumn = {
  element: { type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } },
  write: (text) => new Uint8Array(Buffer.from(text)),
};
const DOUBLE: WrittenColumn = { element: { type: 'DOUBLE' }, write: Number };

const WRITTEN_COLUMNS: Readonly<Record<string, WrittenColumn>> = {
  smallint: { element: { type: 'INT32', converted_type: 'INT_16' }, write: Number },
  integer: { element: { type: 'INT32' }, write: Number },
  bigint: { element: { type: 'INT64' }, write: BigInt },
  real: { element: { type: 'FLOAT' }, write: Number },
  'double precision': DOUBLE,
  boolean: { element: { type: 'BOOLEAN' }, write: (text) => text === 'true' },
  date: { element: { type: 'INT32', converted_type: 'DATE' }, write: writeDay },
  'time without time zone': {
    element: { type: 'INT64', logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' } },
    write: microsecondsOfDay,
  },
  'timestamp with time zone': timestampColumnOf(true),
  'timestamp without time zone': timestampColumnOf(false),
  bytea: { element: { type: 'BYTE_ARRAY' }, write: (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex')) },
};

/** Returns the form of a column by the type that the table declares. */
export function writtenColumn({ baseType, kind }: FileColumn): WrittenColumn {
  if (kind === 'json') return JSON_TEXT;
  const [plain = baseType, precision, scale] = splitType(baseType);
  const isDecimal = plain === 'numeric' && precision !== undefined && precision <= 38;
  if (isDecimal && scale >= 0 && scale <= precision) return decimalColumnOf(precision, scale);
  return WRITTEN_COLUMNS[plain] ?? (kind === 'double' ? DOUBLE : TEXT);
}

/** Splits `numeric(12,2)` and `timestamp(0) with time zone` into the type and its numbers. */
function splitType(type: string): [plain: string, precision: number | undefined, scale: number] {
  const [, before, precision, scale = '0', after = ''] = /^([^(]+)\((\d+)(?:,(-?\d+))?\)(.*)$/.exec(type) ?? [];
  return before === undefined ? [type, undefined, 0] : [before + after, Number(precision), Number(scale)];
}

function timestampColumnOf(isAdjustedToUTC: boolean): WrittenColumn {
  const element = { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit: 'MICROS' } } as const;
  return { element, write: microsecondsOf };
}

/** A decimal is a whole number of as few bytes as its digits need. NaN and infinity have none. */
function decimalColumnOf(precision: number, scale: number): WrittenColumn {
  const type = precision <= 9 ? 'INT32' : precision <= 18 ? 'INT64' : 'FIXED_LEN_BYTE_ARRAY';
  const length = type === 'FIXED_LEN_BYTE_ARRAY' ? { type_length: 16 } : {};
  return {
    element: { type, ...length, converted_type: 'DECIMAL', precision, scale },
    write: (text) => {
      const [, whole, fraction = ''] = /^(-?\d+)(?:\.(\d+))?$/.exec(text) ?? [];
      return whole === undefined ? null : BigInt(whole + fraction.padEnd(scale, '0'));
    },
  };
}

const TIME_TEXT = /^(\d+)-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?Z?)?(?: ?BC)?$/;

/** Returns the milliseconds since 1970 of whole seconds, and the microseconds above; null for an infinite time. */
function readTimeText(text: string): readonly [ms: number, micros: number] | null {
  const [, year, month, day, clock = '00:00:00', fraction = ''] = TIME_TEXT.exec(text) ?? [];
  if (year === undefined) return null;
  const date = new Date(`2000-01-01T${clock}Z`);
  // The year 1 BC is 0. Years below 100 are none of the last century.
  date.setUTCFullYear(text.endsWith('BC') ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day));
  return [date.getTime(), Number(fraction.padEnd(6, '0'))];
}

function writeDay(text: string): number | null {
  const time = readTimeText(text);
  return time && time[0] / DAY_MS;
}

function microsecondsOf(text: string): bigint | null {
  const time = readTimeText(text);
  return time && BigInt(time[0]) * 1000n + BigInt(time[1]);
}

/** 24:00 is the end of a day. */
function microsecondsOfDay(text: string): bigint {
  const [hours = 0, minutes = 0, seconds = 0, micros = 0] = text
    .split(/[:.]/)
    .map((part, index) => Number(index === 3 ? part.padEnd(6, '0') : part));
  return BigInt(((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micros);
}
