import { type Database, DatabaseError, type QueryOptions } from '../database/database.ts';
import { EMPTY, raw, type Sql, sql } from '../database/sql.ts';
import { type BBox, intersectBBox } from '../geo/bbox.ts';
import { boxOf } from '../geometry/box.ts';
import { domainOf, isInDomain } from '../geometry/domain.ts';
import { boundedShapeOf, shapeOf } from '../geometry/shape.ts';
import type { Layer } from './layer.ts';
import { relation } from './relation.ts';

/**
 * Up to this many rows all are read (20 ms); beyond, only the root of the spatial index (1 ms, rounded outwards to
 * float4).
 */
export const EXACT_ROWS = 100_000;
/** Timeout for a function's rows when only their bounds are needed, in milliseconds. */
const CALL_MS = 2_000;

/**
 * Returns the bounds of a layer's rows in longitude and latitude. It is null without geometries, and for a function,
 * which would have to compute all of its rows. It is not cached here, because edits move it.
 */
export async function layerExtent(db: Database, layer: Layer): Promise<BBox | null> {
  const { geometry } = layer;
  if (layer.call) return null;
  if (layer.stored) return layer.stored.bbox;
  // Tiles are checked against it, so it does not wait for pages of features.
  const options = { prepared: true };
  // The root of an index is that of all rows.
  const fromIndex = !layer.units && layer.rowEstimate > EXACT_ROWS && geometry.indexed && !geometry.isGeography;
  if (!fromIndex) return rowsExtent(db, layer, options);
  return readLonLatBox(
    db,
    layer,
    sql`ST_EstimatedExtent(${layer.schema}, ${layer.table}, ${geometry.column})`,
    options,
  );
}

/**
 * Returns the bounds of a layer's rows as {@link layerExtent} does, but always reads the rows.
 * @param condition on the rows
 */
export function rowsExtent(db: Database, layer: Layer, options?: QueryOptions, condition?: Sql): Promise<BBox | null> {
  const { geometry } = layer;
  const extent = sql`(SELECT ST_Extent(${boundedShapeOf(geometry)}) FROM ${relation(layer)} WHERE ${isInDomain(geometry)}${condition ? sql` AND ${condition}` : EMPTY})`;
  return readLonLatBox(db, layer, extent, options);
}

/**
 * Returns bounds for clients that open the layer's tiles. They are those of {@link layerExtent}, or of a function's rows
 * for its arguments. They are also null if the function returns more than 100 000 rows, takes over 2 s, or rejects
 * its arguments, which its tiles report.
 */
export async function shownExtent(db: Database, layer: Layer): Promise<BBox | null> {
  if (!layer.call) return layerExtent(db, layer);
  const shape = shapeOf(layer.geometry);
  const rows = sql`SELECT ${shape} AS shape, ${isInDomain(layer.geometry)} AS inside FROM ${relation(layer)} LIMIT ${EXACT_ROWS + 1}::int`;
  const extent = sql`(SELECT CASE WHEN count(*) <= ${EXACT_ROWS}::int THEN ST_Extent(shape) FILTER (WHERE inside) END FROM (${rows}) AS shown)`;
  try {
    return await readLonLatBox(db, layer, extent, { signal: AbortSignal.timeout(CALL_MS) });
  } catch (error) {
    if (error instanceof DatabaseError) return null;
    throw error;
  }
}

/** Returns a box of the layer's CRS in longitude and latitude. */
async function readLonLatBox(
  db: Database,
  { geometry }: Layer,
  extent: Sql,
  options?: QueryOptions,
): Promise<BBox | null> {
  // OFFSET 0: flattened, the query would read the table again for every use of its box, some 30 times.
  const [row] = await db.query<{ box: BBox | null }>(
    sql`
    SELECT CASE WHEN e IS NULL THEN NULL ELSE ${boxOf(raw('e'))} END AS box
    FROM (SELECT ST_Transform(ST_Segmentize(box, greatest(ST_XMax(box) - ST_XMin(box), ST_YMax(box) - ST_YMin(box), 1e-9) / 16), 4326) AS e
      FROM (SELECT ST_SetSRID(${extent}::geometry, ${geometry.srid}::int) AS box OFFSET 0) AS source OFFSET 0) AS extent`,
    options,
  );
  const domain = domainOf(geometry);
  return row?.box ? (domain ? intersectBBox(row.box, domain) : row.box) : null;
}
