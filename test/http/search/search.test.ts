import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';

describeEngines('search', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
  });
  afterAll(() => test.close());

  const ask = async (q: string, more: Record<string, string> = {}) =>
    (
      await request(test.app)
        .get('/search')
        .query({ q, ...more })
        .expect(200)
    ).body;

  it('links each hit to its features, which are those that the ids say', async () => {
    await engine.db.script(`INSERT INTO base.road (name, kind, geom)
      SELECT 'Hai Khúc Thử', 'local', ST_Multi(ST_MakeLine(p, ST_Translate(p, 5, step))) FROM generate_series(1, 2) AS step,
        (SELECT ST_PointOnSurface(geom) AS p FROM base.unit WHERE code = '25750' AND valid_to IS NULL) AS unit`);
    const road = (await ask('đường hai khúc thử, P. Phú Lợi')).hits[0];
    expect(road).toMatchObject({ type: 'road', subtitle: { vi: 'Đường nội bộ · Phường Phú Lợi' } });
    expect(road.ids).toHaveLength(2);
    const { pathname, search } = new URL(road.href);
    const { body } = await request(test.app)
      .get(pathname + search)
      .expect(200);
    const ids = body.features.map(({ id }: { id: number }) => String(id));
    expect(ids.sort()).toEqual([...road.ids].sort());
    const unit = (await ask('phường Phú Lợi')).hits[0];
    const link = new URL(unit.href);
    expect((await request(test.app).get(link.pathname).expect(200)).body.properties.code).toBe('25750');
  });

  it('gives a road once a unit, and every hit once over all pages', async () => {
    const whole = await ask('phú', { limit: '100', types: 'unit,road' });
    const seen: string[] = [];
    for (let url: string | undefined = '/search?q=ph%C3%BA&types=unit,road&limit=7'; url; ) {
      const { body }: request.Response = await request(test.app).get(url).expect(200);
      seen.push(
        ...body.hits.map(({ ids, subtitle }: { ids: string[]; subtitle: { vi: string } }) => `${ids} ${subtitle.vi}`),
      );
      const next: URL | undefined = body.next && new URL(body.next);
      url = next && next.pathname + next.search;
      expect(body.numberMatched).toBe(whole.numberMatched);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(whole.numberMatched);
  });

  it('tells what became of a parcel that was split, with links to its successors', async () => {
    await engine.db.script(`
      INSERT INTO land.parcel_lineage (parent_id, child_id, event, happened_on, parent_unit_code, parent_unit_valid_from, parent_sheet, parent_number)
      SELECT 8000000001, id, 'split', date '2022-01-18', '25744', date '2004-01-01', '927', 280 FROM land.parcel WHERE id IN (1, 2)
      UNION ALL SELECT 8000000003, 8000000001, 'merge', date '2015-05-06', '25744', date '2004-01-01', '926', 11
      UNION ALL SELECT 8000000004, 8000000001, 'merge', date '2015-05-06', '25744', date '2004-01-01', '926', 12`);
    const split = await ask('tờ 927 thửa 280 phường Phú Lợi');
    expect(split.hits.map(({ ids }: { ids: string[] }) => ids[0])).toEqual(['1', '2']);
    expect(split.message.vi).toMatch(
      /^Tờ 927 thửa 280 \(Phường Phú Lợi\) đã tách ngày 18\/01\/2022 thành thửa \d+, \d+ \(tờ \d+\)\.$/,
    );
    expect(split.successions[0].children[0].href).toMatch(/\/parcels\/[12]$/);
    const merged = await ask('tờ 926 thửa 11 phường Phú Lợi');
    expect(merged.hits).toHaveLength(2);
    expect(merged.message.vi).toContain('đã hợp với 926/12 ngày 06/05/2015 thành thửa 280 (tờ 927)');
    const { body } = await request(test.app).get('/parcels').query({ q: 'tờ 927 thửa 280 phường Phú Lợi' });
    expect(body.features.map(({ properties }: { properties: { matched: string } }) => properties.matched)).toEqual([
      'successor',
      'successor',
    ]);
  });

  it('measures a list of corners as PostGIS does, and says that it is not closed', async () => {
    const q =
      '1\t1215609.35\t601347.20\t20.00\n2\t1215609.35\t601367.20\t20.00\n3\t1215589.35\t601367.20\n4\t1215589.35\t601347.20';
    const { body } = await request(test.app).post('/search').send({ q }).expect(200);
    expect(body.polygon).toMatchObject({
      corners: 4,
      isClosed: false,
      order: 'north-east',
      areaM2: 400,
      perimeterM: 80,
      isValid: true,
    });
    const [{ area }] = (await engine.db.query<{
      area: number;
    }>(sql`SELECT coalesce(sum(ST_Area(ST_Intersection(geom, box))), 0) AS area
      FROM land.parcel, ST_MakeEnvelope(601347.20, 1215589.35, 601367.20, 1215609.35, 9210) AS box WHERE geom && box`)) as [
      { area: number },
    ];
    const sum = body.polygon.parcels.reduce((total: number, { areaM2 }: { areaM2: number }) => total + areaM2, 0);
    expect(Math.abs(sum - area)).toBeLessThan(0.05);
    const crossed = await ask('1215609 601347\n1215589 601367\n1215609 601367\n1215589 601347');
    expect(crossed.polygon).toMatchObject({ isValid: false, parcels: [] });
    expect(crossed.message.vi).toContain('cắt nhau');
    expect((await ask('1215609 601347\n1215589 601367')).message.vi).toContain('Cần ít nhất 3 góc');
  });

  it('shows both orders of a pair that fits both ways', async () => {
    const body = await ask('X=601347 Y=545609');
    expect(body.coordinates.map(({ order }: { order: string }) => order)).toEqual(['north-east']);
    const both = await ask('601347 545609');
    expect(both.coordinates).toHaveLength(2);
    expect(new URL(both.suggestions[0].href).searchParams.get('q')).toMatch(/^X=\d+ Y=\d+ EPSG:9210$/);
  });

  it('explains a miss, and suggests only what has a hit', async () => {
    const [known] = await engine.db.query<{
      sheet: string;
      name: string;
    }>(sql`SELECT p.sheet, u.full_name AS name FROM land.parcel p
      JOIN base.unit u ON (u.code, u.valid_from) = (p.unit_code, p.unit_valid_from) ORDER BY p.id LIMIT 1`);
    const miss = await ask(`tờ ${known?.sheet} thửa 99999 ${known?.name}`);
    expect(miss.hits).toEqual([]);
    for (const { q } of miss.suggestions) expect((await ask(q)).numberMatched, q).toBeGreaterThan(0);
    expect((await ask('zzzzqq')).notUnderstood).toEqual(['zzzzqq']);
    expect((await ask('ph')).message.vi).toContain('ít nhất 3');
  });

  it('neither searches nor shows names of holders', async () => {
    const body = await ask('Người sử dụng đất 000001');
    expect(body.hits.filter(({ title }: { title: { vi: string } }) => /Người sử dụng/.test(title.vi))).toEqual([]);
  });

  it('has a page with a search box, in either language', async () => {
    const { text } = await request(test.app)
      .get('/search')
      .query({ q: 'sông sài gonf', f: 'html', lang: 'en' })
      .expect(200);
    expect(text).toContain('value="sông sài gonf"');
    expect(text).toContain('Did you mean:');
    expect((await request(test.app).get('/search').query({ q: '"<b>', f: 'html' })).text).toContain(
      'value="&quot;&lt;b&gt;"',
    );
  });

  it.each([
    '/search',
    '/search?q=',
    '/search?q=%00',
    `/search?q=${'a'.repeat(8001)}`,
    '/search?q=a&types=owner',
    '/search?q=a&limit=0',
    '/search?q=a&limit=101',
    '/search?q=a&offset=-1',
    '/search?q=a&owner=x',
  ])('refuses %s with 400', async (path) => {
    const { status, body } = await request(test.app).get(path);
    expect([status, body.details?.vi.length > 0]).toEqual([400, true]);
  });

  it.each([{}, { q: 1 }, { q: '' }, { q: 'x'.repeat(40_001) }, { q: 'a', limit: 0 }, [], { q: 'a', holder: 'b' }])(
    'refuses the body %j with 400',
    async (body) => {
      const answer = await request(test.app).post('/search').send(body);
      expect([answer.status, answer.body.type]).toEqual([400, 'urn:diaba:problem:invalid-body']);
    },
  );

  it('answers any text, as text', async () => {
    const odd = [
      "'",
      "';--",
      ':*',
      "a' & b",
      '%',
      '_',
      '\\',
      '🙂🙂🙂',
      'tờ',
      'thửa',
      '0 0',
      'T0 T0',
      '(((((',
      '°°°',
      'x y',
      '1e309 2',
      '-1 -1',
      '999999999 1',
    ];
    const long = [
      'to 1 thua '.repeat(700),
      '1 '.repeat(3900),
      'phú lợi '.repeat(900),
      `${'9'.repeat(7000)} 1`,
      '106.1 '.repeat(1200),
    ];
    for (const q of odd) await request(test.app).get('/search').query({ q }).expect(200);
    for (const q of long) {
      // Node refuses a URL of more than 16 KB, such as one of 7200 letters with tone marks; a body may be longer.
      const { status } = await request(test.app).get('/search').query({ q });
      expect([q.slice(0, 30), status]).toEqual([q.slice(0, 30), encodeURIComponent(q).length > 16_000 ? 431 : 200]);
      const { body } = await request(test.app).post('/search').send({ q }).expect(200);
      expect(body).toMatchObject({ q: q.trim(), numberMatched: expect.any(Number) });
    }
  });
});
