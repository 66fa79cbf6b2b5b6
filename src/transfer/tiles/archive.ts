import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Layer } from '../../catalog/layer.ts';
import type { Database } from '../../database/database.ts';
import { Problem } from '../../lib/errors.ts';
import type { TileForm } from '../../tiles/tile-form.ts';
import type { Tiles } from '../../tiles/tiles.ts';
import { openWorkspace } from '../workspace.ts';
import { exportTiles } from './export.ts';
import { readTileset } from './tileset.ts';

/** Tiles of an archive for a server's client that are rendered at a time, beside those that others ask for. */
const CONCURRENCY = 2;

interface ArchiveServices {
  readonly db: Database;
  readonly tiles: Tiles;
  readonly attribution: string;
}

interface ArchiveRequest {
  /** Filters and fields of the tiles; absent: the default content of the layer. */
  readonly form?: TileForm | undefined;
  /** Most tiles that may have to be rendered; absent: any number. */
  readonly most?: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

/**
 * Yields a PMTiles archive of the tiles of a layer. It is written to disk first.
 * @throws Problem if there is nothing to draw, or too much
 */
export async function* archiveOf(
  layer: Layer,
  { db, tiles, attribution }: ArchiveServices,
  { form, most = Infinity, signal, onProgress }: ArchiveRequest,
): AsyncGenerator<Uint8Array> {
  const { folder, remove } = await openWorkspace();
  try {
    const file = join(folder, 'tiles.pmtiles');
    const layers = [layer];
    const tileset = await readTileset(db, { layers, attribution, form, signal });
    if (tileset.pyramid.count() > most) throw tooManyTiles(most);
    await exportTiles({
      ...tileset,
      ...{ file, format: 'pmtiles', request: layer.id, concurrency: CONCURRENCY, signal },
      render: async (tile) => (await tiles.render(layers, tile, { form, signal, priority: 'background' })).body,
      onProgress: (done, total) => onProgress?.(done / total),
    });
    signal.throwIfAborted();
    yield* createReadStream(file) as AsyncIterable<Buffer>;
  } finally {
    await remove();
  }
}

function tooManyTiles(most: number): Problem {
  return new Problem('too-much', {
    vi: `Kho ô này có thể có hơn ${most} ô; hãy lọc bớt (bbox, filter), hoặc dùng tiến trình "export" với format=pmtiles, không có giới hạn.`,
    en: `This archive may have more than ${most} tiles; narrow the question (bbox, filter), or use the process "export" with format=pmtiles, which has no limit.`,
  });
}
