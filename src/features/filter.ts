import { lonLatBox, touches } from '../catalog/geometry-sql.ts';
import type { Field, Layer } from '../catalog/layer.ts';
import { all, ident, join, raw, type Sql, sql } from '../database/sql.ts';
import { readDate, readTimestamp, wrongFilter } from './cql2-json.ts';
import type { Expression, Operand } from './expression.ts';
import { nearCondition, spatialCondition } from './spatial.ts';

/** Fields that a filter may name. What JSON holds has no order and no equality that a reader would expect. */
export function queryableFields(layer: Layer): Field[] {
  return layer.fields.filter(({ type }) => type !== 'json');
}

/**
 * A filter as a condition on the layer's rows, typed against its fields.
 * @param layer already narrowed to what the principal may see
 * @throws Problem invalid-parameter for an unknown property (naming the known) or a value of another type
 */
export function filterToSql(filter: Expression, layer: Layer): Sql {
  switch (filter.kind) {
    case 'and':
      return all(filter.args.map((arg) => filterToSql(arg, layer)));
    case 'or':
      return sql`(${join(
        filter.args.map((arg) => filterToSql(arg, layer)),
        ' OR ',
      )})`;
    case 'not':
      return sql`(NOT ${filterToSql(filter.arg, layer)})`;
    case 'compare':
      return comparison(filter, layer);
    case 'between': {
      const [value, low, high] = typed([filter.value, filter.low, filter.high], layer, 'ordered');
      return sql`(${value} BETWEEN ${low} AND ${high})`;
    }
    case 'in': {
      const [value, ...list] = typed([filter.value, ...filter.list], layer);
      return sql`(${value} IN (${join(list, ', ')}))`;
    }
    case 'like':
      return like(filter, layer);
    case 'isNull':
      return sql`(${filter.value.kind === 'property' ? ident(requireField(filter.value.name, layer).name) : typed([filter.value], layer)[0]} IS NULL)`;
    case 'intersects':
      return intersects(filter, layer);
    case 'spatial':
      return spatialCondition(filter.op, filter.place, layer.geometry);
    case 'near':
      return nearCondition(filter.place, filter.metres, layer.geometry);
  }
}

function comparison({ op, left, right, ignoresCase }: Extract<Expression, { kind: 'compare' }>, layer: Layer): Sql {
  const [a, b] = typed([left, right], layer, op === '=' || op === '<>' ? 'any' : 'ordered');
  const isText = [left, right].some(
    (each) => each.kind === 'property' && requireField(each.name, layer).type === 'string',
  );
  if (ignoresCase && isText) return sql`(lower(${a}) ${raw(op)} lower(${b}))`;
  return sql`(${a} ${raw(op)} ${b})`;
}

/** Operands of one operator, all of the type of the first field among them. */
function typed(operands: readonly Operand[], layer: Layer, need: 'any' | 'ordered' = 'any'): Sql[] {
  const fields = operands.flatMap((operand) => (operand.kind === 'property' ? requireField(operand.name, layer) : []));
  const [field] = fields;
  if (!field) {
    throw wrongFilter(
      'có một thuộc tính ({"property": ...}) trong mỗi phép',
      'with a property ({"property": ...}) in each operation',
    );
  }
  if (need === 'ordered' && field.type === 'boolean') {
    throw wrongFilter(
      `"${field.name}" (true/false) chỉ dùng =, <>, in`,
      `"${field.name}" (true/false) with =, <> and in only`,
    );
  }
  const other = fields.find((each) => familyOf(each) !== familyOf(field));
  if (other)
    throw wrongFilter(
      `"${field.name}" và "${other.name}" cùng kiểu`,
      `"${field.name}" and "${other.name}" of the same type`,
    );
  return operands.map((operand) =>
    operand.kind === 'property' ? column(operand.name, layer) : literalOf(operand, field),
  );
}

function familyOf({ type }: Field): string {
  return type === 'integer' ? 'number' : type;
}

