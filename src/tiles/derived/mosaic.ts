import { randomUUID } from 'node:crypto';
import type { Layer } from '../../catalog/layer.ts';
import type { Database } from '../../database/database.ts';
import { ident, type Sql, sql } from '../../database/sql.ts';
import { isGeometryFailure } from '../../database/sqlstate.ts';
import { buildMosaic, derivedName, mosaicName, mosaicTable, nextMosaicName } from './derived-table.ts';

/** Target duration of one statement of a mosaic in milliseconds, because it blocks the embedded engine. */
const BATCH_MS = 60;
const FIRST_BATCH = 4;
const LARGEST_BATCH = 2000;

interface MosaicOptions {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Receives a block that stays empty, because GEOS failed on it. */
  readonly onFailure: (error: unknown, block: FailedBlock) => void;
  readonly signal: AbortSignal;
}

/** A block as a tile: three zooms below the level that it is part of. */
export interface FailedBlock {
  readonly level: number;
  readonly tile: string;
}

/** A mosaic in progress. `maker` is our id; another instance that starts to build replaces it by its own. */
interface Work {
  readonly db: Database;
  readonly layer: Layer;
  readonly maker: string;
  readonly signal: AbortSignal;
  readonly onFailure: MosaicOptions['onFailure'];
}

type MosaicBlock = readonly [bx: number, by: number];

/**
 * Builds a layer's mosaic aside, then replaces the visible one. Each block is a statement of its own, so that edits can
 * proceed between them.
 * @returns false if it was stopped, or another instance has started to build
 */
export async function fillMosaic(
  db: Database,
  layer: Layer,
  { onProgress, ...options }: MosaicOptions,
): Promise<boolean> {
  const { mosaic, zooms } = layer;
  if (!mosaic) return false;
  const work: Work = { db, layer, maker: randomUUID(), ...options };
  await begin(work);
  const blocks = await topBlocks(work, mosaic.top);
  const total = Math.round(blocks.length * 1.4);
  let done = 0;
  for (let level = mosaic.top; level >= zooms.min; level--) {
    const list = blocksOfLevel(blocks, mosaic.top - level);
    for (let next = 0, size = FIRST_BATCH; next < list.length; ) {
      if (options.signal.aborted) return false;
      const batch = list.slice(next, next + size);
      const began = Date.now();
      if (!(await reduceOrLeave(work, level, batch))) return false;
      next += batch.length;
      done += batch.length;
      onProgress?.(Math.min(done, total), total);
      size = Math.max(1, Math.min(LARGEST_BATCH, Math.round((size * BATCH_MS) / Math.max(Date.now() - began, 1))));
    }
  }
  return publishMosaic(work);
}

/** Returns the exclusive lock, which keeps out other builders of blocks: see tile.reduce_blocks. */
function lockMosaic({ layer: { id } }: Work): Sql {
  return sql`SELECT pg_advisory_xact_lock(hashtextextended(${`diaba mosaic ${id}`}, 0))`;
}

async function begin(work: Work): Promise<void> {
  const { db, layer, maker } = work;
  await db.transaction(async (session) => {
    await session.query(lockMosaic(work));
    await session.script(buildMosaic(layer));
    await session.query(sql`UPDATE tile.mosaic SET maker = ${maker} WHERE layer = ${layer.id}`);
  });
}

/** Returns the blocks of the top level that contain the centre of a row. */
async function topBlocks({ db, layer }: Work, top: number): Promise<MosaicBlock[]> {
  const rows = await db.query<{ bx: number; by: number }>(sql`
    SELECT DISTINCT tile.tile_column((ST_XMin(m) + ST_XMax(m)) / 2, ${top + 3}) AS bx,
      tile.tile_row((ST_YMin(m) + ST_YMax(m)) / 2, ${top + 3}) AS by
    FROM (SELECT "diaba mercator" AS m FROM ${derivedName(layer)}) AS rows ORDER BY bx, by`);
  return rows.map(({ bx, by }) => [bx, by]);
}

function blocksOfLevel(blocks: readonly MosaicBlock[], shift: number): MosaicBlock[] {
  const keys = new Set(blocks.map(([bx, by]) => `${bx >> shift} ${by >> shift}`));
  return [...keys].map((key) => key.split(' ').map(Number) as [number, number]);
}

/**
 * Builds blocks one by one if they fail together. A block on which GEOS fails stays empty: without it, the layer would
 * have no low zooms at all.
 * @returns true if this instance is still the builder of the mosaic
 */
async function reduceOrLeave(work: Work, level: number, blocks: readonly MosaicBlock[]): Promise<boolean> {
  try {
    return await reduce(work, level, blocks);
  } catch (error) {
    if (!isGeometryFailure(error)) throw error;
    const [first] = blocks;
    if (first && blocks.length === 1) {
      work.onFailure(error, { level, tile: `${level + 3}/${first.join('/')}` });
      return true;
    }
  }
  for (const block of blocks) if (!(await reduceOrLeave(work, level, [block]))) return false;
  return true;
}

async function reduce(work: Work, level: number, blocks: readonly MosaicBlock[]): Promise<boolean> {
  const { db, layer, maker, signal } = work;
  const [row] = await db.query<{ made: number }>(
    sql`WITH locked AS MATERIALIZED (${lockMosaic(work)})
      SELECT count(*) AS made, count(tile.reduce(spec, ${level}::int, bx, by)) FROM locked, tile.mosaic AS spec,
        unnest(${blocks.map(([bx]) => bx)}::int[], ${blocks.map(([, by]) => by)}::int[]) AS block (bx, by)
      WHERE spec.layer = ${layer.id} AND spec.maker = ${maker}`,
    { priority: 'background', signal },
  );
  return row?.made === blocks.length;
}

/** Replaces the visible mosaic in one transaction, so that tiles show the former one or this one, and never none. */
async function publishMosaic(work: Work): Promise<boolean> {
  const { db, layer, maker } = work;
  await db.script(`ANALYZE ${nextMosaicName(layer).text}`);
  const table = mosaicTable(layer.id);
  return db.transaction(async (session) => {
    await session.query(lockMosaic(work));
    const rows = await session.query(sql`UPDATE tile.mosaic SET maker = NULL, target = ${table}, shown = ${table},
        fingerprint = (SELECT fingerprint FROM tile.derived WHERE layer = ${layer.id})
      WHERE layer = ${layer.id} AND maker = ${maker} RETURNING layer`);
    if (rows.length === 0) return false;
    await session.script(`DROP TABLE IF EXISTS ${mosaicName(layer).text};
      ALTER TABLE ${nextMosaicName(layer).text} RENAME TO ${ident(table).text}`);
    await session.query(sql`SELECT tile.announce(${layer.id}, NULL)`);
    return true;
  });
}
