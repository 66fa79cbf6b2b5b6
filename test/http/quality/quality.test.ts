/** The page of quality: not assessed, a run as a job, scores by unit, findings as a layer. */
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import type { QualityDocument, ScoredRule } from '../../../src/http/quality/quality-shapes.ts';
import { describeEngines } from '../../engine.ts';
import { readWorkbook } from '../../results/office.ts';
import { openApp, type TestApp } from '../app.ts';

const RULE = 'parcel-area';
const PLANTED = 900_020;

describeEngines('/quality', (engine) => {
  let server: TestApp;
  beforeAll(async () => {
    server = await openApp(engine.db);
  });
  afterAll(() => server?.close());

  const get = (path: string) => request(server.app).get(path).set('accept-language', 'en');
  const read = async (path = '/quality') => (await get(path).expect(200)).body as QualityDocument;
  const check = (...rules: string[]) =>
    request(server.app).post('/processes/quality-check/execution').send({ inputs: { rules } });
  const ruleOf = ({ databases }: QualityDocument, id: string) =>
    databases
      .flatMap(({ fields }) => fields.flatMap(({ criteria }) => criteria.flatMap(({ rules }) => rules)))
      .find(({ rule }) => rule === id) as ScoredRule;

  it('assesses nothing before the first run', async () => {
    const document = await read();
    expect(document).toMatchObject({ unit: null, score: null, colour: null, units: [] });
    expect(ruleOf(document, RULE)).toMatchObject({ records: 0, score: null, checkedAt: null, isCurrent: false });
    expect((await get('/quality?f=html&lang=vi').buffer(true)).text).toContain('chưa đánh giá');
  });

  it('has scores after a job, by unit, and the findings are a layer', async () => {
    const [parcel] = await engine.db.query<{ code: string }>(sql`
      INSERT INTO land.parcel (id, unit_code, unit_valid_from, sheet, number, main_use, legal_area_m2, geom)
      SELECT ${PLANTED}::int, unit_code, unit_valid_from, '999', 1, main_use, 10 * measured_area_m2, geom FROM land.parcel
      WHERE measured_area_m2 > 100 ORDER BY id LIMIT 1 RETURNING unit_code AS code`);
    const run = (await check(RULE).expect(200)).body.rules ?? (await check(RULE)).body;
    const document = await read();
    const rule = ruleOf(document, RULE);
    const [count] = await engine.db.query<{ assessed: number; failing: number }>(sql`
      SELECT count(*) AS assessed, count(*) FILTER (WHERE abs(legal_area_m2 - measured_area_m2) > 0.05 * measured_area_m2) AS failing
      FROM land.parcel WHERE legal_area_m2 IS NOT NULL`);
    expect(run).toMatchObject([{ rule: RULE, records: count?.assessed, found: count?.failing }]);
    expect(rule).toMatchObject({ records: count?.assessed, failing: count?.failing, isCurrent: true });
    expect(rule.score).toBe(Math.floor((1000 * (rule.records - rule.failing)) / rule.records) / 10);
    const items = (await get(new URL(rule.items).pathname + new URL(rule.items).search).expect(200)).body;
    expect(items.numberMatched).toBe(count?.failing);
    const own = await read(`/quality?unit=${parcel?.code}`);
    const inUnit = ruleOf(own, RULE);
    expect(own.unit).toMatchObject({ code: parcel?.code });
    expect(inUnit.failing).toBeGreaterThan(0);
    expect(inUnit.records).toBeLessThan(rule.records);
    expect(document.units.reduce((sum, { findings }) => sum + findings, 0)).toBe(rule.findings);
    expect(document.findings).toBe(rule.findings);
    const listed = (await get(new URL(inUnit.items).pathname + new URL(inUnit.items).search).expect(200)).body;
    const planted = listed.features.find(
      ({ properties }: { properties: { key: string } }) => properties.key === String(PLANTED),
    );
    expect(planted).toMatchObject({
      geometry: { type: 'MultiPolygon' },
      properties: { rule: RULE, layer: 'land.parcel', severity: 'warning' },
    });
    expect(planted.properties).not.toHaveProperty('acknowledged_by');
  });

  it('closes a finding that was mended, and keeps it in the layer', async () => {
    const of = (filter: string) =>
      get(`/collections/quality.finding/items?${new URLSearchParams({ filter: `key='${PLANTED}' AND ${filter}` })}`);
    expect((await of('closed_at IS NULL')).body.numberMatched).toBe(1);
    await engine.db.query(sql`UPDATE land.parcel SET legal_area_m2 = measured_area_m2 WHERE id = ${PLANTED}::int`);
    await check(RULE).expect(200);
    expect((await of('closed_at IS NULL')).body.numberMatched).toBe(0);
    expect((await of('closed_at IS NOT NULL')).body.numberMatched).toBe(1);
  });

  it('is a page and a CSV file, in both languages', async () => {
    const page = (await get('/quality?f=html&lang=vi').buffer(true).expect(200)).text;
    expect(page).toContain('Diện tích pháp lý khác diện tích đo đạc');
    expect(page).toContain('Mục tiêu của cơ quan: 80%.');
    const csv = (await get('/quality?f=csv&lang=vi').buffer(true).expect(200)).text;
    expect(csv).toMatch(/^\ufeffCơ sở dữ liệu,Lớp,Tiêu chí,Quy tắc,/);
    const line = csv.split('\r\n').find((each) => each.includes(RULE)) ?? '';
    expect(line).toMatch(/^Đất đai,land\.parcel,Thống nhất,parcel-area,.*,\d+,\d+,\d+,0,\d+(\.\d)?,,$/);
    // A rule that has not run has no score, and says why.
    expect(csv).toMatch(/parcel-overlap,.*,0,0,0,0,,,quy tắc chưa chạy\r\n/);
    expect(csv).toMatch(/parcel-cover,.*,0,0,0,0,,m²,quy tắc chưa chạy\r\n/);
  });

  it('leads from the province to a finding in three clicks, and from there to the map', async () => {
    await engine.db.query(sql`UPDATE land.parcel SET legal_area_m2 = 10 * measured_area_m2 WHERE id = ${PLANTED}::int`);
    await check(RULE).expect(200);
    const click = async (page: string, text: string) => {
      const links = [...page.matchAll(/<a href="([^"]+)"[^>]*>([^<]*)<\/a>/g)].map(([, href = '', name = '']) => [
        href.replaceAll('&amp;', '&'),
        name,
      ]);
      const [href = ''] = links.find(([, name]) => name === text) ?? [];
      const { pathname, search } = new URL(href);
      return (
        await get(pathname + search)
          .buffer(true)
          .expect(200)
      ).text;
    };
    const province = (await get('/quality?f=html&lang=vi').buffer(true)).text;
    const document = await read();
    const worst = document.units
      .toSorted((a, b) => Number(a.score) - Number(b.score))
      .find(({ findings }) => findings > 0);
    const unit = await click(province, String(worst?.name));
    expect(unit).toContain(`Chất lượng dữ liệu: ${worst?.name}`);
    const rule = await click(unit, 'Diện tích pháp lý khác diện tích đo đạc');
    expect(rule).toContain('Xem trên bản đồ');
    expect(rule).toContain('acknowledged_reason');
    const [finding] = (await read(`/quality?rule=${RULE}&unit=${worst?.code}`)).rule?.listed ?? [];
    expect(rule).toContain(`/map#lang=vi&amp;theme=quality&amp;pick=quality.finding/${finding?.id}"`);
    const item = await get(new URL(String(finding?.item)).pathname).expect(200);
    expect(item.body.properties).toMatchObject({ rule: RULE, key: finding?.key });
  });

  it('shows a map of the communes in the colours of their scores, grey where none was assessed', async () => {
    const page = (await get('/quality?f=html&lang=vi').buffer(true)).text;
    const [row] = await engine.db.query<{ count: number }>(
      sql`SELECT count(*) AS count FROM base.unit WHERE level = 'commune' AND valid_to IS NULL AND geom IS NOT NULL`,
    );
    const drawn = [
      ...page.matchAll(
        /<a href="[^"]+" aria-label="([^"]+)"><title>[^<]+<\/title><g class="(\w+)"><path fill-rule="evenodd" d="M/g,
      ),
    ];
    expect(drawn).toHaveLength(Number(row?.count));
    const { units } = await read();
    for (const [, title, kind] of drawn) {
      const unit = units.find(({ name }) => title?.startsWith(`${name}: `));
      const expected =
        !unit || unit.score === null
          ? 'unknown'
          : unit.score < 75
            ? 'low'
            : unit.score < 80
              ? 'near'
              : unit.score < 90
                ? 'reached'
                : 'high';
      expect([title, kind]).toEqual([title, expected]);
    }
    expect(drawn.filter(([, , kind]) => kind === 'unknown').length).toBeGreaterThan(20);
    expect(page).toContain(': chưa đánh giá"');
  });

  it('ranks what to mend first, with its place', async () => {
    const { mending, units } = await read();
    expect(mending.map(({ rule }) => rule)).toEqual([RULE]);
    const [first] = mending;
    const most = units.reduce((a, b) => (b.findings > a.findings ? b : a));
    expect(first).toMatchObject({ most: { name: most.name, findings: most.findings } });
    const rule = ruleOf(await read(), RULE);
    // The only assessed rule: all of the score is its.
    expect(first?.points).toBeCloseTo((100 * rule.failing) / rule.records, 10);
    expect(first?.pointsEach).toBeCloseTo(100 / rule.records, 10);
  });

  it('draws the trend from the second day on, with the days left', async () => {
    expect((await get('/quality?f=html&lang=vi').buffer(true)).text).toContain(
      'Chưa đủ số liệu để ước tính ngày sửa xong',
    );
    const { findings } = await read();
    await engine.db.query(sql`INSERT INTO quality.snapshot (day, score, findings)
      SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - days, 79.94, ${findings}::bigint + days FROM unnest(ARRAY[10, 5]) AS days`);
    const { trend } = await read();
    expect(trend).toMatchObject({ state: 'measured', daysLeft: findings });
    expect(trend.snapshots.map(({ score }) => score).slice(0, 2)).toEqual([79.9, 79.9]);
    const page = (await get('/quality?f=html&lang=vi').buffer(true)).text;
    expect(page).toContain('<svg class="chart"');
    expect(page).toContain(`sửa hết lỗi sau khoảng ${findings} ngày nữa`);
  });

  it('is a workbook of all that the page shows', async () => {
    const sheetsOf = async (path: string) => {
      const reply = await get(path).responseType('blob').expect(200);
      expect(reply.headers['content-type']).toContain('spreadsheetml');
      return readWorkbook(new Uint8Array(reply.body));
    };
    const sheets = await sheetsOf('/quality?f=xlsx&lang=vi');
    expect(sheets.map(({ name }) => name)).toEqual([
      'Điểm theo quy tắc',
      'Theo phường, xã',
      'Nên sửa trước',
      'Diễn biến',
      'Ghi chú',
    ]);
    const document = await read();
    const rule = ruleOf(document, RULE);
    const line = sheets[0]?.rows.find(({ D }) => D === RULE);
    expect(line).toMatchObject({ A: 'Đất đai', C: 'Thống nhất', G: rule.records, H: rule.failing, K: rule.score });
    expect(sheets[0]?.rows.find(({ D }) => D === 'parcel-cover')).toMatchObject({ L: 'm²', M: 'quy tắc chưa chạy' });
    expect(sheets[1]?.rows).toHaveLength(1 + document.units.length);
    const listed = (await sheetsOf(`/quality?f=xlsx&lang=vi&rule=${RULE}`)).find(({ name }) => name === 'Lỗi');
    expect(listed?.rows).toHaveLength(1 + Math.min(100, rule.findings));
    expect(listed?.rows[1]?.A).toMatch(/^Thửa \d+, tờ \d+: diện tích pháp lý/);
  });

  it('refuses what it does not know, and says what there is', async () => {
    const unit = await get('/quality?unit=12345').expect(400);
    expect(unit.body.detail).toContain('no commune "12345"');
    const named = await read('/quality?unit=phu%20loi');
    expect(named).toMatchObject({ unit: { name: 'Phường Phú Lợi' }, units: [] });
    const wrong = await check('parcel-colour').expect(400);
    expect(wrong.body.detail).toContain(RULE);
    const rule = await get('/quality?rule=parcel-colour').expect(400);
    expect(rule.body.detail).toContain(`no rule "parcel-colour". There are: `);
    await get('/quality?f=pdf').expect(400);
    await get('/quality?unit=').expect(400);
  });
});
