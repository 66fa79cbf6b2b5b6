import type { Session } from '../../../database/database.ts';
import { EMPTY, join, literal, raw, type Sql, sql } from '../../../database/sql.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { Dimensions, TargetGeometry } from '../plan/target.ts';
import { castFunction, castQuickly, castValue, isTextType } from './casting.ts';
import { succeeds } from './quick.ts';
import { cellColumn, RAW, ROW, SHAPE, stagedText } from './staging.ts';

/** Columns that are converted one value at a time, since not all texts are values; -1 stands for the geometry. */
type CarefulColumns = ReadonlySet<number>;
const SHAPE_COLUMN = -1;

/**
 * Converts values to the target's types, and geometries to its CRS, type and dimension. Values that do not fit are
 * NULL.
 */
export async function stageValues(
  session: Session,
  columns: readonly PlanColumn[],
  geometry: TargetGeometry,
): Promise<void> {
  const casts = columns.map(({ type }, index) => (isTextType(type) ? '' : castFunction(type, index)));
  const definitions = columns.map(
    ({ type }, index) => sql`, ${cellColumn(index)} ${raw(isTextType(type) ? 'text' : type)}`,
  );
  await session.script(`${casts.join('\n')}
    SET LOCAL datestyle = 'ISO, DMY';
    CREATE FUNCTION pg_temp.import_move(g geometry, srid int) RETURNS geometry LANGUAGE plpgsql AS $$
    BEGIN RETURN CASE WHEN srid IN (0, ST_SRID(g)) THEN g ELSE ST_Transform(g, srid) END;
    EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;
    ${sql`CREATE TEMP TABLE import_row (n bigint PRIMARY KEY, geom geometry${join(definitions, '')}) ON COMMIT DROP`.text};
    CREATE TEMP TABLE import_refusal (n bigint PRIMARY KEY, reason int, reasons int[]) ON COMMIT DROP`);
  if (await succeeds(session, conversion(columns, geometry, new Set()))) return;
  await session.query(conversion(columns, geometry, await findCareful(session, columns, geometry)));
}

/** Returns the columns that cannot be converted all at once. */
async function findCareful(
  session: Session,
  columns: readonly PlanColumn[],
  geometry: TargetGeometry,
): Promise<CarefulColumns> {
  const careful = new Set<number>();
  const counted = (value: Sql, from: Sql) => sql`SELECT count(${value}) FROM ${from}`;
  if (!(await succeeds(session, counted(movedShape(geometry, false), SHAPE)))) careful.add(SHAPE_COLUMN);
  for (const [index, column] of columns.entries()) {
    if (isTextType(column.type)) continue;
    if (!(await succeeds(session, counted(castQuickly(column, givenText(column, index)), RAW)))) careful.add(index);
  }
  return careful;
}

function conversion(columns: readonly PlanColumn[], geometry: TargetGeometry, careful: CarefulColumns): Sql {
  const values = columns.map((column, index) => {
    const text = givenText(column, index);
    const isCareful = isTextType(column.type) || careful.has(index);
    return sql`, ${isCareful ? castValue(column, index, text) : castQuickly(column, text)}`;
  });
  return sql`INSERT INTO ${ROW} SELECT n, ${fitType(geometry)}${values.length ? join(values, '') : EMPTY}
    FROM ${RAW} JOIN (SELECT n, ${movedShape(geometry, careful.has(SHAPE_COLUMN))} AS g FROM ${SHAPE} OFFSET 0) AS moved USING (n)`;
}

const givenText = ({ from }: PlanColumn, index: number): Sql =>
  'constant' in from ? literal(from.constant) : stagedText(index);

/** Returns SQL of a staged geometry `g` in the CRS of the column; NULL if it is invalid or empty. */
function movedShape({ srid }: TargetGeometry, isCareful: boolean): Sql {
  const move = isCareful
    ? sql`pg_temp.import_move(g, ${srid}::int)`
    : sql`CASE WHEN ${srid}::int IN (0, ST_SRID(g)) THEN g ELSE ST_Transform(g, ${srid}::int) END`;
  return sql`CASE WHEN fault IS NULL AND NOT ST_IsEmpty(g) THEN ${move} END`;
}

/** Returns `g` in the dimensions of the column. */
function shaped(dimensions: Dimensions): Sql {
  if (dimensions === 'any') return raw('g');
  return raw({ '': 'ST_Force2D(g)', Z: 'ST_Force3DZ(g)', M: 'ST_Force3DM(g)', ZM: 'ST_Force4D(g)' }[dimensions]);
}

/**
 * Returns `g` in the column's type; NULL if the kind differs. Single parts become MULTI, or MULTI of one part becomes
 * single.
 */
function fitType({ type, dimensions }: TargetGeometry): Sql {
  const flat = shaped(dimensions);
  if (type === 'GEOMETRY') return flat;
  const kind = type.replace('MULTI', '');
  const own = sql`GeometryType(ST_Force2D(g)) IN (${kind}, ${`MULTI${kind}`})`;
  if (type.startsWith('MULTI')) return sql`CASE WHEN ${own} THEN ST_Multi(${flat}) END`;
  if (!['POINT', 'LINESTRING', 'POLYGON'].includes(kind))
    return sql`CASE WHEN GeometryType(ST_Force2D(g)) = ${type} THEN ${flat} END`;
  return sql`CASE WHEN ${own} AND ST_NumGeometries(g) = 1 THEN ST_GeometryN(${flat}, 1) END`;
}

/** Drops the functions, because they outlive the transaction and would stay in a pooled connection. */
export async function dropFunctions(session: Session, columns: readonly PlanColumn[]): Promise<void> {
  const casts = columns.flatMap(({ type }, index) => (isTextType(type) ? [] : [`import_cast_${index}(text)`]));
  const all = [...casts, 'import_shape(text, int)', 'import_repair(geometry)', 'import_move(geometry, int)'];
  await session.script(all.map((name) => `DROP FUNCTION pg_temp.${name}`).join('; '));
}
