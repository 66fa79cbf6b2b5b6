import type { Layer } from '../catalog/layer.ts';
import type { ArrayOperator, Expression, Operand } from '../cql2/expression.ts';
import { wrongFilter } from '../cql2/literal.ts';
import { ident, type Sql, sql } from '../database/sql.ts';
import { requireField } from './value.ts';

type ArrayPredicate = Extract<Expression, { kind: 'array' }>;

/** Arrays are compared as sets (OGC 21-065r2, 7.10): order and repetition do not matter. */
const OPERATORS: Readonly<Record<ArrayOperator, (a: Sql, b: Sql) => Sql>> = {
  a_contains: (a, b) => sql`${a} @> ${b}`,
  a_containedBy: (a, b) => sql`${a} <@ ${b}`,
  a_equals: (a, b) => sql`${a} @> ${b} AND ${a} <@ ${b}`,
  a_overlaps: (a, b) =>
    sql`EXISTS (SELECT FROM jsonb_array_elements(${a}) AS one WHERE ${b} @> jsonb_build_array(one.value))`,
};

/** Returns an array predicate as a condition, on array columns and on JSON arrays. */
export function arrayCondition({ op, left, right }: ArrayPredicate, layer: Layer): Sql {
  const [a, b] = [left, right].map((operand) => arrayOf(operand, layer)) as [Sql, Sql];
  return sql`(${OPERATORS[op](a, b)})`;
}

/** Returns the operand as a jsonb array, or null. */
function arrayOf(operand: Operand, layer: Layer): Sql {
  if (operand.kind === 'list') return sql`${JSON.stringify(plainOperand(operand))}::text::jsonb`;
  if (operand.kind === 'property') {
    const column = ident(
      requireField(
        operand.name,
        layer,
        layer.fields.filter(({ type }) => type === 'json'),
      ).name,
    );
    return sql`(CASE jsonb_typeof(to_jsonb(${column})) WHEN 'array' THEN to_jsonb(${column}) END)`;
  }
  throw wrongFilter('A_... với danh sách hoặc thuộc tính là mảng', 'A_... with lists or properties that are arrays');
}

function plainOperand(operand: Operand): unknown {
  switch (operand.kind) {
    case 'list':
      return operand.items.map(plainOperand);
    case 'literal':
      return operand.value;
    case 'date':
    case 'timestamp':
      return operand.text;
    default:
      throw wrongFilter('danh sách các giá trị', 'lists of values');
  }
}
