import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const SOURCE = new URL('src/', ROOT);

/** Folders and files that the source reads at run time: `new URL('../../data/', import.meta.url)`. */
const found = (readdirSync(SOURCE, { recursive: true }) as string[])
  .filter((file) => file.endsWith('.ts') && !file.startsWith('viewer/'))
  .flatMap((file) => {
    const text = readFileSync(new URL(file, SOURCE), 'utf8');
    return [...text.matchAll(/new URL\(\s*'([^']+)',\s*import\.meta\.url/g)].map(([, path = '']) => ({ file, path }));
  });

describe('what the program reads at its run', () => {
  it.each(found)('$file finds $path from src and from dist', ({ file, path }) => {
    const [fromSource, fromCompiled] = ['src/', 'dist/'].map(
      (folder) => new URL(path, new URL(folder + file, ROOT)).href,
    );
    expect(fromCompiled).toBe(fromSource);
    if (!path.includes('/dist/')) expect(existsSync(fileURLToPath(fromSource ?? ''))).toBe(true);
  });

  it('is found by this test', () => {
    expect(found.length).toBeGreaterThan(6);
  });
});
