import { expect, it } from 'vitest';
import { mergePlaces } from '../../src/quality/places.ts';

it('merges the boxes of neighbours, and leaves those apart that together would read more ground', () => {
  const boxes = ['BOX(0 0,10 10)', 'BOX(8 5,20 30)', 'BOX(1400 0,1410 10)', 'BOX(15 -5,40 8)'];
  expect(mergePlaces(boxes)).toEqual(['BOX(0 -5,40 30)', 'BOX(1400 0,1410 10)']);
});

it.each([
  ['a river', ['BOX(0 0,1501 10)']],
  ['a coordinate that is infinite', ['BOX(0 0,Infinity 10)']],
  ['one that is no number', ['BOX(NaN NaN,NaN NaN)']],
  ['more than 100 places', Array.from({ length: 101 }, (_, index) => `BOX(${index * 5000} 0,${index * 5000 + 1} 1)`)],
])('leaves %s to a whole run', (_, boxes) => {
  expect(mergePlaces(boxes)).toBeUndefined();
});
