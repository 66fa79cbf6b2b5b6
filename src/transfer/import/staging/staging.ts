import type { Session } from '../../../database/database.ts';
import { copyLine, ident, join, raw, type Sql, sql } from '../../../database/sql.ts';
import { sound } from '../../../geometry/overlay.ts';
import { type SourceRow, UNREADABLE } from '../../source/row/source-row.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { Dimensions, TargetGeometry } from '../plan/target.ts';
import type { Convert } from '../plan/value-maps.ts';
import { succeeds } from './quick.ts';

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
export const cellColumn = (index: number): Sql => raw(`v${index}`);

const fieldColumns = (columns: readonly PlanColumn[]) =>
  columns.flatMap(({ from, convert }, index) => ('field' in from ? [{ index, field: from.field, convert }] : []));

function convertedText(text: string | null | undefined, convert: Convert | undefined): string | null | undefined {
  return text && convert ? convert(text) : text;
}

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
  // Compiling the long statements that follow would take seconds.
  await session.script(
    sql`SET LOCAL jit = off; CREATE TEMP TABLE import_raw (n bigint, shape text, finding int${join(definitions, '')}) ON COMMIT DROP`
      .text,
  );
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const { number, shape, values, finding } of rows) {
      yield copyLine([
        number,
        shape,
        finding,
        ...fields.map(({ field, convert }) => convertedText(values[field], convert)),
      ]);
      count = number;
      if (count % PROGRESS_ROWS === 0) onRow(count);
    }
  }
  const names = ['n', 'shape', 'finding', ...fields.map(({ index }) => `t${index}`)];
  await session.copy({ schema: 'pg_temp', table: 'import_raw', columns: names }, lines());
  onRow(count);
  return count;
}

export interface StagingOptions {
  readonly srid: number;
  /** True to repair invalid geometries, retaining parts of the same dimension only. */
  readonly repair: boolean;
  /** True to convert arcs to lines, which every client can draw. */
  readonly linearise: boolean;
}

/** Parses the geometries. `fault` is PostGIS's reason for an invalid polygon, `mended` that of a repaired one. */
export async function stageShapes(
  session: Session,
  { srid, repair, linearise }: StagingOptions,
): Promise<{ repaired: number; linearised: number }> {
  // A broken geometry must refuse its row instead of aborting the transaction. If there is one, each is parsed inside a
  // block that catches.
  await session.script(`
    CREATE TEMP TABLE import_shape (n bigint PRIMARY KEY, g geometry, fault text, mended text) ON COMMIT DROP;
    CREATE FUNCTION pg_temp.import_shape(shape text, srid int) RETURNS geometry LANGUAGE plpgsql AS $$
    BEGIN RETURN ST_SetSRID(shape::geometry, srid); EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;
    CREATE FUNCTION pg_temp.import_repair(g geometry) RETURNS geometry LANGUAGE plpgsql AS $$
    BEGIN RETURN nullif(ST_CollectionExtract(${sound(raw('g')).text}, 3), 'POLYGON EMPTY'::geometry);
    EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$`);
  const parsed = (shape: Sql) => sql`INSERT INTO ${SHAPE} SELECT n, ${shape} FROM ${RAW}`;
  if (!(await succeeds(session, parsed(sql`ST_SetSRID(nullif(shape, ${UNREADABLE})::geometry, ${srid}::int)`))))
    await session.query(parsed(sql`pg_temp.import_shape(shape, ${srid}::int)`));
  const curved = sql`(ST_HasArc(g) OR GeometryType(g) ~ '^(CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|MULTICURVE|MULTISURFACE)$')`;
  const linearised = linearise
    ? await session.query(sql`UPDATE ${SHAPE} SET g = ST_CurveToLine(g) WHERE ${curved} RETURNING n`)
    : [];
  await session.query(sql`UPDATE ${SHAPE}
    SET fault = CASE WHEN catalog.is_closed(g) THEN split_part(ST_IsValidReason(g), '[', 1) ELSE 'Ring is not closed' END
    WHERE ST_Dimension(g) = 2 AND CASE WHEN catalog.is_closed(g) THEN NOT ST_IsValid(g) ELSE true END`);
  if (!repair) return { repaired: 0, linearised: linearised.length };
  const repaired = await session.query(sql`UPDATE ${SHAPE} AS s SET g = r.g, fault = NULL, mended = fault
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
