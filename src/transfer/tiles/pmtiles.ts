import { inBatches } from '../../lib/batches.ts';
import { gzipStored } from '../../lib/compression.ts';
import { type DirectoryEntry, encodeDirectory, encodeHeader, HEADER_SIZE, MAX_ROOT_ENTRIES } from './pmtiles-format.ts';
import { CONTENT_START, type SpooledTile, type TileSpool } from './tile-spool.ts';
import type { TilesetInfo } from './tileset.ts';

/** Least entries of a leaf directory: some 12 KB, one request of a client. */
const LEAF_ENTRIES = 4096;

/**
 * Turns the spool into a PMTiles archive (version 3) in place. Contents do not move; metadata and leaf directories
 * follow them. The header and the root directory fill the space reserved before them. One leaf is in memory at a time.
 */
export async function finishPmtiles(spool: TileSpool, info: TilesetInfo): Promise<void> {
  const { minzoom, maxzoom, bounds, center, ...described } = info;
  const contents = { offset: CONTENT_START, length: spool.size };
  const text = await gzipStored(JSON.stringify(described));
  const metadata = { offset: CONTENT_START + spool.size, length: text.length };
  await spool.write(text, metadata.offset);
  const leafStart = metadata.offset + metadata.length;
  const entries = await countEntries(spool);
  const { root, size } = await writeDirectories(spool, entries, leafStart);
  const header = encodeHeader({
    root: { offset: HEADER_SIZE, length: root.length },
    metadata,
    leaves: { offset: leafStart, length: size },
    contents,
    counts: [spool.tiles, entries, spool.contents],
    ...{ minzoom, maxzoom, bounds, center },
  });
  await spool.write(Buffer.concat([header, root]), 0);
}

async function countEntries(spool: TileSpool): Promise<number> {
  let entries = 0;
  for await (const _ of runs(spool.entries())) entries++;
  return entries;
}

/** @returns the root directory, compressed, and the bytes of the leaves written from `start` on */
async function writeDirectories(
  spool: TileSpool,
  entries: number,
  start: number,
): Promise<{ root: Uint8Array; size: number }> {
  const isSmall = entries <= MAX_ROOT_ENTRIES;
  const perLeaf = isSmall ? entries : Math.max(LEAF_ENTRIES, Math.ceil(entries / MAX_ROOT_ENTRIES));
  const root: DirectoryEntry[] = [];
  let size = 0;
  for await (const batch of inBatches(runs(spool.entries()), perLeaf)) {
    const directory = await gzipStored(encodeDirectory(batch));
    if (isSmall) return { root: directory, size };
    await spool.write(directory, start + size);
    root.push({ id: batch[0]!.id, run: 0, offset: size, length: directory.length });
    size += directory.length;
  }
  return { root: await gzipStored(encodeDirectory(root)), size };
}

/** Merges consecutive tiles of equal content into one entry. */
async function* runs(tiles: AsyncIterable<SpooledTile>): AsyncGenerator<DirectoryEntry> {
  let entry: DirectoryEntry | undefined;
  for await (const { id, offset, length } of tiles) {
    if (entry && entry.offset === offset && entry.id + entry.run === id) entry = { ...entry, run: entry.run + 1 };
    else {
      if (entry) yield entry;
      entry = { id, run: 1, offset, length };
    }
  }
  if (entry) yield entry;
}
