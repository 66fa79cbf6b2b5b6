import type { Database } from '../database/database.ts';
import { raw, sql } from '../database/sql.ts';
import { type BBox, intersectBBox } from '../geo/bbox.ts';
import { boxOf, domainOf, geometryOf, isInDomain } from './geometry-sql.ts';
import type { Layer } from './layer.ts';
import { relation } from './relation.ts';

/** Up to here all rows are read (20 ms); beyond, the root of the spatial index is (1 ms, true to float4 and outwards). */
const EXACT_ROWS = 100_000;

/**
 * Bounds of the rows of a layer in longitude and latitude; null where there is no geometry, and of a function's rows, for
 * which all of them would have to be made. Read when asked: edits move it.
 */
export async function layerExtent(db: Database, layer: Layer): Promise<BBox | null> {
  const { geometry } = layer;
  if (layer.call) return null;
  const fromIndex = layer.rowEstimate > EXACT_ROWS && geometry.indexed && !geometry.isGeography;
  const extent = fromIndex
    ? sql`ST_EstimatedExtent(${layer.schema}, ${layer.table}, ${geometry.column})`
    : sql`(SELECT ST_Extent(${geometryOf(geometry)}) FROM ${relation(layer)} WHERE ${isInDomain(geometry)})`;
  // OFFSET 0: flattened, the query would read the table anew at every mention of its box, some 30 times.
  const [row] = await db.query<{ box: BBox | null }>(sql`
    SELECT CASE WHEN e IS NULL THEN NULL ELSE ${boxOf(raw('e'))} END AS box
    FROM (SELECT ST_Transform(ST_Segmentize(box, greatest(ST_XMax(box) - ST_XMin(box), ST_YMax(box) - ST_YMin(box), 1e-9) / 16), 4326) AS e
      FROM (SELECT ST_SetSRID(${extent}::geometry, ${geometry.srid}::int) AS box OFFSET 0) AS source OFFSET 0) AS extent`);
  const domain = domainOf(geometry);
  return row?.box ? (domain ? intersectBBox(row.box, domain) : row.box) : null;
}
