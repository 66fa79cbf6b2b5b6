import { EMPTY, ident, identList, join, literal, raw, type Sql, sql } from '../database/sql.ts';
import { shapeIn } from '../geometry/shape.ts';
import type { Arguments, DatedUnit, Field, FunctionParameter, Layer, StoredRows } from './layer.ts';
import { RESULT_KEY } from './result-layer.ts';
import { isInUnits } from './units.ts';

/** Returns the source of a layer's rows for FROM. A function's required arguments must be set. */
export function relation(layer: Layer): Sql {
  const { schema, table, call, stored, fields, geometry } = layer;
  // A join in parentheses can stand with or without an alias, as a table can. A subquery needs exactly one.
  if (stored) return sql`(${storedRows(layer, stored)} AS ${ident(table)} CROSS JOIN (SELECT) AS "diaba alone")`;
  if (layer.units) return unitRows(layer, layer.units);
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

/**
 * Returns the rows of some units. PostgreSQL flattens the subquery, so the spatial index is used as for all rows. With a
 * row-level policy it would not be.
 */
function unitRows({ schema, table }: Layer, units: readonly DatedUnit[]): Sql {
  return sql`((SELECT * FROM ${ident(schema, table)} WHERE ${isInUnits(units)}) AS ${ident(table)}
    CROSS JOIN (SELECT) AS "diaba alone")`;
}

/**
 * Returns the rows of a result, their properties as typed columns. The geometry stays the bare column, which its index
 * finds. The planner tests the job before any cast, which costs more, so a cast never meets another result's value.
 */
function storedRows({ fields, geometry }: Layer, { job, layer }: StoredRows): Sql {
  const columns = fields.map((field) => sql`${storedValue(field)} AS ${ident(field.name)}`);
  return sql`(SELECT ${join([...columns, sql`geom AS ${ident(geometry.column)}`], ', ')}
    FROM result.feature WHERE job = ${job}::text AND layer = ${layer}::text)`;
}

function storedValue({ name, type, sqlType }: Field): Sql {
  if (name === RESULT_KEY) return raw('ordinal');
  if (type === 'json') return sql`properties -> ${literal(name)}`;
  return sql`(properties ->> ${literal(name)})::${raw(sqlType)}`;
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
