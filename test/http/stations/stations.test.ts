import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';

/** Hours before the present one, with PM2.5 at 80 µg/m³ in the last 30 and at 20 before. */
const VALUES = `INSERT INTO environment.observation (station_id, parameter, observed_at, value)
  SELECT 9101, 'PM2.5', date_trunc('hour', now()) - back * interval '1 hour', CASE WHEN back < 30 THEN 80 ELSE 20 END
  FROM generate_series(0, 99) AS back WHERE back <> 50`;

describeEngines('stations', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script(`INSERT INTO environment.station (id, code, name, kind, geom) OVERRIDING SYSTEM VALUE VALUES
      (9101, 'KK 1/a', 'Trạm thử', 'air', 'SRID=9210;POINT(600000 1230000)'),
      (9102, '9101', 'Trạm mã số', 'noise', 'SRID=9210;POINT(600000 1230000)'); ${VALUES}`);
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  const ask = (path: string, query: Record<string, string> = {}) => request(test.app).get(path).query(query);
  const hour = (back: number) => new Date(Math.floor(Date.now() / 3_600_000 - back) * 3_600_000).toISOString();

  it('tell in one answer what a card shows', async () => {
    const { body } = await ask('/stations/9101').expect(200);
    expect(body).toMatchObject({ type: 'Feature', id: 9101, geometry: { type: 'Point' } });
    const { assessment, aqi, parameters, isStale } = body.properties;
    expect(isStale).toBe(false);
    // 24 hours of 80 and 20 are over 45 from the 11th hour of 80 on.
    expect(assessment).toMatchObject({ state: 'exceeded', exceeded: ['PM2.5'], since: hour(19) });
    expect(aqi.hourly).toMatchObject({ of: hour(0), index: 150, parameter: 'PM2.5', class: { vi: 'Kém' } });
    expect(parameters[0]).toMatchObject({ code: 'PM2.5', value: 80, state: 'exceeded', since: hour(19) });
    expect(parameters[0].limits[0]).toMatchObject({ averaging: '24h', maximum: 45, value: 80, hours: 24, ofHours: 24 });
    const series = await request(test.app).get(
      new URL(parameters[0].series).pathname + new URL(parameters[0].series).search,
    );
    expect(series.body).toMatchObject({ average: '24h', parameter: { code: 'PM2.5' }, states: { exceeded: 20 } });
  });

  const time = (iso: string | null) => (iso === null ? null : Date.parse(iso));

  it('are the same in the layer, in their own answer and at the end of their series', async () => {
    const { body } = await ask('/collections/environment.station_status/items', {
      limit: '1000',
      filter: "code LIKE 'K%'",
    });
    expect(body.features.length).toBeGreaterThan(15);
    for (const { id, properties } of body.features) {
      const { assessment, observedAt, aqi, isStale, parameters } = (await ask(`/stations/${id}`)).body.properties;
      expect([
        assessment.state,
        assessment.reason,
        time(assessment.since),
        time(observedAt),
        isStale,
        aqi.hourly?.index ?? null,
      ]).toEqual([
        properties.assessment,
        properties.reason,
        time(properties.since),
        time(properties.observed_at),
        properties.is_stale,
        properties.aqi,
      ]);
      expect(assessment.exceeded.join(', ')).toBe(properties.exceeded ?? '');
      for (const { code, limits } of parameters.slice(0, 1)) {
        for (const limit of limits.filter(({ reason }: { reason: string | null }) => reason === null)) {
          const series = await ask(`/stations/${id}/series`, { parameter: code, average: limit.averaging });
          expect(series.body.values.at(-1)).toMatchObject({ at: limit.at, value: limit.value, state: limit.state });
        }
      }
    }
  });

  it('are found by id first, and by code', async () => {
    expect((await ask('/stations/9102')).body.id).toBe(9102);
    expect((await ask('/stations/9101')).body.id).toBe(9101);
    expect((await ask(`/stations/${encodeURIComponent('KK 1/a')}`)).body.id).toBe(9101);
    const none = await ask('/stations/KK999').expect(404);
    expect(none.body.details.en).toContain('There is no station "KK999"');
  });

  it('give their values as JSON, as CSV for Excel and as a page with a chart', async () => {
    const query = { parameter: 'pm2,5', from: hour(59), average: '1h' };
    const { body } = await ask('/stations/9101/series', query).expect(200);
    expect(body.values).toHaveLength(60);
    expect(body.values[9]).toMatchObject({ at: hour(50), value: null, hours: 0, state: 'not_assessed' });
    expect(body.values[59]).toMatchObject({ at: hour(0), value: 80, hours: 1, maximum: null, state: 'not_assessed' });
    const csv = await ask('/stations/9101/series', { ...query, average: '24h', f: 'csv', lang: 'vi' }).expect(200);
    const [head, first] = csv.text.split('\r\n');
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(head).toBe(
      '\ufeffThời điểm kết thúc (giờ Việt Nam),"PM2.5 (µg/m³), trung bình 24 giờ",Số giờ có số liệu,Giới hạn dưới,Giới hạn trên,Đánh giá',
    );
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00\+07:00,20,24,,45,Trong giới hạn$/);
    const page = await ask('/stations/9101/series', { ...query, average: '24h', f: 'html' }).expect(200);
    expect(page.text).toContain('<svg class="chart"');
    expect(page.text).toContain('Vượt giới hạn');
    expect(page.text).not.toContain('<script');
  });

  it('refuse what they cannot answer, and say what would be right', async () => {
    const wrong: readonly (readonly [Record<string, string>, string])[] = [
      [{}, 'Parameter "parameter" must be given'],
      [{ parameter: 'O3' }, 'Station KK 1/a does not measure "O3". It measures: PM2.5.'],
      [{ parameter: 'PM2.5', average: '2h' }, 'one of: 1h, 8h, 24h'],
      [{ parameter: 'PM2.5', from: '2026-02-30' }, 'a day "2026-01-31"'],
      [{ parameter: 'PM2.5', from: '0001-01-01' }, 'from 1976 to 2199'],
      [{ parameter: 'PM2.5', to: '9999-12-31T23:59:59Z' }, 'from 1976 to 2199'],
      [{ parameter: 'PM2.5', from: '2026-02-02', to: '2026-02-01' }, 'at least one hour'],
      [{ parameter: 'PM2.5', from: '2026-01-01', to: '2026-12-31' }, 'at most 92 days'],
      [{ parameter: 'PM2.5', f: 'xml' }, 'one of: json, html, csv'],
    ];
    for (const [query, words] of wrong) {
      const { status, body } = await ask('/stations/9101/series', query);
      expect([status, body.details?.en], JSON.stringify(query)).toEqual([400, expect.stringContaining(words)]);
    }
    const silent = await ask('/stations/9102/series', { parameter: 'LAeq' }).expect(400);
    expect(silent.body.details.en).toBe('Station 9101 has no values yet.');
  });

  it('take a day as that of VN_AQI: 24 hours from 01:00 to 00:00', async () => {
    const { body } = await ask('/stations/9101/series', { parameter: 'PM2.5', from: '2026-03-01', to: '2026-03-01' });
    expect([body.values.length, body.from, body.to]).toEqual([
      24,
      '2026-02-28T18:00:00.000Z',
      '2026-03-01T17:00:00.000Z',
    ]);
  });
});
