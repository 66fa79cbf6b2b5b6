import type { Layer } from '../catalog/layer.ts';
import type { Expression, Operand } from '../cql2/expression.ts';
import { wrongFilter } from '../cql2/literal.ts';
import { all, ident, join, raw, Sql, sql } from '../database/sql.ts';
import { CRS84, type Crs } from '../geo/crs.ts';
import { shapeOf } from '../geometry/shape.ts';
import { arrayCondition } from './array.ts';
import { requireBounded } from './bounds.ts';
import { isGeometryName, nearCondition, spatialCondition } from './spatial.ts';
import { temporalCondition } from './temporal.ts';
import { comparable, isAmong, readValue, requireField, textOperand } from './value.ts';

/** A parsed filter and the CRS of its coordinates. */
export interface RowFilter {
  readonly expression: Expression;
  readonly crs: Crs;
}

/** A filter as a condition on the rows of one layer. Questions receive filters in this form only. */
export class BoundFilter extends Sql {
  /** Never set. It prevents any other SQL from being taken for a filter. */
  declare protected readonly isBound: true;
}

/**
 * Binds a CQL2 filter to a layer: its names are found, its types compared with those of the fields.
 * @param layer already narrowed to what the principal may see
 * @param crs of the coordinates in the filter
 * @throws Problem invalid-parameter for an unknown property (the known ones are named), a value of the wrong type, or a
 * filter that is too expensive
 */
export function bindFilter(expression: Expression, layer: Layer, crs: Crs = CRS84): BoundFilter {
  requireBounded(expression);
  return bind({ expression, crs }, layer);
}

/**
 * Binds a filter to each of several layers, by their ids. Its cost is checked once.
 * @throws Problem like {@link bindFilter}
 */
export function bindFilters(filter: RowFilter, layers: readonly Layer[]): ReadonlyMap<string, BoundFilter> {
  requireBounded(filter.expression);
  return new Map(layers.map((layer) => [layer.id, bind(filter, layer)]));
}

function bind({ expression, crs }: RowFilter, layer: Layer): BoundFilter {
  const { parts, values } = filterCondition(expression, layer, crs);
  return new BoundFilter(parts, values);
}

function filterCondition(filter: Expression, layer: Layer, crs: Crs): Sql {
  const condition = (expression: Expression) => filterCondition(expression, layer, crs);
  switch (filter.kind) {
    case 'and':
      return sql`(${all(filter.args.map(condition))})`;
    case 'or':
      return sql`(${join(filter.args.map(condition), ' OR ')})`;
    case 'not':
      return sql`(NOT ${condition(filter.arg)})`;
    case 'compare': {
      const [a, b] = comparable([filter.left, filter.right], layer);
      return sql`(${a} ${raw(filter.op)} ${b})`;
    }
    case 'between': {
      const [value, low, high] = comparable([filter.value, filter.low, filter.high], layer);
      return sql`(${value} BETWEEN ${low} AND ${high})`;
    }
    case 'in':
      return sql`(${isAmong(filter.value, filter.list, layer)})`;
    case 'like':
      return sql`(${textOperand(filter.value, layer)} LIKE ${textOperand(wholePattern(filter.pattern), layer)})`;
    case 'isNull':
      return sql`(${nullable(filter.value, layer)} IS NULL)`;
    case 'spatial':
      return spatialCondition(filter, layer, crs);
    case 'near':
      return nearCondition(filter, layer, crs);
    case 'temporal':
      return temporalCondition(filter, layer);
    case 'array':
      return arrayCondition(filter, layer);
    case 'holds':
      return truth(filter.value, layer);
  }
}

/** Doubles a lone backslash at the end of a pattern. It escapes nothing, so PostgreSQL would raise an error. */
function wholePattern(pattern: Operand): Operand {
  if (pattern.kind === 'casei' || pattern.kind === 'accenti') return { ...pattern, arg: wholePattern(pattern.arg) };
  if (pattern.kind !== 'literal' || typeof pattern.value !== 'string') return pattern;
  return /(?<!\\)(\\\\)*\\$/.test(pattern.value) ? { ...pattern, value: `${pattern.value}\\` } : pattern;
}

function nullable(operand: Operand, layer: Layer): Sql {
  if (operand.kind !== 'property') return readValue(operand, layer).sql;
  if (isGeometryName(operand.name, layer)) return shapeOf(layer.geometry);
  return ident(requireField(operand.name, layer, [...layer.fields]).name);
}

function truth(operand: Operand, layer: Layer): Sql {
  const value = readValue(operand, layer);
  if (value.type === 'boolean') return value.sql;
  throw wrongFilter(
    'điều kiện: so sánh, S_..., T_..., A_... hoặc thuộc tính true/false',
    'a condition: a comparison, S_..., T_..., A_... or a property that is true or false',
  );
}