function column(name: string, layer: Layer): Sql {
  const field = requireField(name, layer);
  // Domains, enums and uuids compare as the text that the caller sees.
  return field.type === 'string' ? sql`${ident(field.name)}::text` : ident(field.name);
}

function requireField(name: string, layer: Layer): Field {
  const field = queryableFields(layer).find((each) => each.name === name);
  if (field) return field;
  const known = queryableFields(layer)
    .map((each) => each.name)
    .join(', ');
  throw wrongFilter(
    `thuộc tính của ${layer.id}: ${known} (ở đây là "${name.slice(0, 60)}")`,
    `of properties of ${layer.id}: ${known} (here is "${name.slice(0, 60)}")`,
  );
}

function literalOf(operand: Exclude<Operand, { kind: 'property' }>, field: Field): Sql {
  const value = operand.kind === 'literal' ? operand.value : operand.text;
  switch (field.type) {
    case 'integer':
    case 'number':
      if (typeof value !== 'number') break;
      return Number.isSafeInteger(value) ? sql`${value}::int8` : sql`${String(value)}::numeric`;
    case 'boolean':
      if (typeof value !== 'boolean') break;
      return sql`${value}::boolean`;
    case 'date':
      if (operand.kind === 'timestamp' || typeof value !== 'string') break;
      return sql`${textOf(readDate(value))}::date`;
    case 'datetime':
      if (operand.kind === 'date') return sql`${operand.text}::date`;
      if (typeof value !== 'string') break;
      return sql`${textOf(readTimestamp(value))}::timestamptz`;
    default:
      if (operand.kind !== 'literal' || typeof value !== 'string') break;
      return sql`${value}::text`;
  }
  const [vi, en] = EXAMPLES[field.type];
  throw wrongFilter(`"${field.name}" với ${vi}`, `"${field.name}" with ${en}`);
}

const EXAMPLES: Readonly<Record<Field['type'], readonly [vi: string, en: string]>> = {
  integer: ['số', 'a number'],
  number: ['số', 'a number'],
  boolean: ['true hoặc false', 'true or false'],
  date: ['ngày như "2026-01-31"', 'a date such as "2026-01-31"'],
  datetime: ['thời điểm như "2026-01-31T07:00:00Z"', 'a timestamp such as "2026-01-31T07:00:00Z"'],
  string: ['chữ', 'text'],
  json: ['chữ', 'text'],
};

function textOf(operand: Operand): string {
  return operand.kind === 'date' || operand.kind === 'timestamp' ? operand.text : '';
}

/** CQL2's pattern: `%` any text, `_` one character, `\` before either means itself, as in SQL. */
function like({ value, pattern, ignoresCase }: Extract<Expression, { kind: 'like' }>, layer: Layer): Sql {
  const field = value.kind === 'property' ? requireField(value.name, layer) : undefined;
  if (field?.type !== 'string')
    throw wrongFilter('"like" với một thuộc tính kiểu chữ', '"like" with a property that is text');
  // A lone backslash at the end escapes nothing, which is an error to PostgreSQL.
  const whole = /(?<!\\)(\\\\)*\\$/.test(pattern) ? `${pattern}\\` : pattern;
  return sql`(${ident(field.name)}::text ${raw(ignoresCase ? 'ILIKE' : 'LIKE')} ${whole}::text)`;
}

function intersects({ property, geometry }: { property: string; geometry: object }, { geometry: spatial }: Layer): Sql {
  if (property !== spatial.column && property !== 'geometry') {
    throw wrongFilter(
      `s_intersects với thuộc tính "${spatial.column}"`,
      `s_intersects with the property "${spatial.column}"`,
    );
  }
  const literal = sql`ST_CollectionExtract(ST_MakeValid(ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(geometry)}::text), 4326)))`;
  const { domain } = spatial;
  // Beyond its domain PROJ fails, and nothing of the layer can be there.
  const near = domain ? sql`ST_Intersection(${literal}, ${lonLatBox(domain, 4326)})` : literal;
  const there = spatial.srid === 4326 ? near : sql`ST_Transform(${near}, ${spatial.srid}::int)`;
  return touches(spatial, there);
}
