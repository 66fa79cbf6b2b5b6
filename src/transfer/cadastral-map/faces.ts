import type { Session } from '../../database/database.ts';
import { copyLine, ident, sql } from '../../database/sql.ts';
import type { CadDrawing } from './cad-drawing.ts';
import { EDGE, type MendedEnds, mendEnds, NODE_GRID, nodeLines } from './ends.ts';
import type { LabelPart } from './label.ts';

const LINE = ident('pg_temp', 'map_line');
const FACE = ident('pg_temp', 'map_face');
const LABEL = ident('pg_temp', 'map_label');

/** A polygon between lines and the values of the texts in it. */
export interface Face {
  /** Hexadecimal EWKB. */
  readonly shape: string;
  readonly parts: readonly LabelPart[];
}

export interface Faces extends MendedEnds {
  readonly faces: readonly Face[];
  /** Shapes of lines that bound no face. */
  readonly open: readonly string[];
  /** Shapes of texts that lie in no face. */
  readonly outside: readonly string[];
}

/**
 * Returns the faces between the lines of a drawing, from north to south. It leaves nothing in the database.
 * @param tolerance distance in metres within which ends of lines meet
 */
export async function buildFaces(session: Session, drawing: CadDrawing, tolerance: number): Promise<Faces> {
  await loadDrawing(session, drawing);
  await nodeLines(
    session,
    sql`SELECT CASE WHEN ST_Dimension(flat) = 2 THEN ST_Boundary(flat) ELSE flat END AS g
      FROM (SELECT ST_CurveToLine(ST_Force2D(shape)) AS flat FROM ${LINE}) AS line WHERE ST_Dimension(flat) > 0`,
  );
  const ends = tolerance > NODE_GRID ? await mendEnds(session, tolerance) : { joined: [], cut: [] };
  await session.query(sql`CREATE TEMP TABLE map_face ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY ST_YMax(g) DESC, ST_XMin(g)) AS n, g, ST_Boundary(g) AS ring
    FROM (SELECT (ST_Dump(ST_Polygonize(g))).geom AS g FROM ${EDGE}) AS face`);
  await session.script('CREATE INDEX ON pg_temp.map_face USING gist (g); ANALYZE pg_temp.map_face');
  const faces = await session.query<{ shape: string; parts: LabelPart[] | null }>(sql`SELECT f.g::text AS shape,
      (SELECT jsonb_agg(part ORDER BY l.n) FROM ${LABEL} AS l, jsonb_array_elements(l.parts) AS part
        WHERE ST_Contains(f.g, l.shape)) AS parts FROM ${FACE} AS f ORDER BY f.n`);
  const open = await session.query<{
    shape: string;
  }>(sql`SELECT (ST_Dump(ST_LineMerge(ST_Collect(g)))).geom::text AS shape
    FROM ${EDGE} AS e WHERE NOT EXISTS (SELECT FROM ${FACE} AS f WHERE f.g && e.g AND ST_Covers(f.ring, e.g))`);
  const outside = await session.query<{ shape: string }>(sql`SELECT shape::text AS shape FROM ${LABEL} AS l
    WHERE NOT EXISTS (SELECT FROM ${FACE} AS f WHERE ST_Contains(f.g, l.shape)) ORDER BY n`);
  return {
    ...ends,
    faces: faces.map(({ shape, parts }) => ({ shape, parts: parts ?? [] })),
    open: open.map(({ shape }) => shape),
    outside: outside.map(({ shape }) => shape),
  };
}

async function loadDrawing(session: Session, { lines, labels }: CadDrawing): Promise<void> {
  await session.script(`CREATE TEMP TABLE map_line (shape geometry) ON COMMIT DROP;
    CREATE TEMP TABLE map_label (n int, shape geometry, parts jsonb) ON COMMIT DROP`);
  await session.copy(
    { schema: 'pg_temp', table: 'map_line', columns: ['shape'] },
    lines.map((shape) => copyLine([shape])),
  );
  await session.copy(
    { schema: 'pg_temp', table: 'map_label', columns: ['n', 'shape', 'parts'] },
    labels.map(({ shape, parts }, n) => copyLine([n, shape, parts])),
  );
}
