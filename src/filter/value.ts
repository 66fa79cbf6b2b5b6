import type { Field, FieldType, Layer } from '../catalog/layer.ts';
import { fieldNamed } from '../catalog/names.ts';
import type { Operand } from '../cql2/expression.ts';
import { readDate, readTimestamp, wrongFilter } from '../cql2/literal.ts';
import { ident, join, raw, type Sql, sql } from '../database/sql.ts';

/** An operand as SQL, and its type. */
export interface TypedValue {
  readonly type: Exclude<FieldType, 'integer' | 'json'>;
  readonly sql: Sql;
  /** Set for literals: the value, and the type to which PostgreSQL casts it. */
  readonly constant?: { readonly value: unknown; readonly cast: string };
}

/**
 * Returns the fields that a filter may compare. JSON fields are left out: they have no order, and no equality that a
 * reader would expect.
 */
export function queryableFields(layer: Layer): Field[] {
  return layer.fields.filter(({ type }) => type !== 'json');
}

/** @throws Problem that names the known fields */
export function requireField(name: string, layer: Layer, fields = queryableFields(layer)): Field {
  const field = fieldNamed(fields, name);
  if (field) return field;
  const known = fields.map((each) => each.name).join(', ');
  throw wrongFilter(
    `thuộc tính của ${layer.id}: ${known} (không có "${name.slice(0, 60)}")`,
    `properties of ${layer.id}: ${known} (there is no "${name.slice(0, 60)}")`,
  );
}

/**
 * Returns the operands of an operator, all of one type.
 * @throws Problem if their types differ
 */
export function comparable(operands: readonly Operand[], layer: Layer): Sql[] {
  return comparableValues(operands, layer).map((value) => value.sql);
}

/** True where a value is in a list. All constants together are one parameter. */
export function isAmong(value: Operand, list: readonly Operand[], layer: Layer): Sql {
  const [own, ...others] = comparableValues([value, ...list], layer) as [TypedValue, ...TypedValue[]];
  const [cast, ...otherCasts] = new Set(others.map(({ constant }) => constant?.cast));
  if (cast === undefined || otherCasts.length > 0) {
    return sql`${own.sql} IN (${join(
      others.map((each) => each.sql),
      ', ',
    )})`;
  }
  return sql`${own.sql} = ANY(${others.map(({ constant }) => constant?.value)}::${raw(cast)}[])`;
}

function comparableValues(operands: readonly Operand[], layer: Layer): TypedValue[] {
  const [hint] = operands.flatMap((operand) => (operand.kind === 'property' ? requireField(operand.name, layer) : []));
  const values = operands.map((operand) => readValue(operand, layer, hint));
  const [first] = values;
  const isTime = (value: TypedValue) => value.type === 'date' || value.type === 'datetime';
  if (values.every((value) => value.type === first?.type)) return values;
  // A day compared with a time counts from its beginning.
  if (values.every(isTime)) return values.map((value) => ({ type: 'datetime', sql: instantOf(value) }));
  const names = operands.flatMap((operand) => (operand.kind === 'property' ? `"${operand.name}"` : []));
  throw wrongFilter(
    `${names.join(' và ') || 'các giá trị'} cùng kiểu`,
    `${names.join(' and ') || 'values'} of the same type`,
  );
}

/** Returns a date or a time as timestamptz. A day begins at midnight UTC. */
export function instantOf({ type, sql: value }: TypedValue): Sql {
  return type === 'date' ? sql`(${value}::timestamp AT TIME ZONE 'UTC')` : value;
}

/**
 * Returns an operand as a value.
 * @param hint the field it is compared with, to whose type text is converted
 */
export function readValue(operand: Operand, layer: Layer, hint?: Field): TypedValue {
  switch (operand.kind) {
    case 'property':
      return columnOf(requireField(operand.name, layer));
    case 'date':
      if (hint && hint.type !== 'date' && hint.type !== 'datetime') throw wrongType(hint);
      return constantValue('date', operand.text, 'date');
    case 'timestamp':
      if (hint && hint.type !== 'datetime') throw wrongType(hint);
      return constantValue('datetime', operand.text, 'timestamptz');
    case 'literal':
      return literalOf(operand, hint);
    case 'arithmetic':
      return { type: 'number', sql: arithmeticOf(operand, layer) };
    case 'casei':
    case 'accenti':
      return { type: 'string', sql: folded(operand.kind, textOperand(operand.arg, layer)) };
    case 'call':
      throw wrongFilter(
        `không có hàm (ở đây "${operand.name.slice(0, 40)}"): có CASEI, ACCENTI, S_..., T_..., A_...`,
        `without the function "${operand.name.slice(0, 40)}": there are CASEI, ACCENTI, S_..., T_..., A_...`,
      );
    default:
      throw wrongFilter(
        'so sánh chữ, số, true/false, ngày hay thời điểm; hình học dùng S_..., khoảng thời gian T_..., danh sách A_...',
        'comparisons of text, numbers, true/false, dates or times; geometries by S_..., intervals by T_..., lists by A_...',
      );
  }
}

