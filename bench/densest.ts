import type { Layer } from '../src/catalog/layer.ts';
import type { TileAddress } from '../src/geo/tile.ts';
import { withClient } from './databases.ts';
import { DENSITY_ZOOM, PEER_SCHEMA } from './peer-tables.ts';

export interface DenseTile {
  readonly tile: TileAddress;
  readonly features: number;
  readonly vertices: number;
}

/** Tiles of a layer at a zoom that hold something, those with the most vertices first. */
export function densestTiles(url: string, { id }: Layer, z: number): Promise<DenseTile[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query(
      `SELECT x >> $2::int AS x, y >> $2::int AS y, sum(features)::float8 AS features, sum(vertices)::float8 AS vertices
       FROM ${PEER_SCHEMA}.density WHERE layer = $1 GROUP BY 1, 2 ORDER BY vertices DESC, x, y`,
      [id, DENSITY_ZOOM - z],
    );
    return rows.map(({ x, y, features, vertices }) => ({ tile: { z, x, y }, features, vertices }));
  });
}

/** So many of the list, from all of its length. */
export function spread<T>(list: readonly T[], count: number): T[] {
  const step = Math.max(1, list.length / count);
  return Array.from({ length: Math.min(count, list.length) }, (_, index) => list[Math.floor(index * step)] as T);
}
