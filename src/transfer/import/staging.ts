import type { Session } from '../../database/database.ts';
import { copyLine, EMPTY, ident, join, literal, raw, type Sql, sql } from '../../database/sql.ts';
import { sound } from '../../geometry/overlay.ts';
import type { SourceRow } from '../source/source-row.ts';
import type { PlanColumn } from './plan.ts';
import type { Dimensions, TargetGeometry } from './target.ts';

/** Rows between two calls of `onProgress`. */
const PROGRESS_ROWS = 1000;

/** Returns `pg_temp.<name>`: visible in this session only, dropped with the transaction. */
const temp = (name: string) => ident('pg_temp', name);
export const RAW = temp('import_raw');
export const SHAPE = temp('import_shape');
export const ROW = temp('import_row');
export const REFUSAL = temp('import_refusal');

/** Returns the column of a planned column's staged text, and of its value in the target's type. */
export const stagedText = (index: number): Sql => raw(`t${index}`);
export const cellOf = (index: number): Sql => raw(`v${index}`);

const fieldColumns = (columns: readonly PlanColumn[]) =>
  columns.flatMap(({ from }, index) => ('field' in from ? [{ index, field: from.field }] : []));

/**
 * Loads the file's rows as text.
 * @returns number of rows
 */
export async function stageRows(
  session: Session,
  columns: readonly PlanColumn[],
  rows: AsyncIterable<SourceRow>,
  onRow: (count: number) => void,
): Promise<number> {
  const fields = fieldColumns(columns);
  const definitions = fields.map(({ index }) => sql`, ${stagedText(index)} text`);
  await session.script(
    sql`CREATE TEMP TABLE import_raw (n bigint, shape text${join(definitions, '')}) ON COMMIT DROP`.text,
  );
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const { number, shape, values } of rows) {
      yield copyLine([number, shape, ...fields.map(({ field }) => values[field])]);
      count = number;
      if (count % PROGRESS_ROWS === 0) onRow(count);
    }
  }
  const names = ['n', 'shape', ...fields.map(({ index }) => `t${index}`)];
  await session.copy({ schema: 'pg_temp', table: 'import_raw', columns: names }, lines());
  onRow(count);
  return count;
}

export interface ShapeOptions {
  readonly srid: number;
  /** True to repair invalid geometries, retaining parts of the same dimension only. */
  readonly repair: boolean;
  /** True to convert arcs to lines, which every client can draw. */
  readonly linearise: boolean;
}

/** Parses the geometries. `fault` is PostGIS's reason for an invalid polygon, unless it was repaired. */
export async function stageShapes(
  session: Session,
  { srid, repair, linearise }: ShapeOptions,
): Promise<{ repaired: number; linearised: number }> {
  // A broken geometry must refuse its row instead of aborting the transaction, so each is parsed inside a block that
  // catches.
  await session.script(`
    CREATE TEMP TABLE import_shape (n bigint PRIMARY KEY, g geometry, fault text, repaired boolean) ON COMMIT DROP;
    CREATE FUNCTION pg_temp.import_shape(shape text, srid int) RETURNS geometry LANGUAGE plpgsql AS $$
    BEGIN RETURN ST_SetSRID(shape::geometry, srid); EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;
    CREATE FUNCTION pg_temp.import_repair(g geometry) RETURNS geometry LANGUAGE plpgsql AS $$
    BEGIN RETURN nullif(ST_CollectionExtract(${sound(raw('g')).text}, 3), 'POLYGON EMPTY'::geometry);
    EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$`);
  await session.query(
    sql`INSERT INTO ${SHAPE} SELECT n, pg_temp.import_shape(shape, ${srid}::int), NULL, false FROM ${RAW}`,
  );
  const curved = sql`(ST_HasArc(g) OR GeometryType(g) ~ '^(CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|MULTICURVE|MULTISURFACE)$')`;
  const linearised = linearise
    ? await session.query(sql`UPDATE ${SHAPE} SET g = ST_CurveToLine(g) WHERE ${curved} RETURNING n`)
    : [];
  await session.query(sql`UPDATE ${SHAPE}
    SET fault = CASE WHEN catalog.is_closed(g) THEN split_part(ST_IsValidReason(g), '[', 1) ELSE 'Ring is not closed' END
    WHERE ST_Dimension(g) = 2 AND CASE WHEN catalog.is_closed(g) THEN NOT ST_IsValid(g) ELSE true END`);
  if (!repair) return { repaired: 0, linearised: linearised.length };
  const repaired = await session.query(sql`UPDATE ${SHAPE} AS s SET g = r.g, fault = NULL, repaired = true
    FROM (SELECT n, pg_temp.import_repair(g) AS g FROM ${SHAPE} WHERE fault IS NOT NULL OFFSET 0) AS r
    WHERE r.n = s.n AND NOT ST_IsEmpty(r.g) RETURNING s.n`);
  return { repaired: repaired.length, linearised: linearised.length };
}

