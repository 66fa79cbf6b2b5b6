import type { Session } from '../../../database/database.ts';
import { ident, join, raw, type Sql, sql } from '../../../database/sql.ts';
import { intersection, sound } from '../../../geometry/overlay.ts';
import { cellColumn, ROW } from '../staging/staged.ts';
import { ACTION, CHANGE, type ComparedImport, markMissing } from './comparison.ts';
import type { RecordKey } from './keys.ts';

/** Share of a polygon that must lie in another for them to be the same ground. */
const SAME_GROUND = raw('0.9');
/** Share of the smaller of two polygons from which they concern each other. A sliver along a boundary does not. */
const CONCERNED = raw('0.5');

/**
 * Splits, merges and renumberings: the row before (`part`, `place`), the staged row `n`, both keys as text, and the
 * share of the event.
 */
export const SUCCESSION = ident('pg_temp', 'import_succession');

export type SuccessionEvent = 'split' | 'merge' | 'renumber';

export const NO_SUCCESSIONS = { split: 0, merged: 0, renumbered: 0 } as const;

/** Counts rows that were split, rows that others were merged into, and rows with another key. */
export async function countSuccessions(session: Session): Promise<Record<keyof typeof NO_SUCCESSIONS, number>> {
  const [row] = await session.query<Record<keyof typeof NO_SUCCESSIONS, number>>(sql`SELECT
      count(DISTINCT (part, place)) FILTER (WHERE event = 'split') AS split,
      count(DISTINCT n) FILTER (WHERE event = 'merge') AS merged,
      count(*) FILTER (WHERE event = 'renumber') AS renumbered FROM ${SUCCESSION}`);
  return row ?? NO_SUCCESSIONS;
}

/** A row before, and one of the rows after, by their keys. */
export interface KeySuccession {
  /** Number of the row after, in the file. */
  readonly number: number;
  readonly event: SuccessionEvent;
  readonly before: string;
  readonly after: string;
}

/** Returns the first successions in the order of the file. */
export function listSuccessions(session: Session, limit: number): Promise<KeySuccession[]> {
  return session.query<KeySuccession>(
    sql`SELECT n AS number, event, key_before AS before, key_after AS after FROM ${SUCCESSION} ORDER BY n, key_before LIMIT ${limit}::int`,
  );
}

/**
 * Finds by geometry what a comparison by key takes for deletions, insertions and moves. A renumbered row becomes an
 * update of the row that lies there. Splits and merges are listed.
 */
export async function findSuccessions(session: Session, compared: ComparedImport, key: RecordKey): Promise<void> {
  await session.script(
    'CREATE TEMP TABLE import_succession (event text, part oid, place tid, n bigint, key_before text, key_after text) ON COMMIT DROP',
  );
  if (/POLYGON|GEOMETRY/.test(compared.target.geometry.type)) await findByGround(session, compared);
  else await findByShape(session, compared);
  await joinRenumbered(session, compared);
  await nameKeys(session, compared, key);
}

/** Rows of the table whose geometry the file does not have at their key, and rows of the file likewise. */
function sides({ target }: ComparedImport): { readonly old: Sql; readonly young: Sql } {
  const shape = sql`o.${ident(target.geometry.name)}::geometry`;
  const name = ident(target.schema, target.table);
  const moved = sql`c.action = ${ACTION.update} AND ${shape} IS DISTINCT FROM r.geom`;
  return {
    old: sql`SELECT c.part, c.place, c.n AS same, ${shape} AS shape FROM ${CHANGE} AS c
      JOIN ${name} AS o ON c.part = o.tableoid AND c.place = o.ctid LEFT JOIN ${ROW} AS r USING (n)
      WHERE c.action = ${ACTION.delete} OR ${moved}`,
    young: sql`SELECT r.n, r.geom AS shape FROM ${CHANGE} AS c JOIN ${ROW} AS r USING (n)
      LEFT JOIN ${name} AS o ON c.part = o.tableoid AND c.place = o.ctid
      WHERE c.action = ${ACTION.insert} OR ${moved}`,
  };
}

/** Finds renumbered points and lines: the same geometry, of one row before and one after. */
async function findByShape(session: Session, compared: ComparedImport): Promise<void> {
  const { old, young } = sides(compared);
  await session.query(sql`INSERT INTO ${SUCCESSION} (event, part, place, n)
    SELECT 'renumber', part, place, n FROM (SELECT o.part, o.place, o.same, y.n,
        count(*) OVER (PARTITION BY o.part, o.place) AS heirs, count(*) OVER (PARTITION BY y.n) AS parents
      FROM (${old}) AS o JOIN (${young}) AS y ON y.shape = o.shape) AS pair
    WHERE heirs = 1 AND parents = 1 AND same IS DISTINCT FROM n`);
}

