/** Archives read by independent libraries. */
import { openSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import sqlite from 'node-sqlite3-wasm';
import { PMTiles, type RangeResponse } from 'pmtiles';
import type { TileAddress } from '../../../src/geo/tile.ts';

export interface OpenArchive {
  /** Returns a tile, decompressed; undefined if there is none. */
  tile(address: TileAddress): Promise<Uint8Array | undefined>;
  readonly metadata: Record<string, unknown>;
}

class FileSource {
  readonly #file: string;
  readonly #descriptor: number;

  constructor(file: string) {
    this.#file = file;
    this.#descriptor = openSync(file, 'r');
  }

  getKey(): string {
    return this.#file;
  }

  async getBytes(offset: number, length: number): Promise<RangeResponse> {
    const buffer = Buffer.alloc(length);
    const size = readSync(this.#descriptor, buffer, 0, length, offset);
    return { data: new Uint8Array(buffer.subarray(0, size)).buffer };
  }
}

export function openPmtiles(file: string): PMTiles {
  return new PMTiles(new FileSource(file));
}

export async function readPmtiles(file: string): Promise<OpenArchive> {
  const archive = openPmtiles(file);
  return {
    tile: async ({ z, x, y }) => {
      const found = await archive.getZxy(z, x, y);
      return found && new Uint8Array(found.data);
    },
    metadata: { ...(await archive.getHeader()), ...((await archive.getMetadata()) as object) },
  };
}

export async function readMbtiles(file: string): Promise<OpenArchive> {
  const db = new sqlite.Database(file, { readOnly: true });
  const pairs = db.all('SELECT name, value FROM metadata').map(({ name, value }) => [name, value]);
  const rows = db.all(
    "SELECT zoom_level || '/' || tile_column || '/' || tile_row AS key, tile_data AS data FROM tiles",
  );
  db.close();
  const tiles = new Map(rows.map(({ key, data }) => [key as unknown, data as unknown as Uint8Array]));
  const { json, ...metadata } = Object.fromEntries(pairs);
  return {
    tile: async ({ z, x, y }) => {
      const content = tiles.get(`${z}/${x}/${2 ** z - 1 - y}`);
      return content && new Uint8Array(gunzipSync(content));
    },
    metadata: { ...metadata, ...JSON.parse(json) },
  };
}
