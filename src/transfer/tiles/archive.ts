import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Layer } from '../../catalog/layer.ts';
import type { Database } from '../../database/database.ts';
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

/**
 * Yields a PMTiles archive of the tiles of a layer. It is written to disk first.
 * @throws Problem if there is nothing to draw
 */
export async function* archiveOf(
  layer: Layer,
  { db, tiles, attribution }: ArchiveServices,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (share: number) => void },
): AsyncGenerator<Uint8Array> {
  const { folder, remove } = await openWorkspace();
  try {
    const file = join(folder, 'tiles.pmtiles');
    const layers = [layer];
    const tileset = await readTileset(db, { layers, attribution, signal });
    await exportTiles({
      ...tileset,
      ...{ file, format: 'pmtiles', request: layer.id, concurrency: CONCURRENCY, signal },
      render: async (tile) => (await tiles.render(layers, tile, { signal, priority: 'background' })).body,
      onProgress: (done, total) => onProgress(done / total),
    });
    signal.throwIfAborted();
    yield* createReadStream(file) as AsyncIterable<Buffer>;
  } finally {
    await remove();
  }
}
