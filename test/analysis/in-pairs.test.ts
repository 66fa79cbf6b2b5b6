import { expect, it } from 'vitest';
import { inPairs } from '../../src/analysis/in-pairs.ts';

it('gives results in order, and begins nothing after a failure', async () => {
  const begun: number[] = [];
  const double = async (item: number) => {
    begun.push(item);
    await Promise.resolve();
    if (item === 3) throw new Error('three');
    return 2 * item;
  };
  expect(await inPairs([1, 2], double)).toEqual([2, 4]);
  begun.length = 0;
  await expect(inPairs([1, 2, 3, 4, 5, 6, 7, 8], double)).rejects.toThrow('three');
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun.length).toBeLessThan(6);
});
