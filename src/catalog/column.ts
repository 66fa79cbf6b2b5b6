import type { Field, FieldType } from './layer.ts';
import { isPersonal } from './personal.ts';
import { titleOf } from './titles.ts';

/** A type as discovered: `base` is the base type of a domain, `category` PostgreSQL's category of that. */
export interface TypeRow {
  readonly type: string;
  readonly base: string;
  readonly category: string;
}

/** A column of a table, a view, or a function's rows. */
export interface ColumnRow extends TypeRow {
  readonly name: string;
  readonly base_type: string;
  readonly typmod: number;
  readonly nullable: boolean;
  readonly comment: string | null;
  readonly indexed: boolean;
}

export function isSpatial({ base }: Pick<TypeRow, 'base'>): boolean {
  return base === 'geometry' || base === 'geography';
}

export function describeField({ name, type, base_type, nullable, comment, ...row }: ColumnRow): Field {
  return {
    name,
    type: fieldType(row),
    sqlType: type,
    baseType: base_type,
    nullable,
    title: titleOf(comment, name),
    personal: isPersonal(name),
  };
}

export function fieldType({ base, category }: Pick<TypeRow, 'base' | 'category'>): FieldType {
  if (/^int[248]$/.test(base)) return 'integer';
  if (/^(float[48]|numeric)$/.test(base)) return 'number';
  if (base === 'bool') return 'boolean';
  if (base === 'date') return 'date';
  if (base === 'timestamp' || base === 'timestamptz') return 'datetime';
  // Arrays and composites are JSON too.
  return base === 'json' || base === 'jsonb' || category === 'A' || category === 'C' ? 'json' : 'string';
}

/** Returns the first public date or time. */
export function firstTimeField(fields: readonly Field[]): string | undefined {
  return fields.find(({ type, personal }) => (type === 'date' || type === 'datetime') && !personal)?.name;
}

/** Returns the public fields that a tile can carry. */
export function plainFields(fields: readonly Field[]): string[] {
  return fields.filter(({ type, personal }) => type !== 'json' && !personal).map(({ name }) => name);
}
