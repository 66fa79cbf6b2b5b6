import type { Geometry, Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { countCrossings, countCrossingsInTurns, countNested } from '../../src/geo/crossings.ts';
import { Random } from '../../src/sample/random.ts';
import { cpuTimeOf } from '../cpu-time.ts';

const square = (x: number, y: number, size = 1): Position[] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];
/** Returns a star polygon of an odd number of corners, in which every two sides meet. */
const star = (corners: number): Geometry => {
  const at = (index: number): Position => {
    const angle = (2 * Math.PI * index * ((corners - 1) / 2)) / corners;
    return [Math.cos(angle), Math.sin(angle)];
  };
  const ring = Array.from({ length: corners }, (_, index) => at(index));
  return { type: 'Polygon', coordinates: [[...ring, ring[0] as Position]] };
};

describe('countCrossings', () => {
  it.each<[string, Geometry, number]>([
    ['a point', { type: 'Point', coordinates: [1, 2] }, 0],
    ['a square', { type: 'Polygon', coordinates: [square(0, 0)] }, 0],
    ['a star of 5', star(5), 5],
    ['a star of 101: every two sides that are no neighbours', star(101), (101 * 98) / 2],
    ['two squares with a corner in common', { type: 'MultiPolygon', coordinates: [[square(0, 0)], [square(1, 1)]] }, 0],
    ['two with a whole side in common', { type: 'MultiPolygon', coordinates: [[square(0, 0)], [square(1, 0)]] }, 0],
    // In addition to the shared side, two corners of the small square touch it.
    ['two with half a side', { type: 'MultiPolygon', coordinates: [[square(0, 0)], [square(1, 0, 0.5)]] }, 2],
    ['the same square twice', { type: 'MultiPolygon', coordinates: [[square(0, 0)], [square(0, 0)]] }, 0],
    [
      'a line that turns back on itself',
      {
        type: 'LineString',
        coordinates: [
          [0, 0],
          [2, 2],
          [1, 1],
          [1, 5],
        ],
      },
      2,
    ],
    [
      'lines of a collection',
      {
        type: 'GeometryCollection',
        geometries: [
          {
            type: 'LineString',
            coordinates: [
              [0, 0],
              [2, 0],
            ],
          },
          {
            type: 'MultiLineString',
            coordinates: [
              [
                [1, -1],
                [1, 1],
              ],
              [
                [2, 0],
                [2, 0],
                [2, 3],
              ],
            ],
          },
        ],
      },
      1,
    ],
  ])('finds in %s: %i', (_, geometry, expected) => {
    expect(countCrossings(geometry, 10_000)).toEqual({ found: expected, isMore: false });
  });

  it('finds as many as comparing each side with each other does', () => {
    const random = new Random(7);
    for (let run = 0; run < 20; run++) {
      // On a small grid, so that ends touch, sides overlap, and three meet in a point.
      const line = Array.from({ length: 60 }, (): Position => [random.integer(0, 12), random.integer(0, 12)]);
      expect(countCrossings({ type: 'LineString', coordinates: line }, 10_000).found).toBe(countPairs(line));
    }
  });

  it('ends early where there are more than are asked for', () => {
    const { found, isMore } = countCrossings(star(1001), 50);
    expect({ found, isMore }).toEqual({ found: 51, isMore: true });
    expect(countCrossings(star(11), 44)).toEqual({ found: 44, isMore: false });
  });

  it.each([1e200, 1e-200])('does not take sides of a length of %d to be apart', (size) => {
    const huge = star(51) as { coordinates: Position[][] } & Geometry;
    const ring = huge.coordinates[0]?.map(([x = 0, y = 0]) => [x * size, y * size]) as Position[];
    expect(countCrossings({ type: 'Polygon', coordinates: [ring] }, 100).isMore).toBe(true);
  });

  // 20 000 parallel sides are 200 million pairs: seconds here, and as many for GEOS.
  it('gives up what lies side by side more often than any map', () => {
    const teeth = Array.from({ length: 10_000 }, (_, index): Position[] => [
      [index / 20_000, 0],
      [0.5 + index / 20_000, 1],
    ]);
    const took = cpuTimeOf(() =>
      expect(countCrossings({ type: 'MultiLineString', coordinates: teeth }, 10)).toEqual({ found: 0, isMore: true }),
    );
    expect(took).toBeLessThan(1000);
  });
});

