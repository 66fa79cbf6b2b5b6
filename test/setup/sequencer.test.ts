import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TestSpecification, Vitest } from 'vitest/node';
import { LONG, LongestFirst } from './sequencer.ts';

it('begins with the files that take longest, each of which is there', async () => {
  expect(LONG.filter((name) => !existsSync(join('test', name)))).toEqual([]);
  const [longest, next] = LONG as [string, string];
  const names = ['clients/short.test.ts', next, longest];
  const root = process.cwd();
  const vitest = { config: { root }, cache: { getFileTestResults() {}, getFileStats() {} } } as unknown as Vitest;
  const files = names.map((name) => ({
    moduleId: join(root, 'test', name),
    project: { name: '', config: { root, sequence: { groupOrder: 0 } } },
  })) as unknown as TestSpecification[];
  const sorted = await new LongestFirst(vitest).sort(files);
  expect(sorted).toEqual([files[2], files[1], files[0]]);
});
