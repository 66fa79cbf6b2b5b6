import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ambiguousNames, declaredNames } from './declared-names.ts';

const SOURCE = new URL('../../src/', import.meta.url);
const files = new Map(
  readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(new URL(name, SOURCE), 'utf8')]),
);
const server = new Map([...files].filter(([name]) => !name.startsWith('viewer/')));

describe('a name is enough to find its meaning', () => {
  it('in the server, where no two files declare the same function or type, or export the same name', () => {
    expect(server.size).toBeGreaterThan(300);
    expect(ambiguousNames(server)).toEqual([]);
  });

  it('in the viewer and the server together, but for some that mean the same in both', () => {
    expect(files.size).toBeGreaterThan(server.size + 50);
    const found = ambiguousNames(files);
    expect(found.length < 40 ? [] : found).toEqual([]);
  });
});

describe('the test of names', () => {
  const several = new Map([
    ['a.ts', 'export interface Place {}\nexport const one = 1;\nconst WORDS = {};\nconst half = (x: number) => x / 2;'],
    ['b.ts', "export type Place = string;\nexport { one } from './a.ts';\nconst WORDS = 1;\nfunction half() {}"],
    ['c.ts', "const one = 1;\nexport type { Other as Place, Third } from './a.ts';\nlet WORDS;\ninterface Third {}"],
  ]);

  it('sees functions, types and exports of several files, also those handed on, but not constants of single files', () => {
    expect(ambiguousNames(several)).toEqual(['Place: a.ts, b.ts, c.ts', 'one: a.ts, b.ts, c.ts', 'half: a.ts, b.ts']);
  });

  it.each([
    ['export async function* rows() {}', 'rows', 'function'],
    ['const first = (a: number) => a;', 'first', 'function'],
    ['export const text: Read<string> = (value) => value;', 'text', 'function'],
    ['const slow = async <T>(work: T) => work;', 'slow', 'function'],
    ['const some = list.map((each) => each.id);', 'some', 'constant'],
    ['export abstract class Reader {}', 'Reader', 'type'],
    ['export declare const mark: unique symbol;', 'mark', 'constant'],
  ])('takes `%s` for what it is', (text, name, kind) => {
    expect(declaredNames(text)).toMatchObject([{ name, kind }]);
  });
});