describe('countCrossingsInTurns', () => {
  it('finds the same, and lets others in between', async () => {
    const corners = Array.from({ length: 20_000 }, (_, at): Position => {
      const angle = (2 * Math.PI * at) / 20_000;
      return [Math.cos(angle), Math.sin(angle)];
    });
    const circle: Geometry = { type: 'LineString', coordinates: [...corners, [2, 0], [-2, 0.00001]] };
    let turns = 0;
    const counter = setInterval(() => turns++, 0);
    const found = await countCrossingsInTurns(circle, 100);
    clearInterval(counter);
    expect(found).toEqual(countCrossings(circle, 100));
    expect(found.found).toBe(2);
    expect(turns).toBeGreaterThan(2);
  });
});

describe('countNested', () => {
  const within = (depth: number) => Array.from({ length: depth }, (_, at) => square(at, at, 100 - 2 * at));
  it.each<[string, Geometry, number]>([
    ['a line', { type: 'LineString', coordinates: square(0, 0) }, 0],
    ['a square', { type: 'Polygon', coordinates: [square(0, 0)] }, 1],
    ['squares side by side', { type: 'MultiPolygon', coordinates: [[square(0, 0)], [square(2, 0)]] }, 1],
    [
      'squares that overlap in a row',
      { type: 'MultiPolygon', coordinates: [0, 1, 2].map((at) => [square(at, at, 1.5)]) },
      1,
    ],
    ['a hole', { type: 'Polygon', coordinates: within(2) }, 2],
    ['an island in a hole', { type: 'MultiPolygon', coordinates: [within(2), [square(40, 40, 2)]] }, 3],
    ['forty', { type: 'MultiPolygon', coordinates: within(40).map((ring) => [ring]) }, 20],
  ])('finds in %s: %i', (_, geometry, expected) => {
    expect(countNested(geometry, 20)).toBe(expected);
  });
});

/** Counts pairs of non-adjacent sides that meet beyond their ends, exactly, in whole numbers. */
function countPairs(line: readonly Position[]): number {
  const sides = line.slice(1).flatMap((end, index) => {
    const start = line[index] as Position;
    return start[0] === end[0] && start[1] === end[1] ? [] : [[start, end] as const];
  });
  let count = 0;
  for (const [index, a] of sides.entries()) for (const b of sides.slice(index + 1)) if (meet(a, b)) count++;
  return count;
}

type Side = readonly [Position, Position];

function meet(a: Side, b: Side): boolean {
  const turn = ([[x0 = 0, y0 = 0], [x1 = 0, y1 = 0]]: Side, [x = 0, y = 0]: Position) =>
    Math.sign((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0));
  const between = ([[x0 = 0, y0 = 0], [x1 = 0, y1 = 0]]: Side, [x = 0, y = 0]: Position) =>
    (x - x0) * (x - x1) + (y - y0) * (y - y1) < 0;
  const [b0, b1, a0, a1] = [turn(a, b[0]), turn(a, b[1]), turn(b, a[0]), turn(b, a[1])] as const;
  const touches =
    (b0 === 0 && between(a, b[0])) ||
    (b1 === 0 && between(a, b[1])) ||
    (a0 === 0 && between(b, a[0])) ||
    (a1 === 0 && between(b, a[1]));
  const isSame = [a[0], a[1]].every((end) => b.some((other) => other[0] === end[0] && other[1] === end[1]));
  return !isSame && (touches || (b0 * b1 < 0 && a0 * a1 < 0));
}
