import type { Field } from '../../catalog/layer.ts';
import type { Text } from '../../lib/errors.ts';

/** A field as a column of a dBASE table. */
export interface DbfColumn {
  readonly field: Field;
  /** At most 10 bytes, distinct from every other, ignoring case. */
  readonly name: string;
  /** Text, a number as its digits, a day, true or false. */
  readonly type: 'C' | 'N' | 'D' | 'L';
}

const COLUMN_TYPES: Readonly<Record<Field['type'], DbfColumn['type']>> = {
  string: 'C',
  json: 'C',
  // dBASE has days, but no times.
  datetime: 'C',
  integer: 'N',
  number: 'N',
  date: 'D',
  boolean: 'L',
};

const NAME_BYTES = 10;

/**
 * Returns columns for fields in order. Names are shortened to a shapefile's limit, and distinguished by a number at the
 * end.
 */
export function columnsOf(fields: readonly Field[]): DbfColumn[] {
  const taken = new Set<string>();
  return fields.map((field) => {
    const name = freeColumnName(field.name, taken);
    taken.add(name.toLowerCase());
    return { field, name, type: COLUMN_TYPES[field.type] };
  });
}

function freeColumnName(name: string, taken: ReadonlySet<string>): string {
  const plain = cutBytes(name.normalize('NFC'), NAME_BYTES);
  if (!taken.has(plain.toLowerCase())) return plain;
  for (let number = 1; ; number++) {
    const end = `_${number}`;
    const free = cutBytes(plain, NAME_BYTES - end.length) + end;
    if (!taken.has(free.toLowerCase())) return free;
  }
}

/** Returns the longest prefix of at most so many bytes of UTF-8, without cutting a letter. */
export function cutBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}

/** Returns a field that no table has. */
export function textField(name: string, title: Text): Field {
  return { name, type: 'string', sqlType: 'text', baseType: 'text', nullable: true, title, personal: false };
}
