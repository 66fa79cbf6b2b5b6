import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { COMPRESSIONS, compress, decompress } from '../../src/lib/compression.ts';

it('compresses bodies of every size so that they come back whole, several at once', async () => {
  const bodies = [2000, 100_000, 1_000_000, 3_000_000].map((size) =>
    Buffer.from(randomBytes(size / 2).toString('hex')),
  );
  for (const compression of COMPRESSIONS) {
    const compressed = await Promise.all(bodies.map((body) => compress(body, compression, 6)));
    const back = await Promise.all(compressed.map((bytes) => decompress(bytes, compression)));
    expect(back.map((body, index) => Buffer.compare(body, bodies[index] as Buffer))).toEqual([0, 0, 0, 0]);
    for (const [index, { length }] of compressed.entries())
      expect(length).toBeLessThan(0.7 * (bodies[index] as Buffer).length);
  }
});

it('compresses large bodies one after the other, and small ones at once', async () => {
  const ended: string[] = [];
  const run = (name: string, size: number) => compress(randomBytes(size), 'gzip', 6).then(() => void ended.push(name));
  await Promise.all([run('first', 8_000_000), run('second', 1_000_000), run('small', 2000)]);
  expect(ended).toEqual(['small', 'first', 'second']);
});
