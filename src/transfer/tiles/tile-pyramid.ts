import type { BBox } from '../../geo/bbox.ts';
import { type CurveTile, lastIdWithin, quarters, tileId, WORLD_TILE } from '../../geo/hilbert.ts';
import { type TileAddress, tileAt } from '../../geo/tile.ts';

/** Knowledge about the area of a tile before rendering. */
export interface TileContent {
  /** The lowest zoom at which something can be drawn here. */
  readonly fromZoom: number;
  /**
   * Its quarters in the order of the curve, undefined if empty. If absent, the area was not examined and each quarter
   * equals the whole.
   */
  readonly quarters?: readonly (TileContent | undefined)[];
}

export interface PyramidOptions {
  /** Area of the tile 0/0/0; undefined if everything is empty. */
  readonly area: TileContent | undefined;
  readonly minZoom: number;
  readonly maxZoom: number;
  /** Degrees; tiles that do not intersect it are skipped. undefined: all. */
  readonly bounds?: BBox | undefined;
}

/** Columns and rows, first and last. */
interface TileRange {
  readonly min: TileAddress;
  readonly max: TileAddress;
}

/**
 * The tiles to render, zoom by zoom and along the Hilbert curve: ascending PMTiles numbers, generated without storing
 * them.
 */
export class TilePyramid {
  readonly #area: TileContent | undefined;
  readonly #ranges: readonly TileRange[];

  constructor({ area, minZoom, maxZoom, bounds = [-180, -90, 180, 90] }: PyramidOptions) {
    this.#area = area;
    const [west, south, east, north] = bounds;
    this.#ranges = Array.from({ length: maxZoom - minZoom + 1 }, (_, index) => ({
      min: tileAt(minZoom + index, west, north),
      max: tileAt(minZoom + index, east, south),
    }));
  }

  /** Yields the tiles whose number is above `after`. */
  *tiles(after = -1): Generator<CurveTile> {
    for (const range of this.#ranges) if (this.#area) yield* descend(WORLD_TILE, this.#area, { range, after });
  }

  /** Counts the tiles of {@link tiles}. 10^6 take a moment, because areas not examined are multiplied. */
  count(after = -1): number {
    const area = this.#area;
    if (!area) return 0;
    return this.#ranges.reduce((sum, range) => sum + countWithin(WORLD_TILE, area, { range, after }), 0);
  }
}

interface WantedTiles {
  readonly range: TileRange;
  readonly after: number;
}

function* descend(tile: CurveTile, area: TileContent, wanted: WantedTiles): Generator<CurveTile> {
  if (!isWanted(tile, area, wanted)) return;
  if (tile.z === wanted.range.min.z) yield tile;
  else for (const [quarter, inner] of looksInto(tile, area)) yield* descend(quarter, inner, wanted);
}

function countWithin(tile: CurveTile, area: TileContent, wanted: WantedTiles): number {
  if (!isWanted(tile, area, wanted)) return 0;
  const isPlain = area.quarters === undefined && firstIdWithin(tile, wanted.range.min.z) > wanted.after;
  if (isPlain || tile.z === wanted.range.min.z) return countOverlap(tile, wanted.range);
  return looksInto(tile, area).reduce((sum, [quarter, inner]) => sum + countWithin(quarter, inner, wanted), 0);
}

function looksInto(tile: CurveTile, area: TileContent): [CurveTile, TileContent][] {
  return quarters(tile).flatMap((quarter, index) => {
    const inner = area.quarters ? area.quarters[index] : area;
    return inner ? [[quarter, inner] as [CurveTile, TileContent]] : [];
  });
}

function isWanted(tile: CurveTile, area: TileContent, { range, after }: WantedTiles): boolean {
  const { z } = range.min;
  return area.fromZoom <= z && lastIdWithin(tile, z) > after && countOverlap(tile, range) > 0;
}

function firstIdWithin({ z, place }: CurveTile, zoom: number): number {
  return tileId({ z: zoom, place: place * 4 ** (zoom - z) });
}

/** Counts the tiles of the range that lie within a tile of the same zoom or a lower one. */
function countOverlap({ z, x, y }: TileAddress, { min, max }: TileRange): number {
  const scale = 2 ** (min.z - z);
  const columns = Math.min(max.x, (x + 1) * scale - 1) - Math.max(min.x, x * scale) + 1;
  const rows = Math.min(max.y, (y + 1) * scale - 1) - Math.max(min.y, y * scale) + 1;
  return Math.max(columns, 0) * Math.max(rows, 0);
}
