import { type TileAddress, tileAt } from '../src/geo/tile.ts';
import { Random } from '../src/sample/random.ts';

const SEED = 1702;

/** Where people look, and how often: towns more than country. */
const PLACES = [
  { name: 'Thủ Dầu Một', lon: 106.655, lat: 10.985 },
  { name: 'Dầu Tiếng', lon: 106.37, lat: 11.27 },
  { name: 'Dĩ An', lon: 106.765, lat: 10.905 },
  { name: 'Bến Cát', lon: 106.595, lat: 11.15 },
  { name: 'Phú Giáo', lon: 106.79, lat: 11.29 },
  { name: 'Bắc Tân Uyên', lon: 106.87, lat: 11.12 },
  { name: 'Thuận An', lon: 106.7, lat: 10.925 },
];

const ZOOMS = { min: 12, max: 17 };
/** Viewports at each place. */
const STAY = 14;
/** A laptop's map window, in tiles of 512 px. */
const VIEWPORT = { across: 1280 / 512, down: 800 / 512 };

interface View {
  readonly z: number;
  readonly lon: number;
  readonly lat: number;
}

/**
 * The tiles that somebody asks for who looks at places from afar, goes in, pans and goes out again; each tile once, for
 * a map keeps what it has. The same for the same seed.
 * @param share of the tiles, from all places and zooms
 */
export function panAndZoom(share: number): TileAddress[] {
  const random = new Random(SEED);
  const tiles = new Map<string, TileAddress>();
  for (const place of PLACES) {
    let view: View = {
      z: ZOOMS.min,
      lon: place.lon + random.between(-0.01, 0.01),
      lat: place.lat + random.between(-0.01, 0.01),
    };
    for (let stay = 0; stay < STAY; stay++) {
      for (const tile of tilesOf(view)) tiles.set(`${tile.z}/${tile.x}/${tile.y}`, tile);
      view = move(view, random);
    }
  }
  return [...tiles.values()].filter((_, index) => Math.floor(index * share) !== Math.floor((index - 1) * share));
}

/** Degrees of longitude across a tile; near the equator a degree of latitude is as long. */
function tileDegrees(z: number): number {
  return 360 / 2 ** z;
}

function move({ z, lon, lat }: View, random: Random): View {
  const next = random.next();
  if (next < 0.4 && z < ZOOMS.max) return { z: z + 1, lon, lat };
  if (next > 0.85 && z > ZOOMS.min) return { z: z - 1, lon, lat };
  const [angle, distance] = [random.between(0, 2 * Math.PI), random.between(0.5, 1.2) * tileDegrees(z)];
  return { z, lon: lon + Math.cos(angle) * distance, lat: lat + Math.sin(angle) * distance };
}

function tilesOf({ z, lon, lat }: View): TileAddress[] {
  const [dx, dy] = [(VIEWPORT.across / 2) * tileDegrees(z), (VIEWPORT.down / 2) * tileDegrees(z)];
  const [first, last] = [tileAt(z, lon - dx, lat + dy), tileAt(z, lon + dx, lat - dy)];
  const tiles: TileAddress[] = [];
  for (let y = first.y; y <= last.y; y++) for (let x = first.x; x <= last.x; x++) tiles.push({ z, x, y });
  return tiles;
}
