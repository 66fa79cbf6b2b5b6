import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { anchorOf } from '../../src/http/docs/markdown.ts';
import { ROOMS } from '../layout/rooms.ts';
import { blocksOf, flatten, headingsOf, linksOf, readDocuments, sentencesOf } from './pages.ts';

const MOST_WORDS = 25;
const documents = readDocuments();
const byPath = new Map(documents.map((document) => [document.path, document]));

/** Returns the fault of a link between files; undefined if there is none. */
function faultOf(from: string, href: string): string | undefined {
  const [file = '', anchor] = href.split('#');
  const path = file === '' ? from : normalize(join(dirname(from), file));
  if (!existsSync(new URL(`../../${path}`, import.meta.url))) return `${from}: ${href} is not there`;
  if (anchor === undefined) return undefined;
  const headings = byPath.get(path);
  const anchors = headings ? headingsOf(headings).map(anchorOf) : [];
  return anchors.includes(anchor) ? undefined : `${from}: ${href} has no such heading`;
}

describe('the texts of the repository', () => {
  it('link to files and headings that are there', () => {
    const links = documents.flatMap((document) =>
      linksOf(document)
        .filter((href) => !/^https?:/.test(href))
        .map((href) => [document.path, href] as const),
    );
    expect(links.length).toBeGreaterThan(30);
    expect(links.map(([from, href]) => faultOf(from, href)).filter(Boolean)).toEqual([]);
  });

  it('lead within docs/ to its own pages and pictures only, which the server has', () => {
    const outside = documents
      .filter(({ path }) => path.startsWith('docs/'))
      .flatMap((document) => linksOf(document).map((href) => `${document.path}: ${href}`))
      .filter((link) => !/: (https?:\/\/|#|[a-z-]+\.md(#|$)|pictures\/[a-z-]+\.webp$|README\.md(#|$))/.test(link));
    expect(outside).toEqual([]);
  });

  it('say each thing in a sentence that is read once', () => {
    const own = documents.filter(({ path }) => !/^(bench|data|sql)\//.test(path));
    const long = own.flatMap((document) =>
      sentencesOf(document)
        .filter(
          (sentence) =>
            sentence.split(/\s+/).length > MOST_WORDS &&
            !/[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđ]/.test(sentence),
        )
        .map((sentence) => `${document.path}: ${sentence}`),
    );
    expect(long).toEqual([]);
  });

  it('name files and folders that are there', () => {
    const named = ['CONTRIBUTING.md', 'src/README.md'].flatMap((path) =>
      flatten(byPath.get(path)!.tokens)
        .flatMap((token) => (token.type === 'codespan' ? [token.text as string] : []))
        .filter((text) => /^[\w./-]+\.(ts|sql|md|csv)$|^[\w/-]+\/$/.test(text)),
    );
    expect(named.length).toBeGreaterThan(50);
    const isThere = (path: string) =>
      ['', 'src/'].some((from) => existsSync(new URL(`../../${from}${path}`, import.meta.url)));
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });

  it('draw the rooms as the table has them, each above what it imports', () => {
    const [map] = blocksOf(byPath.get('src/README.md')!, '');
    const lines = map!.text.split('\n').map((line) => line.split(/ {2,}/).filter((name) => name in ROOMS));
    expect(lines.flat().sort()).toEqual(Object.keys(ROOMS).sort());
    const floorOf = new Map(lines.flatMap((line, floor) => line.map((room) => [room, floor] as const)));
    const upward = Object.entries(ROOMS).flatMap(([room, imports]) =>
      imports
        .split(' ')
        .filter((below) => below !== '' && floorOf.get(below)! < floorOf.get(room)!)
        .map((below) => `${room} imports ${below}, which stands above it`),
    );
    expect(upward).toEqual([]);
  });

  it('list every setting with its default', () => {
    const { tokens } = byPath.get('docs/settings.md')!;
    const rows = flatten(tokens).flatMap((token) => (token.type === 'table' ? token.rows : []));
    const listed = rows.map((row) => row[0].text.replaceAll('`', ''));
    const { message } = caught(() => readConfig({ DIABA_NOTHING: '1' }));
    expect(listed.sort()).toEqual(
      message
        .replace(/^.*Known: |\.$/g, '')
        .split(', ')
        .sort(),
    );
  });
});

function caught(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