/** @throws Problem if the operand is not text */
export function textOperand(operand: Operand, layer: Layer): Sql {
  const value = readValue(operand, layer);
  if (value.type === 'string') return value.sql;
  const name = operand.kind === 'property' ? `"${operand.name}"` : '';
  throw wrongFilter(
    `LIKE, CASEI và ACCENTI với chữ hoặc thuộc tính kiểu chữ ${name}`.trim(),
    `LIKE, CASEI and ACCENTI with text or a property that is text ${name}`.trim(),
  );
}

function columnOf(field: Field): TypedValue {
  const column = ident(field.name);
  switch (field.type) {
    case 'integer':
    case 'number':
      return { type: 'number', sql: column };
    case 'datetime':
      // A time without a zone is in UTC.
      return {
        type: 'datetime',
        sql: /without time zone$/.test(field.baseType) ? sql`(${column} AT TIME ZONE 'UTC')` : column,
      };
    case 'string':
    case 'json':
      // Domains, enums and uuids compare as the text that clients receive.
      return { type: 'string', sql: sql`${column}::text` };
    default:
      return { type: field.type, sql: column };
  }
}

function literalOf({ value, digits }: Extract<Operand, { kind: 'literal' }>, hint?: Field): TypedValue {
  if (typeof value === 'string' && hint?.type === 'date') return constantValue('date', readDate(value).text, 'date');
  if (typeof value === 'string' && hint?.type === 'datetime') {
    return constantValue('datetime', readTimestamp(value).text, 'timestamptz');
  }
  const type = typeof value as 'string' | 'number' | 'boolean';
  if (hint && type !== (hint.type === 'integer' ? 'number' : hint.type)) throw wrongType(hint);
  if (type === 'string') return constantValue(type, value, 'text');
  if (type === 'boolean') return constantValue(type, value, 'boolean');
  if (digits !== undefined) return constantValue(type, digits, 'numeric');
  return Number.isSafeInteger(value)
    ? constantValue(type, value, 'int8')
    : constantValue(type, String(value), 'numeric');
}

function constantValue(type: TypedValue['type'], value: unknown, cast: string): TypedValue {
  return { type, sql: sql`${value}::${raw(cast)}`, constant: { value, cast } };
}

type Arithmetic = Extract<Operand, { kind: 'arithmetic' }>;

/**
 * Returns arithmetic as SQL, exact if the fields are exact. What cannot be computed (division by zero) is null, and
 * matches no condition.
 */
function arithmeticOf({ op, left, right }: Arithmetic, layer: Layer): Sql {
  const [a, b] = [numberOperand(left, layer), numberOperand(right, layer)];
  switch (op) {
    case '/':
      return sql`(${a}::numeric / nullif(${b}::numeric, 0))`;
    case '%':
      return sql`mod(${a}::numeric, nullif(${b}::numeric, 0))`;
    case 'div':
      return sql`div(${a}::numeric, nullif(${b}::numeric, 0))`;
    case '^':
      // PostgreSQL raises an error for a root of a negative number and for results beyond a double.
      return sql`(CASE WHEN ${a}::float8 > 0 AND abs(ln(${a}::numeric) * ${b}::numeric) < 700 THEN power(${a}::float8, ${b}::float8)
        WHEN ${a}::float8 <= 0 AND ${b}::float8 = trunc(${b}::float8) AND ${b}::float8 BETWEEN 0 AND 100 AND abs(${a}::float8) < 1000
        THEN power(${a}::float8, ${b}::float8) END)`;
    default:
      return sql`(${a}::numeric ${raw(op)} ${b}::numeric)`;
  }
}

function numberOperand(operand: Operand, layer: Layer): Sql {
  const value = readValue(operand, layer);
  if (value.type === 'number') return value.sql;
  throw wrongFilter('phép tính với số', 'arithmetic with numbers');
}

/** Folds case or accents. `đ` is translated apart, because it is a letter of its own without a combining mark. */
function folded(kind: 'casei' | 'accenti', text: Sql): Sql {
  return kind === 'casei'
    ? sql`replace(lower(normalize(${text}, NFC)), 'ß', 'ss')`
    : sql`normalize(translate(regexp_replace(normalize(${text}, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dD'), NFC)`;
}

const EXAMPLES: Readonly<Record<FieldType, readonly [vi: string, en: string]>> = {
  integer: ['số', 'a number'],
  number: ['số', 'a number'],
  boolean: ['true hoặc false', 'true or false'],
  date: ['ngày như "2026-01-31"', 'a date such as "2026-01-31"'],
  datetime: ['thời điểm như "2026-01-31T07:00:00Z"', 'a timestamp such as "2026-01-31T07:00:00Z"'],
  string: ['chữ', 'text'],
  json: ['chữ', 'text'],
};

function wrongType({ name, type }: Field) {
  const [vi, en] = EXAMPLES[type];
  return wrongFilter(`"${name}" với ${vi}`, `"${name}" with ${en}`);
}
