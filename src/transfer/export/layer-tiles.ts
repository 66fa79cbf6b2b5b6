import type { Layer } from '../../catalog/layer.ts';
import type { Database } from '../../database/database.ts';
import type { ExportQuestion } from '../../features/export-query.ts';
import { boundFilter } from '../../features/items-query.ts';
import type { Text } from '../../lib/errors.ts';
import type { TileForm } from '../../tiles/tile-form.ts';
import type { Tiles } from '../../tiles/tiles.ts';
import { archiveOf } from '../tiles/archive.ts';

/** Most tiles of an archive that a client waits for: some 10 s on PostgreSQL. */
export const MOST_AWAITED_TILES = 1000;

/** Services that an archive of tiles is written with. */
export interface LayerTilesServices {
  readonly db: Database;
  readonly tiles: Tiles;
  /** Source of the data, for the metadata of tiles. */
  readonly attribution: Text;
}

interface LayerTilesSource {
  readonly layer: Layer;
  /** Its filter and its fields; tiles have a CRS and an order of their own. */
  readonly question: ExportQuestion;
  /** Most tiles that may have to be rendered; absent: any number. */
  readonly most?: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

/**
 * Yields a PMTiles archive of the features of a layer. Its tiles are those that the server renders for the same filter
 * and fields.
 * @throws Problem if there is nothing to draw, or too much
 */
export function writeLayerTiles(
  { db, tiles, attribution }: LayerTilesServices,
  { layer, question, ...run }: LayerTilesSource,
): AsyncIterable<Uint8Array> {
  return archiveOf(layer, { db, tiles, attribution: attribution.vi }, { ...run, form: tileFormOf(layer, question) });
}

function tileFormOf(layer: Layer, question: ExportQuestion): TileForm {
  const filter = boundFilter(layer, question);
  return {
    filters: filter && new Map([[layer.id, filter]]),
    properties: question.fields?.map(({ name }) => name),
  };
}
