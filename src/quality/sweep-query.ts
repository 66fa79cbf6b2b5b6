import { tableOf } from '../analysis/layer-sql.ts';
import { ident, type Query, raw, type Sql, sql } from '../database/sql.ts';
import type { BoundRule } from './rule.ts';

/** A square of the layer's CRS: column and row, from its origin. */
export interface Square {
  readonly x: number;
  readonly y: number;
}

/** Assessed shapes of a square. */
export interface SquareShapes {
  /** Keys, separated by line ends, in the order of the shapes; null: no shape is there. */
  readonly keys: string | null;
  /** WKB of two dimensions, one after another. */
  readonly shapes: Uint8Array | null;
}

/** Squares on a side of the largest box that is taken for one. One of half the province is a wrong coordinate. */
const MOST_SQUARES = 100;

/** Selects the squares that shapes meet or lie near, by their boxes, as {@link Square}. */
export function squaresQuery(
  { layer, rule }: BoundRule,
  { side, margin }: { readonly side: number; readonly margin: number },
): Query {
  const at = (corner: 'Min' | 'Max', axis: 'X' | 'Y') => {
    const end = sql`${raw(`ST_${axis}${corner}`)}(${ident(layer.geometry.column)})`;
    return sql`floor((${end} + ${corner === 'Min' ? -margin : margin}::float8) / ${side}::int)::int`;
  };
  const upTo = (end: 'east' | 'north', start: 'west' | 'south') =>
    sql`least(${raw(end)}, ${raw(start)} + ${MOST_SQUARES}::int)`;
  return sql`
    SELECT DISTINCT x, y
    FROM (
      SELECT ${at('Min', 'X')} AS west, ${at('Max', 'X')} AS east, ${at('Min', 'Y')} AS south, ${at('Max', 'Y')} AS north
      FROM ${tableOf(layer)} WHERE (${raw(rule.scope.condition)}) GROUP BY 1, 2, 3, 4) AS box
    CROSS JOIN generate_series(west, ${upTo('east', 'west')}) AS x
    CROSS JOIN generate_series(south, ${upTo('north', 'south')}) AS y
    ORDER BY x, y`;
}

/** Selects the shapes that meet a box, as {@link SquareShapes}. */
export function squareShapesQuery(
  { layer, rule, key }: BoundRule,
  [west, south, east, north]: readonly number[],
): Query {
  const geom = ident(layer.geometry.column);
  const box: Sql = sql`ST_MakeEnvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, ${layer.geometry.srid}::int)`;
  return sql`
    SELECT string_agg(${ident(key)}::text, E'\n') AS keys, string_agg(ST_AsBinary(ST_Force2D(catalog.sound(${geom})), 'NDR'), '') AS shapes
    FROM ${tableOf(layer)} WHERE (${raw(rule.scope.condition)}) AND ${geom} && ${box}`;
}
