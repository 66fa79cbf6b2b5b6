import type { BBox } from '../src/geo/bbox.ts';
import { type TileAddress, tileAt } from '../src/geo/tile.ts';
import { withClient } from './databases.ts';

/** Box of the province in longitude and latitude. */
export function provinceBox(url: string): Promise<BBox> {
  return withClient(url, async (client) => {
    const { rows } = await client.query(`
      SELECT ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
      FROM (SELECT ST_Extent(ST_Transform(geom, 4326)) AS box FROM base.unit WHERE level = 'province') AS province`);
    const [{ west, south, east, north }] = rows;
    return [west, south, east, north];
  });
}

/** Every tile of a zoom that touches the box. */
export function tilesIn([west, south, east, north]: BBox, z: number): TileAddress[] {
  const [first, last] = [tileAt(z, west, north), tileAt(z, east, south)];
  const tiles: TileAddress[] = [];
  for (let y = first.y; y <= last.y; y++) for (let x = first.x; x <= last.x; x++) tiles.push({ z, x, y });
  return tiles;
}
