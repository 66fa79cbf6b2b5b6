import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tileId, tileOf } from '../../geo/hilbert.ts';
import type { TileAddress } from '../../geo/tile.ts';
import { gzipStored } from '../../lib/compression.ts';
import { Problem } from '../../lib/errors.ts';
import { inOrder } from './in-order.ts';
import { writeMbtiles } from './mbtiles.ts';
import { finishPmtiles } from './pmtiles.ts';
import { TileSpool } from './tile-spool.ts';
import { nothingToDraw, type Tileset, type TilesetInfo, withZooms } from './tileset.ts';

export const ARCHIVE_FORMATS = ['pmtiles', 'mbtiles'] as const;
export type ArchiveFormat = (typeof ARCHIVE_FORMATS)[number];

export interface ExportRequest extends Tileset {
  readonly file: string;
  readonly format: ArchiveFormat;
  /** Replaces an existing file. */
  readonly overwrite?: boolean | undefined;
  /** Everything on which the tiles depend. An interrupted export continues only with the same text. */
  readonly request: string;
  /** Returns MVT, uncompressed; undefined for an empty tile. */
  readonly render: (tile: TileAddress) => Promise<Uint8Array | undefined>;
  /** Number of concurrent renders. */
  readonly concurrency: number;
  /** Stops between two tiles; finished ones remain. */
  readonly signal?: AbortSignal;
  /** `before` is the part of `done` that an earlier run finished. */
  readonly onProgress?: (done: number, total: number, before: number) => void;
}

export interface ExportReport {
  /** False if it was stopped; the same request continues it. */
  readonly isWhole: boolean;
  readonly tiles: number;
  /** Number of distinct contents, and their compressed bytes. */
  readonly contents: number;
  readonly bytes: number;
}

/**
 * Writes an archive of gzipped vector tiles, without empty ones. Finished tiles go to `<file>.partial`, which is
 * renamed at the end.
 * @throws Problem if the file exists, is being written or cannot be written, or if there is nothing to draw
 */
export async function exportTiles(request: ExportRequest): Promise<ExportReport> {
  const { file, overwrite } = request;
  if (existsSync(file) && !overwrite) throw fileExists(file);
  try {
    const spool = await TileSpool.open(`${file}.partial`, request.request);
    try {
      return await fillAndFinish(spool, request);
    } finally {
      await spool.close();
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall ? notWritten(file, error as Error) : error;
  }
}

async function fillAndFinish(spool: TileSpool, request: ExportRequest): Promise<ExportReport> {
  await fillSpool(spool, request);
  const { tiles, contents, size: bytes } = spool;
  const isWhole = !request.signal?.aborted;
  if (isWhole && tiles === 0) {
    await spool.remove();
    throw nothingToDraw();
  }
  if (isWhole) await FINISH[request.format](spool, request.file, drawnInfo(spool, request));
  return { isWhole, tiles, contents, bytes };
}

async function fillSpool(
  spool: TileSpool,
  { pyramid, render, concurrency, signal, onProgress }: ExportRequest,
): Promise<void> {
  const total = pyramid.count();
  const before = total - pyramid.count(spool.last);
  let done = before;
  onProgress?.(done, total, before);
  const work = async (tile: TileAddress) => {
    const content = await render(tile);
    return content && gzipStored(content);
  };
  try {
    for await (const { item, result } of inOrder(pyramid.tiles(spool.last), concurrency, work)) {
      if (result) await spool.add(tileId(item), result);
      onProgress?.(++done, total, before);
      if (signal?.aborted) return;
    }
  } catch (error) {
    // A render fails when it is stopped, which is no failure of the export.
    if (!signal?.aborted) throw error;
  }
}

/** Returns the info limited to the zooms that have tiles, because readers compare the two. */
function drawnInfo({ first, last }: TileSpool, { info }: ExportRequest): TilesetInfo {
  return withZooms(info, { minzoom: tileOf(first).z, maxzoom: tileOf(last).z });
}

const FINISH: Record<ArchiveFormat, (spool: TileSpool, file: string, info: TilesetInfo) => Promise<void>> = {
  pmtiles: async (spool, file, info) => {
    await finishPmtiles(spool, info);
    await spool.moveTo(file);
  },
  mbtiles: async (spool, file, info) => {
    await writeMbtiles(spool, `${spool.file}.mbtiles`, info);
    await rename(`${spool.file}.mbtiles`, file);
    await spool.remove();
  },
};

function fileExists(file: string): Problem {
  return new Problem('conflict', {
    vi: `${file} đã có. Hãy đặt tên khác, hoặc thêm --overwrite để thay nó.`,
    en: `${file} is there already. Name another file, or add --overwrite to replace it.`,
  });
}

function notWritten(file: string, { message }: Error): Problem {
  return new Problem('conflict', {
    vi: `Không ghi được ${file} (${message}).`,
    en: `${file} cannot be written (${message}).`,
  });
}
