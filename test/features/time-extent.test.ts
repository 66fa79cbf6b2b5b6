import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { raw } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

interface Dated {
  readonly properties: { readonly day?: string | null; readonly at?: string | null };
}

/** More rows than are read for the period. */
const MANY = 100_001;

describeEngines('when features are', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    const large = (name: string, index = '') => `
      CREATE TABLE odd.${name} (id integer PRIMARY KEY, at timestamptz, geom geometry(Point, 4326));
      INSERT INTO odd.${name} SELECT i, timestamptz '2025-01-01 00:00:00Z' + i * interval '1 second' FROM generate_series(1, ${MANY}) AS i;
      ${index}
      ANALYZE odd.${name};`;
    await engine.db.script(`
      CREATE SCHEMA odd;
      CREATE TABLE odd.day (id integer PRIMARY KEY, day date, geom geometry(Point, 4326));
      INSERT INTO odd.day VALUES (1, '2024-02-29'), (2, '2025-07-01'), (3, NULL);
      CREATE VIEW odd.shown AS SELECT * FROM odd.day WHERE id = 1;
      CREATE TABLE odd.instant (id integer PRIMARY KEY, at timestamptz, geom geometry(Point, 4326));
      INSERT INTO odd.instant VALUES (1, '2025-07-01 07:00:00.5+07'), (2, '2025-07-02 00:00:00+07');
      CREATE TABLE odd.local (id integer PRIMARY KEY, at timestamp, geom geometry(Point, 4326));
      INSERT INTO odd.local VALUES (1, '2025-07-01 07:00:00'), (2, 'infinity');
      CREATE TABLE odd.ancient (id integer PRIMARY KEY, at date, geom geometry(Point, 4326));
      INSERT INTO odd.ancient VALUES (1, '0043-03-15 BC'), (2, '12025-01-01');
      CREATE TABLE odd.hidden (id integer PRIMARY KEY, ngay_sinh date, geom geometry(Point, 4326));
      INSERT INTO odd.hidden VALUES (1, '1980-01-01');
      CREATE TABLE odd.nothing (id integer PRIMARY KEY, at date, geom geometry(Point, 4326));
      CREATE TABLE odd.timeless (id integer PRIMARY KEY, geom geometry(Point, 4326));
      INSERT INTO odd.timeless VALUES (1, ST_SetSRID(ST_Point(106, 11), 4326));
      ${large('indexed', 'CREATE INDEX ON odd.indexed (at);')}
      ${large('unindexed', 'CREATE INDEX ON odd.unindexed (at) WHERE id > 5; CREATE INDEX ON odd.unindexed (id, at);')}`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd', DIABA_EDITING: 'on' });
  });
  afterAll(() => test?.close());

  const collectionOf = async (name: string) =>
    (await request(test.app).get(`/collections/odd.${name}`).expect(200)).body;
  const intervalOf = async (name: string) => (await collectionOf(name)).extent?.temporal?.interval;

  it('is said of a layer, from the first of its days to the end of the last', async () => {
    expect((await collectionOf('day')).extent).toEqual({
      temporal: {
        interval: [['2024-02-29T00:00:00Z', '2025-07-01T23:59:59Z']],
        trs: 'http://www.opengis.net/def/uom/ISO-8601/0/Gregorian',
      },
    });
    expect(await intervalOf('shown')).toEqual([['2024-02-29T00:00:00Z', '2024-02-29T23:59:59Z']]);
    const { body } = await request(test.app).get('/collections').expect(200);
    const listed = body.collections.find(({ id }: { id: string }) => id === 'odd.day');
    expect(listed.extent.temporal.interval[0][0]).toBe('2024-02-29T00:00:00Z');
    const page = await request(test.app).get('/collections/odd.day?f=html&lang=en').expect(200);
    expect(page.text).toContain('2024-02-29T00:00:00Z – 2025-07-01T23:59:59Z');
  });

  it('is in UTC, and open where no end can be said', async () => {
    expect(await intervalOf('instant')).toEqual([['2025-07-01T00:00:00.5Z', '2025-07-01T17:00:00Z']]);
    expect(await intervalOf('local')).toEqual([['2025-07-01T07:00:00Z', null]]);
    expect(await intervalOf('ancient')).toEqual([[null, null]]);
  });

  it('finds every feature that has a time, asked for as an interval', async () => {
    for (const name of ['day', 'instant', 'local', 'ancient']) {
      const [[begin, end]] = await intervalOf(name);
      // An interval needs one closed end.
      const query = begin || end ? { datetime: `${begin ?? '..'}/${end ?? '..'}` } : {};
      const { body } = await request(test.app).get(`/collections/odd.${name}/items`).query(query);
      const found = body.features.filter(({ properties: { day, at } }: Dated) => typeof (day ?? at) === 'string');
      expect([name, found.length]).toEqual([name, 2]);
    }
  });

  it('is not said where there is none, and names no day of a person', async () => {
    for (const name of ['nothing', 'timeless', 'hidden'])
      expect([name, await intervalOf(name)]).toEqual([name, undefined]);
  });

  it('is read from an index of many rows, and open where they have none', async () => {
    expect(test.services.catalog.current().layers.get('odd.unindexed')?.rowEstimate).toBe(MANY);
    expect(await intervalOf('indexed')).toEqual([['2025-01-01T00:00:01Z', '2025-01-02T03:46:41Z']]);
    expect(await intervalOf('unindexed')).toEqual([[null, null]]);
  });

  it('is of the field that says when, where that is not the first', async () => {
    const province = await openApp(engine.db);
    try {
      const days = `min(surveyed_on)::text || 'T00:00:00Z' AS begin, max(surveyed_on)::text || 'T23:59:59Z' AS "end"`;
      const [row] = await engine.db.query<{ begin: string; end: string }>(raw(`SELECT ${days} FROM land.parcel`));
      const { body } = await request(province.app).get('/collections/land.parcel').expect(200);
      expect(body.extent.temporal.interval).toEqual([[row?.begin, row?.end]]);
    } finally {
      await province.close();
    }
  });

  it('moves with the features', async () => {
    const feature = { type: 'Feature', geometry: null, properties: { id: 9, day: '2030-01-01' } };
    await request(test.app)
      .post('/collections/odd.day/items')
      .set('content-type', 'application/geo+json')
      .send(JSON.stringify(feature))
      .expect(201);
    expect(await intervalOf('day')).toEqual([['2024-02-29T00:00:00Z', '2030-01-01T23:59:59Z']]);
    await engine.db.script('DELETE FROM odd.day WHERE id IN (1, 9)');
    expect(await intervalOf('day')).toEqual([['2025-07-01T00:00:00Z', '2025-07-01T23:59:59Z']]);
  });
});
