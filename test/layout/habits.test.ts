/** Invariants of `src/README.md` that are visible in the text of the source. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const SOURCE = new URL('../../src/', import.meta.url);
const files = (readdirSync(SOURCE, { recursive: true }) as string[])
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(new URL(file, SOURCE), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '') }));

function filesWith(pattern: RegExp): string[] {
  return files.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
}

it('only config.ts reads the environment', () => {
  expect(filesWith(/process\.env/)).toEqual(['config.ts']);
});

it('the engine is a branch in tiles/ only, by capabilities.mvt; others name it to people', () => {
  expect(filesWith(/capabilities\.mvt|[{,]\s*mvt\s*[,}].*capabilities/)).toEqual(['tiles/tiles.ts']);
  const asking = filesWith(/engine\s*[!=]==|\.engine\s*\?/).filter((file) => !file.startsWith('database/'));
  // An empty embedded database is filled with the sample.
  expect(asking).toEqual(['commands/serving.ts']);
});

it('the cache of tiles knows no principal, only an access class', () => {
  const cache = files.filter(({ file }) => file.startsWith('tiles/cache/'));
  expect(cache.length).toBeGreaterThan(3);
  for (const { file, text } of cache)
    expect([file, /[Pp]rincipal|authorization|cookie/.test(text)]).toEqual([file, false]);
});