async function findByGround(session: Session, compared: ComparedImport): Promise<void> {
  const { old, young } = sides(compared);
  const isGround = raw('ST_Dimension(shape) = 2');
  const side = (rows: Sql) => sql`SELECT side.*, ST_Area(shape) AS area FROM (${rows}) AS side WHERE ${isGround}`;
  await session.script('CREATE TEMP TABLE import_young (n bigint, shape geometry, area float8) ON COMMIT DROP');
  await session.query(
    sql`INSERT INTO pg_temp.import_young ${side(sql`SELECT n, ${sound(raw('shape'))} AS shape FROM (${young}) AS y`)}`,
  );
  await session.script(`CREATE INDEX ON pg_temp.import_young USING gist (shape); ANALYZE pg_temp.import_young;
    CREATE TEMP TABLE import_overlap (part oid, place tid, same bigint, n bigint, common float8, before float8, after float8,
      heirs bigint, parents bigint) ON COMMIT DROP`);
  const common = sql`ST_Area(${intersection(raw('o.shape'), raw('y.shape'))})`;
  await session.query(sql`INSERT INTO pg_temp.import_overlap
    SELECT *, count(*) OVER (PARTITION BY part, place), count(*) OVER (PARTITION BY n)
    FROM (SELECT o.part, o.place, o.same, y.n, ${common} AS common, o.area AS before, y.area AS after
      FROM (${side(sql`SELECT part, place, same, ${sound(raw('shape'))} AS shape FROM (${old}) AS o`)}) AS o
      JOIN pg_temp.import_young AS y ON y.shape && o.shape AND ${boxesConcern}) AS pair
    WHERE common >= ${CONCERNED} * least(before, after)`);
  await session.query(
    sql`INSERT INTO ${SUCCESSION} (event, part, place, n) ${renumberings} UNION ALL ${splits} UNION ALL ${merges}`,
  );
}

/** False if the boxes of two polygons share too little for the polygons to concern each other; saves an overlay. */
const boxesConcern = sql`(least(ST_XMax(o.shape), ST_XMax(y.shape)) - greatest(ST_XMin(o.shape), ST_XMin(y.shape)))
  * (least(ST_YMax(o.shape), ST_YMax(y.shape)) - greatest(ST_YMin(o.shape), ST_YMin(y.shape))) >= ${CONCERNED} * least(o.area, y.area)`;

const OVERLAP = raw('pg_temp.import_overlap');

const renumberings = sql`SELECT 'renumber', part, place, n FROM ${OVERLAP}
  WHERE heirs = 1 AND parents = 1 AND same IS DISTINCT FROM n AND common >= ${SAME_GROUND} * greatest(before, after)`;

/** One row before, whose ground several rows share that lie on no other. */
const splits = sql`SELECT 'split', part, place, n FROM ${OVERLAP} WHERE (part, place) IN (
  SELECT part, place FROM ${OVERLAP} WHERE heirs > 1 GROUP BY part, place, before
  HAVING bool_and(parents = 1 AND common >= ${SAME_GROUND} * after) AND sum(common) >= ${SAME_GROUND} * before)`;

/** One row after, on the ground of several rows that no other row takes. */
const merges = sql`SELECT 'merge', part, place, n FROM ${OVERLAP} WHERE n IN (
  SELECT n FROM ${OVERLAP} WHERE parents > 1 GROUP BY n, after
  HAVING bool_and(heirs = 1 AND common >= ${SAME_GROUND} * before) AND sum(common) >= ${SAME_GROUND} * after)`;

/** Makes each renumbered row an update of the row on its ground. What that separates is inserted or deleted. */
async function joinRenumbered(session: Session, compared: ComparedImport): Promise<void> {
  const renumbered = sql`${SUCCESSION} AS s WHERE s.event = 'renumber'`;
  const parted = await session.query<{ n: number | null }>(sql`DELETE FROM ${CHANGE} AS c WHERE EXISTS (
    SELECT FROM ${renumbered} AND (s.n = c.n OR (s.part = c.part AND s.place = c.place))) RETURNING c.n::int8 AS n`);
  if (!parted.length) return;
  await session.query(
    sql`INSERT INTO ${CHANGE} (n, part, place, action) SELECT s.n, s.part, s.place, ${ACTION.update} FROM ${renumbered}`,
  );
  const numbers = JSON.stringify(parted.flatMap(({ n }) => (n === null ? [] : [n])));
  await session.query(sql`INSERT INTO ${CHANGE} (n, action) SELECT value::bigint, ${ACTION.insert} FROM json_array_elements_text(${numbers}::json)
    WHERE value::bigint NOT IN (SELECT n FROM ${CHANGE} WHERE n IS NOT NULL)`);
  await markMissing(session, compared);
}

/** Writes the keys before and after of each event, as a person reads them. */
async function nameKeys(session: Session, { target }: ComparedImport, { names, indexes }: RecordKey): Promise<void> {
  const before = join(
    names.map((name) => sql`o.${ident(name)}`),
    ', ',
  );
  const after = join(
    indexes.map((index) => sql`r.${cellColumn(index)}`),
    ', ',
  );
  await session.query(sql`UPDATE ${SUCCESSION} AS s SET key_before = concat_ws(' / ', ${before}), key_after = concat_ws(' / ', ${after})
    FROM ${ident(target.schema, target.table)} AS o, ${ROW} AS r WHERE o.tableoid = s.part AND o.ctid = s.place AND r.n = s.n`);
}
