import { expect, it } from 'vitest';
import { Random } from '../../src/sample/random.ts';
import { chooseMutants, mutateLine } from './mutate.ts';

it('puts one fault into a line', () => {
  expect(mutateLine('  return a === b;', new Random(1))).toBe('  return a !== b;');
  expect(mutateLine('  this.close();', new Random(1))).toBe('  ');
});

it('leaves alone what the program does not see', () => {
  for (const line of [
    '// a === b',
    ' * true',
    "import { a } from './b.ts';",
    '  readonly isTrue: true;',
    '}',
    "  vi: 'a < b',",
  ])
    expect(mutateLine(line, new Random(1))).toBeUndefined();
});

it('chooses the same mutants for the same seed, each of another line', () => {
  const files = new Map([['a.ts', Array.from({ length: 50 }, (_, index) => `f(${index}) && g();`).join('\n')]]);
  const chosen = chooseMutants(files, 20, new Random(7));
  expect(chosen).toEqual(chooseMutants(files, 20, new Random(7)));
  expect(new Set(chosen.map(({ line }) => line)).size).toBe(20);
  expect(chooseMutants(files, 100, new Random(7))).toHaveLength(50);
});
