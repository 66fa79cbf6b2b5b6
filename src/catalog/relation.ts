import { EMPTY, ident, identList, join, raw, type Sql, sql } from '../database/sql.ts';
import { shapeIn } from '../geometry/shape.ts';
import type { Arguments, FunctionParameter, Layer } from './layer.ts';

/** Returns the source of a layer's rows for FROM. A function's required arguments must be set. */
export function relation(layer: Layer): Sql {
  const { schema, table, call, fields, geometry } = layer;
  if (!call) return ident(schema, table);
  const rows = functionCall([schema, table], call.parameters, call.arguments);
  if (!call.isReprojected) return rows;
  const column = ident(geometry.column);
  const target = raw(String(geometry.srid));
  // A geometry without an SRID is assumed to be GeoJSON, which has none either.
  const placed = sql`CASE WHEN ST_SRID(${column}) = 0 THEN ST_SetSRID(${column}, ${target}) ELSE ST_Transform(${shapeIn(column)}, ${target}) END`;
  const others = fields.length ? sql`${identList(fields.map(({ name }) => name))}, ` : EMPTY;
  return sql`(SELECT ${others}${placed} AS ${column} FROM ${rows}) AS ${ident(table)}`;
}

/** Returns `"schema"."name"("a" => $1, …)`. Parameters without an argument have their defaults. */
export function functionCall(name: readonly string[], parameters: readonly FunctionParameter[], given: Arguments): Sql {
  const named = parameters.flatMap(({ name: parameter, sqlType }) => {
    const value = given[parameter];
    // The type is the function's own, as the database writes it.
    return value === undefined ? [] : [sql`${ident(parameter)} => ${value}::text::${raw(sqlType)}`];
  });
  return sql`${ident(...name)}(${join(named, ', ')})`;
}
