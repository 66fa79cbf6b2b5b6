import { describe, expect, it } from 'vitest';
import { interiorOf } from '../../src/viewer/interior.ts';

const ALL = { west: -100, south: -100, east: 100, north: 100 };
const square = (x: number, y: number, size: number) =>
  [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
    [x, y],
  ] as const;

describe('the place of a label', () => {
  it('is the middle of a square, of its visible part, and nowhere if none is visible', () => {
    expect(interiorOf([square(0, 0, 10)], ALL)).toEqual({ at: [5, 5], width: 10 });
    expect(interiorOf([square(0, 0, 10)], { ...ALL, west: 6, north: 4 })).toEqual({ at: [8, 2], width: 4 });
    expect(interiorOf([square(0, 0, 10)], { ...ALL, west: 11 })).toBeUndefined();
    expect(interiorOf([square(0, 0, 10)], { ...ALL, north: -1 })).toBeUndefined();
    expect(interiorOf([], ALL)).toBeUndefined();
  });

  it('lies beside a hole, on the wider side', () => {
    expect(interiorOf([square(0, 0, 10), square(2, 4, 3)], ALL)).toEqual({ at: [7.5, 5], width: 5 });
  });

  it('lies in an arm of a shape that is not convex', () => {
    const u = [[0, 0], [10, 0], [10, 10], [7, 10], [7, 2], [4, 2], [4, 10], [0, 10], [0, 0]] as const; // biome-ignore format: one line a shape
    expect(interiorOf([u], ALL)).toEqual({ at: [2, 5], width: 4 });
  });

  it('does not count a corner on the line twice', () => {
    const diamond = [[0, 5], [5, 0], [10, 5], [5, 10], [0, 5]] as const; // biome-ignore format: one line a shape
    expect(interiorOf([diamond], ALL)).toEqual({ at: [5, 5], width: 10 });
  });
});
