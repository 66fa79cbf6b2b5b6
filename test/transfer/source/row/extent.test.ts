import { expect, it } from 'vitest';
import { GrowingBox } from '../../../../src/transfer/source/row/extent.ts';

const boxOf = (...values: unknown[]) => {
  const extent = new GrowingBox();
  for (const value of values) extent.add(value);
  return extent.box();
};

it('is the box around every position of coordinates, geometries and collections, heights apart', () => {
  expect(boxOf([106.5, 11.25])).toEqual([106.5, 11.25, 106.5, 11.25]);
  expect(
    boxOf(
      [
        [
          [3, 4, 900],
          [1, 9],
          [2, -6],
        ],
      ],
      { type: 'Point', coordinates: [7, 5] },
    ),
  ).toEqual([1, -6, 7, 9]);
  const geometries = [
    { type: 'Point', coordinates: [1, 2] },
    { type: 'MultiPoint', coordinates: [[-4, 8]] },
  ];
  expect(boxOf({ type: 'GeometryCollection', geometries })).toEqual([-4, 2, 1, 8]);
});

it('passes over what is no position, and has no box of nothing', () => {
  expect(boxOf(null, 'POINT(1 2)', [], {}, ['1', '2'], [5], [null, 3])).toBeUndefined();
  expect(boxOf([1, 2], [3, null], [3])).toEqual([1, 2, 1, 2]);
});
