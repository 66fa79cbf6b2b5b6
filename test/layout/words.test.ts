import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Comment, faultsOf, readComments, readSqlComments } from './words.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

function sourcesOf(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

type Reader = (source: string) => Comment[];

// Migrations are left as they were applied.
describe.each<[folder: string, ending: string, read: Reader, least: number]>([
  ['src', '.ts', readComments, 3000],
  ['test', '.ts', readComments, 300],
  ['sql/functions', '.sql', readSqlComments, 30],
  ['sql/views', '.sql', readSqlComments, 1],
])('the comments of %s', (folder, ending, read, least) => {
  it('are plain sentences', () => {
    const comments = sourcesOf(folder, ending).flatMap((file) =>
      read(readFileSync(join(ROOT, file), 'utf8')).map((comment) => ({ file, comment })),
    );
    expect(comments.length).toBeGreaterThan(least);
    const faults = comments.flatMap(({ file, comment }) =>
      faultsOf(comment).map((fault) => `${file}:${comment.line} ${fault}`),
    );
    expect(faults).toEqual([]);
  });
});

describe('the test of comments sees', () => {
  const long = Array.from({ length: 26 }, (_, index) => `word${index}`).join(' ');
  const wrong: readonly (readonly [what: string, source: string, fault: RegExp])[] = [
    ['a docstring that begins with What', '/** What a tile shows. */', /begins with "What"/],
    ['one that begins with Where', '/** Where a tile lies. */', /begins with "Where"/],
    ['one over several lines', '/**\n * Whether a tile\n * is empty.\n */', /begins with "Whether"/],
    ['one before a tag', '/** How it goes. @param z zoom */', /begins with "How"/],
    ['one that is indented', 'interface A {\n  /** Of the box. */\n  b: 1;\n}', /begins with "Of"/],
    ['a long sentence', `/** ${long}. */`, /26 words/],
    ['a long sentence over lines', `// ${long.replaceAll(' word13', '\n// word13')}.`, /26 words/],
    ['a long sentence after a short one', `// Short. ${long}`, /26 words/],
    ['a long tag', `/** @returns ${long} */`, /26 words/],
    ['a banned word in a docstring', '/** Returns the tile that was kept. */', /"kept"/],
    ['a banned word in a line comment', '  // Made once.', /"Made"/],
    ['another banned word', '/** Returns changes heard of. */', /"heard"/],
    ['a banned word on the second line', '// A change\n// is told late.', /"told"/],
  ];
  it.each(wrong)('%s', (_what, source, fault) => {
    expect(readComments(source).flatMap(faultsOf)).toEqual([expect.stringMatching(fault)]);
  });

  it('nothing wrong with plain comments, code and directives', () => {
    const right = [
      `/** Returns \`${long}\` (${long}). */`,
      '/** Returns true if the {@link kept} tile is current. */',
      '// biome-ignore lint/x: kept for the test',
      "const text = 'What was told';",
      `// ${long.slice(0, long.lastIndexOf(' '))}. And more.`,
      '// What a line comment says may begin so.',
    ];
    expect(right.flatMap((source) => readComments(source).flatMap(faultsOf))).toEqual([]);
  });

  it('the same in SQL', () => {
    const comments = readSqlComments(`SELECT 1;\n-- Rows are kept.\n-- ${long}.\n  -- Plain.\n`);
    expect(comments.flatMap(faultsOf)).toEqual(['says "kept"', expect.stringContaining('26 words')]);
  });

  it('the line of a fault', () => {
    const [comment] = readComments('const a = 1;\n\n  // Kept.\nconst b = 2;\n');
    expect(comment?.line).toBe(3);
  });
});
