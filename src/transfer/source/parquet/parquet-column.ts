import type { ParquetParsers, SchemaElement, SchemaTree } from 'hyparquet';
import type { SourceField } from '../row/source-row.ts';

/** A column of a Parquet file as a field. */
export interface ParquetColumn {
  readonly name: string;
  readonly field: SourceField;
  /** Returns a value that is not null in PostgreSQL's text form. */
  read(value: unknown): string;
}

const decoder = new TextDecoder();
const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** Gives values as text with all of their digits, and geometries as hexadecimal WKB. */
export const PARQUET_PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value) => (value === undefined || value === null ? value : timeText(value * 1_000_000n)),
  timestampFromMicroseconds: (value) => (value === undefined || value === null ? value : timeText(value * 1000n)),
  timestampFromNanoseconds: (value) => (value === undefined || value === null ? value : timeText(value)),
  dateFromDays: (days) =>
    days === undefined || days === null ? days : inEra(new Date(days * 86_400_000), ({ day }) => day),
  jsonFromBytes: (bytes) => bytes && decoder.decode(bytes),
  geometryFromBytes: (bytes) => bytes && hex(bytes),
  geographyFromBytes: (bytes) => bytes && hex(bytes),
};

const SECOND = 1_000_000_000n;

/** @param nanoseconds since 1970 */
function timeText(nanoseconds: bigint): string {
  const fraction = ((nanoseconds % SECOND) + SECOND) % SECOND;
  const seconds = Number((nanoseconds - fraction) / SECOND);
  const digits = fraction.toString().padStart(9, '0').replace(/0+$/, '');
  return inEra(new Date(seconds * 1000), ({ day, clock }) => `${day}T${clock}${digits ? `.${digits}` : ''}`);
}

interface DateParts {
  readonly day: string;
  readonly clock: string;
}

/** Writes a date as PostgreSQL does, in whatever year: `10000-01-01`, `0044-03-15 BC`. */
function inEra(date: Date, write: (parts: DateParts) => string): string {
  // From the end, since years have four or six digits.
  const [month, clock] = [date.toISOString().slice(-19, -14), date.toISOString().slice(-13, -5)];
  const year = date.getUTCFullYear();
  const digits = String(year > 0 ? year : 1 - year).padStart(4, '0');
  return write({ day: `${digits}-${month}`, clock }) + (year > 0 ? '' : ' BC');
}

/** Parquet's logical types, https://github.com/apache/parquet-format/blob/master/LogicalTypes.md. */
export function openParquetColumn({ element, children }: SchemaTree): ParquetColumn {
  const { name } = element;
  const [type, read] = children.length || element.repetition_type === 'REPEATED' ? NESTED : columnType(element);
  return { name, field: { name, type }, read };
}

type ParquetType = readonly [type: string, read: (value: unknown) => string];

const NESTED: ParquetType = ['jsonb', toJson];

function columnType(element: SchemaElement): ParquetType {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (element.precision !== undefined && element.scale !== undefined) return decimalColumn(element);
  if (logical?.type === 'DECIMAL') return decimalColumn({ ...element, ...logical, type });
  if (converted === 'DATE' || logical?.type === 'DATE') return ['date', String];
  if (logical?.type === 'TIMESTAMP') return timestampColumn(logical.isAdjustedToUTC);
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS') return timestampColumn(true);
  if (type === 'INT96') return timestampColumn(false);
  if (logical?.type === 'TIME') return ['time', (value) => clockText(value, logical.unit)];
  if (converted === 'TIME_MILLIS') return ['time', (value) => clockText(value, 'MILLIS')];
  if (converted === 'TIME_MICROS') return ['time', (value) => clockText(value, 'MICROS')];
  if (logical?.type === 'UUID') return ['uuid', String];
  if (logical?.type === 'FLOAT16') return ['real', String];
  if (converted === 'JSON' || logical?.type === 'JSON') return ['jsonb', jsonText];
  return plainColumn(element);
}

function plainColumn({ type, converted_type: converted, logical_type: logical }: SchemaElement): ParquetType {
  const isUnsigned = /^UINT/.test(converted ?? '') || (logical?.type === 'INTEGER' && !logical.isSigned);
  if (type === 'BOOLEAN') return ['boolean', String];
  if (type === 'INT32') return [isUnsigned ? 'bigint' : 'integer', String];
  if (type === 'INT64') return [isUnsigned ? 'numeric' : 'bigint', String];
  if (type === 'FLOAT') return ['real', floatText];
  if (type === 'DOUBLE') return ['double precision', parquetNumber];
  if (converted === 'UTF8' || logical?.type === 'STRING') return ['text', String];
  if (converted === 'ENUM' || logical?.type === 'ENUM') return ['text', (value) => decoder.decode(value as Uint8Array)];
  return ['bytea', (value) => `\\x${hex(value as Uint8Array)}`];
}

/** Returns JSON, which the reader leaves as bytes if only its logical type says so. */
const jsonText = (value: unknown): string => (value instanceof Uint8Array ? decoder.decode(value) : String(value));

const parquetNumber = (value: unknown): string => (Object.is(value, -0) ? '-0' : String(value));

/** Returns the fewest digits that are this number of 32 bits. */
function floatText(value: unknown): string {
  const digits = [6, 7, 8].map((count) => Number((value as number).toPrecision(count)));
  return parquetNumber(digits.find((each) => Math.fround(each) === value) ?? value);
}

function timestampColumn(isUtc: boolean): ParquetType {
  return isUtc ? ['timestamptz', (value) => String(value).replace(/( BC)?$/, 'Z$1')] : ['timestamp', String];
}

function clockText(value: unknown, unit: 'MILLIS' | 'MICROS' | 'NANOS'): string {
  const factor = { MILLIS: 1_000_000n, MICROS: 1000n, NANOS: 1n }[unit];
  const nanoseconds = BigInt(value as number | bigint) * factor;
  return nanoseconds === 86_400n * SECOND ? '24:00:00' : timeText(nanoseconds).slice(11);
}

/** A decimal is a whole number, as bytes the highest first, and the place of its decimal point. */
function decimalColumn({ scale = 0 }: SchemaElement): ParquetType {
  return [
    'numeric',
    (value) => {
      const whole =
        value instanceof Uint8Array
          ? BigInt.asIntN(8 * value.length, BigInt(`0x${hex(value) || '0'}`))
          : BigInt(value as number);
      const digits = (whole < 0n ? -whole : whole).toString().padStart(scale + 1, '0');
      const point = digits.length - scale;
      return `${whole < 0n ? '-' : ''}${digits.slice(0, point)}${scale ? `.${digits.slice(point)}` : ''}`;
    },
  ];
}

/** Returns a list or a group as JSON. Whole numbers keep all digits; bytes become hexadecimal text. */
function toJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return JSON.stringify(`\\x${hex(value)}`);
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (value && typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([name, each]) => `${JSON.stringify(name)}:${toJson(each)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}
