type LassoPoint = GeoJSON.Position;

/** Corners of a lasso that is sent; a URL holds some 250. */
const MOST_LASSO_CORNERS = 200;

/**
 * Returns the outline of a lasso, of at most 200 corners. Where it crosses itself, the part with fewer corners is left
 * out, since filters refuse such an area.
 */
export function lassoOutline({ coordinates: [ring = []] }: GeoJSON.Polygon): GeoJSON.Polygon {
  const corners = ring.slice(0, -1).map(([lon = 0, lat = 0]) => [lon, lat]);
  const step = Math.ceil(corners.length / MOST_LASSO_CORNERS);
  const outline = withoutLoops(corners.filter((_, index) => index % step === 0)).map((each) =>
    each.map((value) => Number(value.toFixed(7))),
  );
  return { type: 'Polygon', coordinates: [[...outline, outline[0] ?? []]] };
}

function withoutLoops(ring: readonly LassoPoint[]): readonly LassoPoint[] {
  for (let one = 0; one < ring.length; one += 1) {
    for (let other = one + 2; other < ring.length; other += 1) {
      // The last edge ends where the first begins.
      if (one === 0 && other === ring.length - 1) continue;
      const at = crossing(edge(ring, one), edge(ring, other));
      if (!at) continue;
      const inner = ring.slice(one + 1, other + 1);
      const outer = [...ring.slice(other + 1), ...ring.slice(0, one + 1)];
      return withoutLoops([at, ...(inner.length > outer.length ? inner : outer)]);
    }
  }
  return ring;
}

type Edge = readonly [from: LassoPoint, to: LassoPoint];

function edge(ring: readonly LassoPoint[], index: number): Edge {
  return [ring[index] as LassoPoint, ring[(index + 1) % ring.length] as LassoPoint];
}

/** Returns the place at which two edges cross; undefined if they do not. */
function crossing(
  [[ax = 0, ay = 0], [bx = 0, by = 0]]: Edge,
  [[cx = 0, cy = 0], [dx = 0, dy = 0]]: Edge,
): LassoPoint | undefined {
  const [ux, uy, vx, vy] = [bx - ax, by - ay, dx - cx, dy - cy];
  const turn = ux * vy - uy * vx;
  if (turn === 0) return undefined;
  const s = ((cx - ax) * vy - (cy - ay) * vx) / turn;
  const r = ((cx - ax) * uy - (cy - ay) * ux) / turn;
  return s >= 0 && s <= 1 && r >= 0 && r <= 1 ? [ax + s * ux, ay + s * uy] : undefined;
}