/** Returns the geometry type of a new table: one MULTI type if all rows are alike, POINT for points, else GEOMETRY. */
export async function newGeometry(session: Session, srid: number): Promise<TargetGeometry> {
  // Shapefiles of type PolygonZ mostly have heights of 0, which are dropped. So are measures that are 0 or absent
  // (NaN).
  const measured = sql`EXISTS (SELECT FROM ST_DumpPoints(g) AS p WHERE ST_M(p.geom) <> 0 AND ST_M(p.geom) <> 'NaN')`;
  const [found] = await session.query<{
    kinds: string[] | null;
    multi: boolean | null;
    has_z: boolean | null;
    has_m: boolean | null;
  }>(sql`
    SELECT array_agg(DISTINCT replace(GeometryType(g), 'MULTI', '')) AS kinds, bool_or(GeometryType(g) LIKE 'MULTI%') AS multi,
      bool_or(ST_Zmflag(g) IN (2, 3) AND (ST_ZMin(g) <> 0 OR ST_ZMax(g) <> 0)) AS has_z,
      bool_or(ST_Zmflag(g) IN (1, 3) AND ${measured}) AS has_m
    FROM ${SHAPE} WHERE NOT ST_IsEmpty(g)`);
  // Some versions of PostGIS name the type with its M.
  const [kind = '', other] = [...new Set((found?.kinds ?? []).map((each) => each.replace(/M$/, '')))];
  const simple = !other && /^(POINT|LINESTRING|POLYGON)$/.test(kind);
  const type = !simple ? 'GEOMETRY' : kind === 'POINT' && !found?.multi ? 'POINT' : `MULTI${kind}`;
  const dimensions = `${found?.has_z ? 'Z' : ''}${found?.has_m ? 'M' : ''}` as Dimensions;
  return { name: 'geom', type, dimensions, srid, notNull: true };
}

/** Returns SQL of a text without spaces, line breaks and no-break spaces at its ends. */
export const trimmed = (text: Sql): Sql => sql`btrim(${text}, E' \\t\\n\\r\\u00a0')`;

/**
 * Defines a cast that refuses a row instead of aborting the transaction. There is one function a type; it returns NULL
 * for unreadable text.
 */
function castFunction(type: string, index: number): string {
  return `CREATE FUNCTION pg_temp.import_cast_${index}(given text) RETURNS ${type} LANGUAGE plpgsql AS $$
    DECLARE value text := nullif(${trimmed(raw('given')).text}, '');
    BEGIN RETURN ${castOf(type)}; EXCEPTION WHEN data_exception OR check_violation THEN RETURN NULL; END $$;`;
}

