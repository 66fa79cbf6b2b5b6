/** A position in the plane of a map: longitude and latitude, or metres. */
type Position = readonly [x: number, y: number];
type Ring = readonly Position[];

/** A box of positions. */
export interface Frame {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** A place inside an area, and how wide the area is there. */
export interface Interior {
  readonly at: Position;
  readonly width: number;
}

/**
 * Returns the middle of the widest part of a polygon inside a frame, at half the height of what lies inside it.
 * @param rings outer ring and holes, in any direction
 * @returns the position and the width of that part; undefined if nothing lies inside
 */
export function interiorOf(rings: readonly Ring[], frame: Frame): Interior | undefined {
  const heights = (rings[0] ?? []).map(([, y]) => y);
  const south = Math.max(frame.south, Math.min(...heights));
  const north = Math.min(frame.north, Math.max(...heights));
  if (!(south < north)) return undefined;
  const y = (south + north) / 2;
  const crossings = rings.flatMap((ring) => crossingsOf(ring, y)).sort((a, b) => a - b);
  let best: Interior | undefined;
  for (let index = 0; index + 1 < crossings.length; index += 2) {
    const west = Math.max(frame.west, crossings[index] ?? 0);
    const east = Math.min(frame.east, crossings[index + 1] ?? 0);
    const width = east - west;
    if (width > 0 && (!best || width > best.width)) best = { at: [(west + east) / 2, y], width };
  }
  return best;
}

/** Returns where the edges of a ring cross a horizontal line. An end of an edge on the line counts for one of two. */
function crossingsOf(ring: Ring, y: number): number[] {
  return ring.flatMap(([x, from], index) => {
    const [nextX, to] = ring[(index + 1) % ring.length] ?? [x, from];
    if (from > y === to > y) return [];
    return [x + ((y - from) / (to - from)) * (nextX - x)];
  });
}
