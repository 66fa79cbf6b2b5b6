import { describe, expect, it } from 'vitest';
import type { BlockLane } from '../../src/sample/cuts.ts';
import { joinLanes } from '../../src/sample/lane-ends.ts';

/** A block of 100 m by 60 m between centre lines of streets, with a bank in the east. */
const SIDES = [
  { line: [0, 0, 100, 0], isStreet: true },
  { line: [100, 0, 100, 60], isStreet: false },
  { line: [100, 60, 0, 70], isStreet: true },
  { line: [0, 70, 0, 0], isStreet: true },
] as const;
const lane = (...line: BlockLane['line']) => ({ line, width: 4 });

describe('a lane of a block', () => {
  it.each([
    ['ends on the streets', [50, 6, 50, 55], [50, 0, 50, 65]],
    ['ends at the edge of the parcels where no street is', [6, 30, 94, 30], [0, 30, 94, 30]],
    ['may be slanting', [30, 10, 50, 30], [20, 0, 81.818, 61.818]],
    ['may run backwards', [50, 55, 50, 6], [50, 65, 50, 0]],
  ] as [string, BlockLane['line'], number[]][])('%s', (_, given, joined) => {
    const [first] = joinLanes([lane(...given)], SIDES);
    expect(first?.line.map((value) => Math.round(value * 1000) / 1000 + 0)).toEqual(joined);
    expect(first?.width).toBe(4);
  });

  it('ends on an earlier lane that is nearer than the street, also where that lane was prolonged', () => {
    const [, middle, end] = joinLanes([lane(6, 30, 60, 30), lane(40, 32, 40, 55), lane(3, 32, 3, 55)], SIDES);
    expect(middle?.line).toEqual([40, 30, 40, 66]);
    expect(end?.line).toEqual([3, 30, 3, 69.7]);
  });
});
