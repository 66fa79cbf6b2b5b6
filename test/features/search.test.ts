/** `q` of OGC API - Features, Part 9. */
import { readFileSync } from 'node:fs';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeBareEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

describeBareEngines('text search', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script('CREATE SCHEMA odd');
    for (const name of ['nowhere', 'personal'])
      await engine.db.script(readFileSync(new URL(`../fixtures/${name}.sql`, import.meta.url), 'utf8'));
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
  });
  afterAll(() => test?.close());

  const ask = (q: string, rest = '', layer = 'odd.nowhere') =>
    request(test.app).get(`/collections/${layer}/items?${new URLSearchParams({ q })}${rest}`);
  const idsOf = async (q: string, rest = ''): Promise<unknown[]> => {
    const { body } = await ask(q, rest).expect(200);
    expect(body.numberMatched).toBe(body.numberReturned);
    return body.features.map(({ id }: { id: unknown }) => id);
  };

  it.each<[string, number[]]>([
    ['Thủ Dầu Một', [1]],
    ['thu dau mot', [1]],
    ['THỦ DẦU', [1]],
    ['phu loi', [2, 3]],
    ['Phú Lợi', [2, 3]],
    ['đất', [4]],
    ['dat', [4]],
    // Any white space between words, in their order.
    ['chợ\tcũ', [1]],
    [' chợ   cũ ', [1]],
    ['cũ chợ', []],
    // Not across two fields.
    ['phu loi cho', []],
    ['cho,dat', [1, 3, 4]],
    ['một', [1, 2]],
    // Nothing in a term is a pattern.
    ['a.b', [2]],
    ['a_b', []],
    ['.*', []],
    ['(', []],
    ['\\', []],
    ['nothing at all', []],
  ])('%j finds %j', async (q, ids) => {
    expect(await idsOf(q)).toEqual(ids);
  });

  it('goes with every other condition, order and format', async () => {
    expect(await idsOf('phu loi', '&sortby=-id')).toEqual([3, 2]);
    expect(await idsOf('cho,dat,loi', '&filter=id > 1&datetime=2025-03-01')).toEqual([3, 4]);
    const page = await ask('cho,dat,loi', '&limit=1').expect(200);
    const next = new URL(page.body.links.find(({ rel }: { rel: string }) => rel === 'next').href);
    expect(next.searchParams.get('q')).toBe('cho,dat,loi');
    expect(next.searchParams.get('cursor')).toBeTruthy();
    const second = (
      await request(test.app)
        .get(next.pathname + next.search)
        .expect(200)
    ).body;
    expect(second.features.map(({ id }: { id: number }) => id)).toEqual([2]);
    expect((await ask('phu loi', '&f=csv').expect(200)).text.trim().split('\r\n')).toHaveLength(3);
    expect((await ask('phu loi', '&f=html&lang=en').expect(200)).text).toContain('Remove the filter');
  });

  it('sees no more than the caller', async () => {
    const { body } = await request(test.app).get('/collections/odd.personal/items').expect(200);
    expect(body.numberReturned).toBeGreaterThan(0);
    expect((await ask('x', '', 'odd.personal').expect(200)).body.features).toHaveLength(1);
    for (const hidden of ['Nguyễn Văn A', '079123456789'])
      expect((await ask(hidden, '', 'odd.personal').expect(200)).body.features).toEqual([]);
  });

  it.each(['', ' ', ',', 'a,,b', 'a'.repeat(101), 'a,b,c,d,e,f,g,h,i,j,k', 'a\u0000', 'a\u0001b'])(
    '%j is refused, in both languages',
    async (q) => {
      const { status, body } = await ask(q);
      expect([status, body.parameter]).toEqual([400, 'q']);
      expect(body.details.vi).toContain('cụm từ');
      expect(body.details.en).toContain('terms');
    },
  );

  it('is given once', async () => {
    expect((await ask('a', '&q=b')).status).toBe(400);
  });
});
