import type { Session } from '../../database/database.ts';
import { ident, raw, type Sql, sql } from '../../database/sql.ts';

/** The noded lines of a drawing: `id` and `g`. */
export const EDGE = ident('pg_temp', 'map_edge');

/** Grid in metres to which vertices are rounded; ends within it meet. */
export const NODE_GRID = 0.001;

/** Ends where no other line begins: number `n`, id of their edge, place. */
const DANGLING = ident('pg_temp', 'map_dangling');
const JOIN = ident('pg_temp', 'map_join');

/** A change of a line at an end. */
export interface MendedEnd {
  /** Hexadecimal EWKB: the piece that was added or cut off. */
  readonly shape: string;
  /** Its length in metres. */
  readonly length: number;
}

export interface MendedEnds {
  readonly joined: readonly MendedEnd[];
  readonly cut: readonly MendedEnd[];
}

/** Replaces the edges by those between the crossings of lines. @param lines SQL of a table with `g` */
export async function nodeLines(session: Session, lines: Sql): Promise<void> {
  await session.query(sql`CREATE TEMP TABLE map_noded ON COMMIT DROP AS
    SELECT (ST_Dump(ST_UnaryUnion(ST_Collect(g), ${raw(String(NODE_GRID))}))).geom AS g FROM (${lines}) AS line`);
  await session.script(`DROP TABLE IF EXISTS pg_temp.map_edge;
    CREATE TEMP TABLE map_edge ON COMMIT DROP AS SELECT row_number() OVER () AS id, g FROM pg_temp.map_noded;
    DROP TABLE pg_temp.map_noded; CREATE INDEX ON pg_temp.map_edge USING gist (g); ANALYZE pg_temp.map_edge`);
}

/**
 * Joins ends that meet nothing to another such end, or else to the nearest edge, and cuts off ends that pass an edge.
 * @param tolerance longest piece in metres that is added or cut off
 */
export async function mendEnds(session: Session, tolerance: number): Promise<MendedEnds> {
  await findDangling(session);
  const cut = await session.query<MendedEnd>(sql`DELETE FROM ${EDGE} AS e WHERE ST_Length(e.g) <= ${tolerance}::float8
    AND (SELECT count(*) FROM ${DANGLING} AS d WHERE d.edge = e.id) = 1
    RETURNING e.g::text AS shape, ST_Length(e.g) AS length`);
  await findDangling(session);
  const near = sql`ST_DWithin(o.p, d.p, ${tolerance}::float8)`;
  await session.query(sql`CREATE TEMP TABLE map_join ON COMMIT DROP AS
    SELECT DISTINCT ST_MakeLine(least(d.p, t.p), greatest(d.p, t.p)) AS g FROM ${DANGLING} AS d CROSS JOIN LATERAL (
      SELECT p FROM (SELECT o.p, 0 AS rank FROM ${DANGLING} AS o WHERE o.n <> d.n AND ${near}
        UNION ALL SELECT ST_ClosestPoint(o.p, d.p), 1 FROM (SELECT id, g AS p FROM ${EDGE}) AS o WHERE o.id <> d.edge AND ${near}) AS target
      ORDER BY rank, ST_Distance(p, d.p) LIMIT 1) AS t`);
  const joined = await session.query<MendedEnd>(
    sql`SELECT g::text AS shape, ST_Length(g) AS length FROM ${JOIN} ORDER BY ST_YMax(g) DESC, ST_XMin(g)`,
  );
  if (joined.length || cut.length) await nodeLines(session, sql`SELECT g FROM ${EDGE} UNION ALL SELECT g FROM ${JOIN}`);
  return { joined, cut };
}

async function findDangling(session: Session): Promise<void> {
  await session.script(`DROP TABLE IF EXISTS pg_temp.map_dangling;
    CREATE TEMP TABLE map_dangling ON COMMIT DROP AS SELECT row_number() OVER () AS n, min(edge) AS edge, p
      FROM (SELECT id AS edge, ST_StartPoint(g) AS p FROM pg_temp.map_edge UNION ALL SELECT id, ST_EndPoint(g) FROM pg_temp.map_edge) AS ends
      GROUP BY p HAVING count(*) = 1;
    CREATE INDEX ON pg_temp.map_dangling USING gist (p); CREATE INDEX ON pg_temp.map_dangling (edge); ANALYZE pg_temp.map_dangling`);
}
