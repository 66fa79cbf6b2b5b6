import { expect, it } from 'vitest';
import { lassoOutline } from '../../src/viewer/lasso.ts';

type Ring = readonly (readonly [x: number, y: number])[];

function outline(ring: Ring): number[][] {
  const closed = [...ring, ring[0] ?? [0, 0]].map((each) => [...each]);
  return lassoOutline({ type: 'Polygon', coordinates: [closed] }).coordinates[0] ?? [];
}

it.each<[string, Ring, Ring]>([
  [
    'does not cross itself',
    [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 4],
    ],
    [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 4],
    ],
  ],
  [
    'ends beyond its beginning',
    [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 4],
      [0, 2],
      [2, 2],
      [2, -1],
    ],
    [
      [2, 0],
      [4, 0],
      [4, 4],
      [0, 4],
      [0, 2],
      [2, 2],
    ],
  ],
  [
    'has a loop on its way',
    [
      [0, 0],
      [9, 0],
      [9, 9],
      [5, 9],
      [4, 7],
      [6, 7],
      [5, 10],
      [0, 9],
    ],
    [
      [5.3333333, 9],
      [5, 10],
      [0, 9],
      [0, 0],
      [9, 0],
      [9, 9],
    ],
  ],
])('a lasso that %s has an outline', (_, ring, expected) => {
  expect(outline(ring)).toEqual([...expected, expected[0]]);
});

it('a long lasso has at most 200 corners, of 7 decimals', () => {
  const turns = Array.from({ length: 1500 }, (_, index) => (index / 1500) * 2 * Math.PI);
  const found = outline(turns.map((turn) => [106 + Math.cos(turn), 11 + Math.sin(turn)] as const));
  expect(found.length).toBeGreaterThan(150);
  expect(found.length).toBeLessThanOrEqual(201);
  expect(found.flat().every((value) => Number(value.toFixed(7)) === value)).toBe(true);
});
