/** Overlaps and gaps that edges show, one kind at a time. */
import { expect, it } from 'vitest';
import { toWkb } from '../../../src/geo/wkb.ts';
import { findSuspects } from '../../../src/quality/coverage/suspects.ts';

type Corner = readonly [x: number, y: number];
/** Closed rings. */
type Rings = readonly (readonly Corner[])[];

const box = (x: number, y: number, width: number, height: number): Corner[] => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
  [x, y],
];

function suspectsOf(...parcels: readonly Rings[]) {
  const shapes = parcels.map((rings) =>
    Buffer.from(toWkb({ type: 'MultiPolygon', coordinates: rings.length > 0 ? [rings] : [] }) ?? '', 'hex'),
  );
  const square = [0, 0, 1000, 1000] as const;
  const found = findSuspects({ shapes: Buffer.concat(shapes), square, margin: 101, tolerance: 0.1, largest: 500 });
  return { shapes: found.shapes.toSorted((a, b) => a - b), places: found.places };
}

const NOTHING = { shapes: [], places: [] };
const frame = (x: number, y: number, side: number, wall: number) => [
  box(x, y, side, side),
  box(x + wall, y + wall, side - 2 * wall, side - 2 * wall).toReversed(),
];

it('is nothing of neighbours with common corners, in whatever direction their rings go', () => {
  expect(suspectsOf([box(0, 0, 10, 10)], [box(10, 0, 10, 10).toReversed()], [box(30, 0, 10, 10)])).toEqual(NOTHING);
});

it('is nothing where corners meet a side, or differ by a millimetre', () => {
  const moved = box(10.0007, 0.0005, 10, 5);
  expect(suspectsOf([box(0, 0, 10, 10)], [moved], [box(10, 5, 10, 5)], [box(0, 10, 20, 10)])).toEqual(NOTHING);
});

it('is nothing where corners lie beside a side in the next cell', () => {
  // Cells of 8 m begin at -101 m, so that one ends at 3 m.
  expect(suspectsOf([box(0, 3, 20, 10)], [box(0, 0, 10, 2.9993)], [box(10, 0, 10, 2.9993)])).toEqual(NOTHING);
});

it('are two parcels that cross without a corner in each other', () => {
  const { shapes } = suspectsOf([box(0, 20, 60, 10)], [box(20, 0, 10, 60)], [box(70, 0, 5, 5)]);
  expect(shapes).toEqual([0, 1]);
});

it('are a parcel and the one that contains it, and equal ones', () => {
  expect(suspectsOf([box(0, 0, 50, 50)], [box(10, 10, 5, 5)], [box(70, 0, 5, 5)]).shapes).toEqual([0, 1]);
  expect(suspectsOf([box(0, 0, 10, 10)], [box(0, 0, 10, 10)], [box(70, 0, 5, 5)]).shapes).toEqual([0, 1]);
});

it('are all parcels of two layers over each other, though each has a neighbour on every side', () => {
  const layer = (across: number) =>
    Array.from({ length: across ** 2 }, (_, cell) => [
      box(((cell % across) * 60) / across, (Math.floor(cell / across) * 60) / across, 60 / across, 60 / across),
    ]);
  const both = [...layer(4), ...layer(5)];
  expect(suspectsOf(...both).shapes).toEqual(both.map((_, shape) => shape));
});

it('are parts of a second layer, and what they lie on', () => {
  const below = Array.from({ length: 25 }, (_, cell) => [box((cell % 5) * 20, Math.floor(cell / 5) * 20, 20, 20)]);
  const above = Array.from({ length: 9 }, (_, cell) => [
    box(25 + (cell % 3) * 12, 25 + Math.floor(cell / 3) * 12, 12, 12),
  ]);
  const { shapes } = suspectsOf(...below, ...above);
  // The layer reaches from 25 to 61, over nine parcels.
  expect(shapes.filter((shape) => shape >= 25)).toEqual(above.map((_, at) => 25 + at));
  expect(shapes.filter((shape) => shape < 25)).toEqual([6, 7, 8, 11, 12, 13, 16, 17, 18]);
});

it('are parcels whose sides lie in each other between common corners', () => {
  const corner: Corner[] = [
    [6, 0],
    [20, -10],
    [10, 10],
    [6, 0],
  ];
  expect(suspectsOf([box(0, 0, 10, 10)], [corner]).shapes).toEqual([0, 1]);
});

it('are boxes around a place whose border is hidden by overlaps', () => {
  const { places } = suspectsOf([box(0, 10, 40, 5)], [box(0, 25, 40, 5)], [box(10, 0, 5, 40)], [box(25, 0, 5, 40)]);
  expect(places.some(([west, , east]) => west < 25 && east > 15)).toBe(true);
});

it('are two places that meet in one corner', () => {
  const { places } = suspectsOf(frame(0, 0, 20, 5), [box(5, 5, 5, 5)], [box(10, 10, 5, 5)]);
  expect(places.toSorted(([a], [b]) => a - b)).toEqual([
    [5, 10, 10, 15],
    [10, 5, 15, 10],
  ]);
});

it('are the places that parcels surround, up to 500 m² without what lies in them', () => {
  expect(suspectsOf(frame(0, 0, 20, 5))).toEqual({ shapes: [], places: [[5, 5, 15, 15]] });
  expect(suspectsOf(frame(0, 0, 40, 5))).toEqual(NOTHING);
  expect(suspectsOf(frame(0, 0, 40, 5), [box(6, 6, 27, 27)])).toEqual({ shapes: [], places: [[5, 5, 35, 35]] });
  expect(suspectsOf(frame(0, 0, 10.2, 5))).toEqual(NOTHING);
  // Longer than 100 m, and begun outside of the square.
  expect(suspectsOf([box(0, 0, 150, 9), box(5, 4, 140, 1)])).toEqual(NOTHING);
  expect(suspectsOf(frame(990, 0, 30, 10))).toEqual(NOTHING);
});

it('is a place behind a slit of 9 mm, but not behind one of 30 mm', () => {
  const behind = (slit: number) => {
    const wall: Corner[] = [
      [0, 0],
      [40, 0],
      [40, 10],
      [20, 10],
      [20, 5],
      [10, 5],
      [10, 10],
      [0, 10],
      [0, 0],
    ];
    return suspectsOf([wall], [box(0, 10 + slit, 40, 10)]);
  };
  expect(behind(0.009).places.some(([west, south, east]) => west <= 10 && south <= 10 && east >= 20)).toBe(true);
  expect(behind(0.009).shapes).toEqual([]);
  expect(behind(0.03)).toEqual(NOTHING);
});

it('are two parcels between which snapping may hide 0.1 m²', () => {
  const beside = (length: number): readonly Rings[] => [
    [box(0, 0, length, 10)],
    [
      [
        [0, 10],
        [length / 2, 9.9985],
        [length, 10],
        [length, 20],
        [0, 20],
        [0, 10],
      ],
    ],
  ];
  expect(suspectsOf(...beside(300)).shapes).toEqual([0, 1]);
  expect(suspectsOf(...beside(60))).toEqual(NOTHING);
  // A sliver that snapping leaves nothing of.
  expect(suspectsOf([box(0, 0, 100, 0.0015)], [box(0, 0, 100, 20)]).shapes).toContain(0);
});

it('are shapes that are no polygons', () => {
  expect(suspectsOf([], [box(0, 0, 10, 10)])).toEqual({ shapes: [0], places: [] });
});
