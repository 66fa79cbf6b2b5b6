import type { Layer } from '../../catalog/layer.ts';
import { relation } from '../../catalog/relation.ts';
import type { Database } from '../../database/database.ts';
import { EMPTY, ident, join, raw, type Sql, sql } from '../../database/sql.ts';
import { type BBox, growBBox, intersectBBox } from '../../geo/bbox.ts';
import { type CurveTile, quarters, WORLD_TILE } from '../../geo/hilbert.ts';
import { lonLatBBoxToMercator, TILE_BUFFER, type TileAddress, tileBounds, tileUnit } from '../../geo/tile.ts';
import { geometryOf } from '../../geometry/column.ts';
import { shapeOf } from '../../geometry/shape.ts';
import { filterOf, type TileForm } from '../../tiles/tile-form.ts';
import type { TileContent } from './tile-pyramid.ts';

/**
 * Deepest zoom of the survey, 5 km a tile. A province takes some 300 queries of 1 ms, the country 20 000. Deeper, a
 * query costs as much as rendering an empty tile.
 */
const SURVEY_ZOOM = 13;
const EDGE_PIECES = 8;

export interface SurveyOptions {
  readonly maxZoom: number;
  /** Degrees; the survey does not look outside of them. */
  readonly bounds?: BBox | undefined;
  /** Only rows that match its filters are looked for. */
  readonly form?: TileForm | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Returns the areas in which the layers have rows, down to {@link SURVEY_ZOOM}; undefined if there are none. The rows
 * decide and not the tiles above. A tile may be empty because its features are too small for its zoom.
 */
export async function surveyRows(
  db: Database,
  layers: readonly Layer[],
  { maxZoom, bounds, form = {}, signal }: SurveyOptions,
): Promise<TileContent | undefined> {
  const frame = bounds && lonLatBBoxToMercator(bounds);
  const depth = Math.min(maxZoom, SURVEY_ZOOM);
  const look = async (tile: CurveTile, candidates: readonly Layer[]): Promise<TileContent | undefined> => {
    signal?.throwIfAborted();
    if (frame && !intersectBBox(frame, tileBounds(tile))) return undefined;
    const there = await layersWithin(db, candidates, { tile, form, signal });
    if (there.length === 0) return undefined;
    const fromZoom = Math.min(...there.map(({ zooms }) => zooms.min));
    if (tile.z === depth) return { fromZoom };
    const parts: (TileContent | undefined)[] = [];
    for (const quarter of quarters(tile)) parts.push(await look(quarter, there));
    return { fromZoom, quarters: parts };
  };
  return look(WORLD_TILE, layers);
}

interface SurveyedTile extends Pick<SurveyOptions, 'signal'> {
  readonly tile: TileAddress;
  readonly form: TileForm;
}

async function layersWithin(
  db: Database,
  layers: readonly Layer[],
  { tile, form, signal }: SurveyedTile,
): Promise<Layer[]> {
  const answers = layers.map((layer) => hasRows(layer, tile, filterOf(layer, form)));
  const query = sql`SELECT jsonb_build_array(${join(answers, ', ')}) AS found`;
  const [row] = await db.query<{ found: boolean[] }>(query, { priority: 'background', signal });
  return layers.filter((_, index) => row?.found[index]);
}

/** No column has this name by accident. */
const AREA = ident('diaba area');

/**
 * True where a row may intersect the tile with its buffer. It may be true too often, but is never wrongly false. The
 * index's boxes are too coarse: that of a province's outline holds half as many tiles again. ST_DWithin accepts invalid
 * polygons, on which ST_Intersects may fail.
 */
function hasRows(layer: Layer, tile: TileAddress, filter: Sql | undefined): Sql {
  const { geometry } = layer;
  // Twice the buffer, because the tile's edges are curves in the layer's CRS, approximated here by straight pieces.
  const drawn = growBBox(tileBounds(tile), 2 * TILE_BUFFER * tileUnit(tile.z));
  const box = geometry.domain ? intersectBBox(drawn, lonLatBBoxToMercator(geometry.domain)) : drawn;
  if (!box) return raw('false');
  const [west, south, east, north] = box;
  const step = Math.max(east - west, north - south) / EDGE_PIECES;
  const square = sql`ST_MakeEnvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 3857)`;
  const area = sql`ST_Transform(ST_Segmentize(${square}, ${step}::float8), ${geometry.srid}::int)`;
  const matches = filter ? sql` AND ${filter}` : EMPTY;
  return sql`EXISTS (SELECT FROM ${relation(layer)} CROSS JOIN (SELECT ${area} AS ${AREA} OFFSET 0) AS "diaba tile"
    WHERE ${geometryOf(geometry)} && ${AREA} AND ST_DWithin(${shapeOf(geometry)}, ${AREA}, 0)${matches})`;
}