/** Returns SQL of `value` cast to the type. */
function castOf(type: string): string {
  // 12.0 is whole, 12.5 is not, and a plain cast would round it. Files have true and false where a table has 1 and 0.
  if (/^(smallint|integer|bigint)$/.test(type)) {
    return `CASE WHEN value IN ('true', 'false') THEN value::boolean::int
      WHEN value::numeric = trunc(value::numeric) THEN value::numeric::${type} END`;
  }
  // Lists are given as JSON.
  if (type.endsWith('[]'))
    return `CASE WHEN left(value, 1) = '[' THEN ARRAY(SELECT jsonb_array_elements_text(value::jsonb))::${type} ELSE value::${type} END`;
  return `value::${type}`;
}

/** Returns true for text types, which accept any text; all others are cast. */
export const isText = (type: string): boolean => /^(text|citext|name|character( varying)?(\(\d+\))?)$/.test(type);

/** Returns the longest text of `character varying(n)`. */
export const maxLengthOf = (type: string): number | undefined =>
  Number(/^character(?: varying)?\((\d+)\)/.exec(type)?.[1]) || undefined;

function valueExpression({ type, from, isCode, notNull }: PlanColumn, index: number): Sql {
  const text = 'constant' in from ? literal(from.constant) : stagedText(index);
  if (!isText(type)) return sql`pg_temp.${raw(`import_cast_${index}`)}(${text})`;
  // A cast to `character varying(n)` would shorten the text, so it stays text until it is checked.
  if (isCode) return sql`nullif(${trimmed(text)}, '')`;
  return notNull ? sql`CASE WHEN ${trimmed(text)} <> '' THEN ${text} END` : text;
}

/**
 * Converts values to the target's types, and geometries to its CRS, type and dimension. Values that do not fit are
 * NULL.
 */
export async function stageValues(
  session: Session,
  columns: readonly PlanColumn[],
  geometry: TargetGeometry,
): Promise<void> {
  const casts = columns.map(({ type }, index) => (isText(type) ? '' : castFunction(type, index)));
  const definitions = columns.map(({ type }, index) => sql`, ${cellOf(index)} ${raw(isText(type) ? 'text' : type)}`);
  await session.script(`${casts.join('\n')}
    SET LOCAL datestyle = 'ISO, DMY';
    CREATE FUNCTION pg_temp.import_move(g geometry, srid int) RETURNS geometry LANGUAGE plpgsql AS $$
    BEGIN RETURN CASE WHEN srid IN (0, ST_SRID(g)) THEN g ELSE ST_Transform(g, srid) END;
    EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;
    ${sql`CREATE TEMP TABLE import_row (n bigint PRIMARY KEY, geom geometry${join(definitions, '')}) ON COMMIT DROP`.text};
    CREATE TEMP TABLE import_refusal (n bigint PRIMARY KEY, reason int) ON COMMIT DROP`);
  const values = columns.map((column, index) => sql`, ${valueExpression(column, index)}`);
  await session.query(sql`INSERT INTO ${ROW}
    SELECT n, ${fit(geometry)}${values.length ? join(values, '') : EMPTY}
    FROM ${RAW} JOIN (SELECT n, pg_temp.import_move(g, ${geometry.srid}::int) AS g FROM ${SHAPE}
      WHERE fault IS NULL AND NOT ST_IsEmpty(g) OFFSET 0) AS moved USING (n)
    UNION ALL SELECT n, NULL${values.length ? join(values, '') : EMPTY}
    FROM ${RAW} JOIN ${SHAPE} USING (n) WHERE fault IS NOT NULL OR g IS NULL OR ST_IsEmpty(g)`);
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
function fit({ type, dimensions }: TargetGeometry): Sql {
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
  const casts = columns.flatMap(({ type }, index) => (isText(type) ? [] : [`import_cast_${index}(text)`]));
  const all = [...casts, 'import_shape(text, int)', 'import_repair(geometry)', 'import_move(geometry, int)'];
  await session.script(all.map((name) => `DROP FUNCTION pg_temp.${name}`).join('; '));
}
