import { readdirSync, readFileSync } from 'node:fs';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { renderMarkdown } from '../../src/http/docs/markdown.ts';
import { borrowEmbedded, giveBack } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

const FOLDER = new URL('../../docs/', import.meta.url);
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => name.replace('.md', ''));
const pictures = readdirSync(new URL('pictures/', FOLDER));

describe('/docs', () => {
  let db: Database;
  let test: TestApp;
  beforeAll(async () => {
    db = await borrowEmbedded();
    test = await openApp(db);
  });
  afterAll(async () => {
    await test?.close();
    if (db) await giveBack(db);
  });

  const get = (path: string, accept = 'text/html') =>
    request(test.app).get(path).set('host', 'maps.example.vn').set('accept', accept);

  it('has every page of the folder, each linked from the table of contents and from every other page', async () => {
    const { text } = await get('/docs').expect(200).expect('content-type', 'text/html; charset=utf-8');
    const linked = [...text.matchAll(/href="http:\/\/maps\.example\.vn\/docs\/([\w-]+)\?lang=vi"/g)].map(
      ([, name]) => name,
    );
    expect(linked.sort()).toEqual(names.sort());
    for (const name of names) {
      const page = await get(`/docs/${name}`).expect(200);
      expect(page.text).toContain('<strong aria-current="page">');
      expect(page.text.match(/\/docs\/[\w-]+\?lang=vi"/g)?.length).toBeGreaterThanOrEqual(names.length - 1);
      expect(page.text.match(/<h1>/g)).toHaveLength(1);
      expect(page.text).not.toMatch(/localhost:8080|\.md[#"]|undefined|\[object/);
    }
  });

  it('is linked from the landing page, its JSON and the frame of every page', async () => {
    const { body } = await get('/', 'application/json');
    expect(body.links).toContainEqual(
      expect.objectContaining({ rel: 'help', href: 'http://maps.example.vn/docs?f=html' }),
    );
    for (const path of ['/', '/collections', '/docs/filters'])
      expect((await get(`${path}?lang=vi`)).text).toContain(
        '<a href="http://maps.example.vn/docs?lang=vi">Hướng dẫn</a>',
      );
  });

  it('gives the source to who takes Markdown or anything, and asks for it', async () => {
    const source = readFileSync(new URL('filters.md', FOLDER), 'utf8');
    for (const [path, accept] of [
      ['/docs/filters?f=md', 'text/html'],
      ['/docs/filters', 'text/markdown'],
      ['/docs/filters', '*/*'],
    ] as const) {
      const answer = await get(path, accept).expect(200).expect('content-type', 'text/markdown; charset=utf-8');
      expect(answer.text).toBe(source);
    }
    await get('/docs/filters?f=html', '*/*').expect('content-type', 'text/html; charset=utf-8');
    await get('/docs/filters', 'image/png').expect(406);
  });

  it('has its pictures, and the pages may show them', async () => {
    expect(pictures.length).toBeGreaterThan(2);
    for (const name of pictures)
      await get(`/docs/pictures/${name}`, '*/*').expect(200).expect('content-type', 'image/webp');
    const { text, headers } = await get('/docs/clients');
    expect(text).toContain('<img src="http://maps.example.vn/docs/pictures/qgis.webp"');
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*img-src 'self'/);
  });

  it('tells which pages and pictures there are where one is not', async () => {
    for (const path of [
      '/docs/nothing',
      '/docs/README',
      '/docs/..%2fpackage',
      '/docs/pictures/nothing.webp',
      '/docs/pictures/..%2f..%2fpackage.json',
    ]) {
      const { body } = await get(path, 'application/json').expect(404);
      expect(body.details.en).toMatch(/^There is no (page|picture).*There are: /);
    }
    expect((await get('/docs/nothing')).type).toBe('text/html');
  });
});

describe('Markdown', () => {
  const render = (source: string) => renderMarkdown(source, (href) => `to:${href}`).body.text;

  it('holds no HTML and no link that runs a script', () => {
    const text = render(
      'a <b onclick="x()">b</b>\n\n<script>alert(1)</script>\n\n[c](javascript:alert(1)) [d](JaVaScRiPt:x) ![e](data:x)',
    );
    expect(text).not.toMatch(/<script|<b |javascript:|href/i);
    expect(text).toContain('&lt;script&gt;');
  });

  it('has anchors as GitHub makes them, and a title that stands apart', () => {
    const { title, body } = renderMarkdown('# Tiêu đề\n\n## Two people: `edit` it?\n\n## Đường dẫn (WFS-T)', String);
    expect(title).toBe('Tiêu đề');
    expect([...body.text.matchAll(/id="([^"]+)"/g)].map(([, id]) => id)).toEqual([
      'two-people-edit-it',
      'đường-dẫn-wfs-t',
    ]);
    expect(body.text).not.toContain('<h1');
  });

  it('shows quotes as Vietnamese, and resolves links and pictures', () => {
    const text = render('> Tóm tắt\n\n[a](b.md#c) ![d](e.webp)');
    expect(text).toContain('<blockquote lang="vi">');
    expect(text).toContain('<a href="to:b.md#c">a</a>');
    expect(text).toContain('<img src="to:e.webp" alt="d">');
  });
});
