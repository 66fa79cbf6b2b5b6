import type { ResultLayer, ResultRow } from '../analysis/process.ts';
import { rowsExtent } from '../catalog/extent.ts';
import { describeResult, RESULT_KEY } from '../catalog/result-layer.ts';
import type { Database, QueryOptions } from '../database/database.ts';
import { type Query, Sql } from '../database/sql.ts';
import { Problem } from '../lib/errors.ts';
import { completeLayerQuery, insertLayerQuery, insertRowsQuery, insertSelectedQuery } from './layer-query.ts';

/** Rows of one statement: 500 parcels take some 30 ms on the embedded engine, whose one session tiles share. */
const BATCH = 500;
/** Characters of one statement's geometries. */
const BATCH_LENGTH = 1_000_000;
/** Rows of all layers of one result. */
const MOST_ROWS = 200_000;

interface WriteOptions extends QueryOptions {
  readonly onProgress: (share: number) => void;
}

/**
 * Writes the layers of a job in short statements, between which other requests proceed. Rows of a query are one
 * statement.
 * @throws Problem too-much for too many rows
 */
export async function writeLayers(
  db: Database,
  job: string,
  layers: readonly ResultLayer[],
  { onProgress, ...options }: WriteOptions,
): Promise<void> {
  let total = 0;
  for (const [place, layer] of layers.entries()) {
    requireFields(layer);
    await db.query(insertLayerQuery(job, layer, place), options);
    let count = 0;
    for (const [index, query] of statements(job, layer)) {
      count += await insertCounted(db, query, options);
      if (total + count > MOST_ROWS) throw resultTooLarge();
      onProgress((place + index) / layers.length);
    }
    total += count;
    const { type: geometryType, srid } = layer.geometry;
    const stored = { ...layer, job, geometryType, srid, count, bbox: null, accessClass: 'public' as const };
    const bbox = await rowsExtent(db, describeResult(stored), options);
    await db.query(completeLayerQuery(job, layer.id, { count, bbox }), options);
  }
}

/** Yields statements with the share of the layer that is written after each. */
function* statements(job: string, layer: ResultLayer): Generator<[share: number, query: Query]> {
  const { rows } = layer;
  if (rows instanceof Sql) return yield [1, insertSelectedQuery({ job, layer, before: 0 }, rows)];
  for (let before = 0; before < rows.length; ) {
    const batch = batchFrom(rows, before);
    const place = { job, layer, before };
    before += batch.length;
    yield [before / rows.length, insertRowsQuery(place, batch)];
  }
}

function batchFrom(rows: readonly ResultRow[], start: number): readonly ResultRow[] {
  let end = start;
  for (let length = 0; end < rows.length && end - start < BATCH && length < BATCH_LENGTH; end++)
    length += rows[end]?.geom?.length ?? 0;
  return rows.slice(start, end);
}

async function insertCounted(db: Database, query: Query, options: QueryOptions): Promise<number> {
  const [row] = await db.query<{ count: number }>(query, options);
  if (!row) throw new Error('rows of a result were lost');
  return row.count;
}

function requireFields({ id, fields }: ResultLayer): void {
  const names = fields.map(({ name }) => name);
  if (new Set([RESULT_KEY, 'geom', ...names]).size < names.length + 2)
    throw new Error(`${id}: a field's name is taken`);
}

function resultTooLarge(): Problem {
  return new Problem('too-much', {
    vi: `Kết quả có hơn ${MOST_ROWS} dòng. Hãy thu hẹp phạm vi.`,
    en: `The result has more than ${MOST_ROWS} rows. Narrow the area.`,
  });
}
