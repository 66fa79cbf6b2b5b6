import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const SOURCE = new URL('../../src/', import.meta.url);
const DECLARED =
  /^export (?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type|enum) +([A-Za-z_$][\w$]*)/gm;
const LISTED = /^export (?:type )?\{([^}]*)\}/gm;

/** Returns the names that a file exports, declared there or re-exported. */
function exportedNames(text: string): string[] {
  const declared = [...text.matchAll(DECLARED)].map(([, name = '']) => name);
  const listed = [...text.matchAll(LISTED)].flatMap(([, list = '']) => list.split(','));
  return [...declared, ...listed.map((each) => each.replace(/^\s*(?:type )?(?:.* as )?/, '').trim()).filter(Boolean)];
}

/** Returns the names that several files export. */
function exportedTwice(files: ReadonlyMap<string, string>): string[] {
  const homes = new Map<string, string[]>();
  for (const [file, text] of files) {
    for (const name of exportedNames(text)) homes.set(name, [...(homes.get(name) ?? []), file]);
  }
  return [...homes].filter(([, found]) => found.length > 1).map(([name, found]) => `${name}: ${found.join(', ')}`);
}

it('no two files export the same name, so that a name is enough to find what it means', () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    // The viewer is a program of its own, which knows only URLs.
    .filter((name) => name.endsWith('.ts') && !name.startsWith('viewer/'));
  expect(files.length).toBeGreaterThan(300);
  expect(exportedTwice(new Map(files.map((name) => [name, readFileSync(new URL(name, SOURCE), 'utf8')])))).toEqual([]);
});

it('sees names that are declared twice, and names that are handed on', () => {
  const twice = [
    ['a.ts', 'export interface Place {}\nexport const one = 1;'],
    ['b.ts', "export type Place = string;\nexport { one } from './a.ts';"],
    ['c.ts', "const one = 1;\nexport type { Other as Place, Third } from './a.ts';\nexport async function* third() {}"],
  ] as const;
  expect(exportedTwice(new Map(twice))).toEqual(['Place: a.ts, b.ts, c.ts', 'one: a.ts, b.ts']);
});
