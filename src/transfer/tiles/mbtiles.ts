import { open, rm, writeFile } from 'node:fs/promises';
import sqlite from 'node-sqlite3-wasm';
import { tileOf } from '../../geo/hilbert.ts';
import type { TileSpool } from './tile-spool.ts';
import type { TilesetInfo } from './tileset.ts';

/**
 * Settings without a journal and with one flush at the end. After a failure the file is written again from the spool.
 */
const SCHEMA = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  PRAGMA application_id = 0x4d504258; -- "MPBX"
  CREATE TABLE metadata (name text, value text);
  CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob);
  BEGIN`;

/**
 * Writes the tiles of the spool as MBTiles 1.3, an SQLite file, with SQLite's own 2 MB of memory. It blocks the thread,
 * so it is for a command, not for a server.
 */
export async function writeMbtiles(spool: TileSpool, file: string, info: TilesetInfo): Promise<void> {
  // SQLite's lock, a folder here, may have outlived its process.
  await rm(`${file}.lock`, { force: true, recursive: true });
  // Created here with default permissions; SQLite's would exclude other users of the machine.
  await writeFile(file, '');
  const db = new sqlite.Database(file);
  try {
    db.exec(SCHEMA);
    for (const [name, value] of metadataRows(info)) db.run('INSERT INTO metadata VALUES (?, ?)', [name, value]);
    await insertTiles(db, spool);
    db.exec('CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row); COMMIT');
  } finally {
    db.close();
  }
  const handle = await open(file, 'r+');
  await handle.sync();
  await handle.close();
}

async function insertTiles(db: sqlite.Database, spool: TileSpool): Promise<void> {
  const insert = db.prepare('INSERT INTO tiles VALUES (?, ?, ?, ?)');
  try {
    for await (const entry of spool.entries()) {
      const { z, x, y } = tileOf(entry.id);
      // MBTiles counts rows from the south (TMS).
      insert.run([z, x, 2 ** z - 1 - y, await spool.read(entry)]);
    }
  } finally {
    insert.finalize();
  }
}

function metadataRows({ vector_layers, ...info }: TilesetInfo): [name: string, value: string][] {
  return [
    ['name', info.name],
    ['format', 'pbf'],
    ['bounds', info.bounds.join(',')],
    ['center', info.center.join(',')],
    ['minzoom', String(info.minzoom)],
    ['maxzoom', String(info.maxzoom)],
    ['attribution', info.attribution],
    ['description', info.description],
    ['type', 'overlay'],
    ['json', JSON.stringify({ vector_layers })],
  ];
}
