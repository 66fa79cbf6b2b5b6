/** A key for one commune, as an intruder would use it. */
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discover } from '../../../src/catalog/discover.ts';
import type { Layer } from '../../../src/catalog/layer.ts';
import { relation } from '../../../src/catalog/relation.ts';
import { sql } from '../../../src/database/sql.ts';
import { describeBareEngines } from '../../engine.ts';
import { decodeTile } from '../../tiles/decode.ts';
import { openApp, type TestApp } from '../app.ts';
import { bytesOf } from '../features/file-bytes.ts';
import { TILE, transaction } from './decisions.ts';
import { audited, giveKey, known, RESTRICTED_TABLES, SECOND_UNIT } from './keys.ts';

const SECRET = '/collections/odd.secret/items';
const OPEN = '/collections/odd.open/items';

describeBareEngines('a key for one commune', (engine) => {
  let test: TestApp;
  let key: string;
  let id: string;

  beforeAll(async () => {
    await engine.db.script(`${RESTRICTED_TABLES}
      CREATE TABLE odd.no_unit (id int PRIMARY KEY, name text, geom geometry(Point, 9210));
      INSERT INTO odd.no_unit VALUES (1, 'zebrafinch', ST_SetSRID(ST_Point(600000, 1220000), 9210));
      CREATE TABLE odd.no_key (unit_code text, unit_valid_from date, name text, geom geometry(Point, 9210));
      INSERT INTO odd.no_key SELECT unit_code, unit_valid_from, name, geom FROM odd.secret;
      INSERT INTO access.restricted_layer VALUES ('odd.no_unit', 'a test'), ('odd.no_key', 'a test')`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd', DIABA_EDITING: 'keys' });
    ({ text: key, id } = await giveKey(engine.db, {
      databases: ['odd'],
      units: SECOND_UNIT,
      operations: ['read', 'edit'],
      purpose: 'kiểm kê',
    }));
    await known(test);
  });
  afterAll(() => test?.close());

  const ask = (method: 'get' | 'post' | 'patch' | 'put' | 'delete', path: string) =>
    request(test.app)[method](path).set({ 'accept-language': 'en', 'x-api-key': key });

  it('sees its rows, and no count, page, extent or sort of others', async () => {
    for (const path of [SECRET, OPEN, '/collections/odd.no_key/items']) {
      const { body } = await ask('get', path);
      expect([body.numberMatched, body.features.length]).toEqual([1, 1]);
      expect(body.features[0].properties.unit_code).toBe('22222');
    }
    expect((await ask('get', OPEN)).body.features[0].properties.cccd).toBe('kingfisher');
    expect((await ask('get', '/collections/odd.no_unit/items')).status).toBe(404);
    const empty = [
      'id=1',
      "unit_code='11111'",
      "name LIKE 'zebra%'",
      'S_INTERSECTS(geometry, BBOX(106.65, 11.02, 106.669, 11.039))',
    ];
    for (const filter of empty) {
      const { status, body } = await ask('get', `${SECRET}?filter=${encodeURIComponent(filter)}`);
      expect([filter, status, body.numberMatched]).toEqual([filter, 200, 0]);
    }
    expect((await ask('get', `${SECRET}/1`)).status).toBe(404);
    expect((await ask('get', `${SECRET}/2`)).body.properties.name).toBe('nighthawk');
    const { extent } = (await ask('get', '/collections/odd.secret')).body;
    const [own] = await engine.db.query<{ x: number }>(
      sql`SELECT ST_X(ST_Transform(geom, 4326)) AS x FROM odd.secret WHERE id = 2`,
    );
    expect(extent.spatial.bbox[0][0]).toBeCloseTo(own?.x as number, 4);
    for (const f of ['csv', 'kml', 'xlsx']) {
      const file = await bytesOf(ask('get', `${SECRET}?f=${f}`));
      expect([f, file.status, String(file.body).includes('zebrafinch')]).toEqual([f, 200, false]);
    }
    const wfs = await ask('get', '/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=diaba:odd.secret');
    expect(wfs.text).toContain('numberMatched="1"');
    expect(
      (await ask('get', '/wfs?service=WFS&version=2.0.0&request=GetFeature&resourceId=odd.secret.1')).text,
    ).not.toContain('zebra');
  });

  it('pages of two classes never meet', async () => {
    const all = await giveKey(engine.db, { databases: ['odd'] });
    await known(test);
    const page = '/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=diaba:odd.secret&count=1&startIndex=';
    expect((await request(test.app).get(`${page}0`).set('x-api-key', all.text)).text).toContain('zebrafinch');
    expect((await ask('get', `${page}0`)).text).toContain('nighthawk');
    expect((await request(test.app).get(`${page}1`).set('x-api-key', all.text)).text).toContain('nighthawk');
    expect((await ask('get', `${page}1`)).text).not.toContain('nighthawk');
  });

  it('gets tiles of its rows, without personal columns, and others get theirs', async () => {
    const { z, x, y } = TILE;
    const path = `/xyz/odd.open/${z}/${x}/${y}.mvt`;
    const tileFor = async (headers: Record<string, string>) => {
      const { body } = await bytesOf(
        request(test.app)
          .get(path)
          .set({ 'accept-encoding': 'identity', ...headers }),
      );
      return decodeTile(body)['odd.open']?.map(({ properties }) => properties) ?? [];
    };
    await test.services.derivation.idle();
    for (let round = 0; round < 2; round++) {
      const open = await tileFor({});
      expect(open.map((row) => [row.unit_code, row.cccd])).toEqual([
        ['11111', undefined],
        ['22222', undefined],
      ]);
      const own = await tileFor({ 'x-api-key': key });
      expect(own.map((row) => [row.unit_code, row.cccd])).toEqual([['22222', undefined]]);
    }
  });

  it('reads by the spatial index, as if it saw all', async () => {
    await engine.db.script(`INSERT INTO odd.secret SELECT 1000 + i, '33333', '2025-07-01', 'x',
        ST_SetSRID(ST_Point(500000 + i * 10, 1200000), 9210) FROM generate_series(1, 20000) AS i;
      CREATE INDEX secret_geom ON odd.secret USING gist (geom); ANALYZE odd.secret`);
    const [layer] = (await discover(engine.db, ['odd'])).layers.values();
    const secret = { ...(layer as Layer), table: 'secret', units: [{ code: '33333', validFrom: '2025-07-01' }] };
    const { text, values } = sql`EXPLAIN SELECT count(*) FROM ${relation(secret)}
      WHERE geom && ST_MakeEnvelope(500000, 1199999, 500500, 1200001, 9210)`;
    const plan = (await engine.db.query<{ 'QUERY PLAN': string }>({ text, values }))
      .map((row) => row['QUERY PLAN'])
      .join();
    expect(plan).toMatch(/Index.* secret_geom/);
    expect(plan).not.toMatch(/Seq Scan on secret/);
    await engine.db.query(sql`DELETE FROM odd.secret WHERE id > 1000`);
  });

  it('edits its rows only, and moves none elsewhere', async () => {
    const feature = (properties: object) => ({ type: 'Feature', geometry: null, properties });
    const own = { unit_code: '22222', unit_valid_from: '2025-07-01' };
    const other = { unit_code: '11111', unit_valid_from: '2025-07-01' };
    const cases: ['post' | 'patch' | 'put' | 'delete', string, object | undefined, number][] = [
      ['post', SECRET, feature({ id: 5, ...other }), 403],
      ['post', SECRET, feature({ id: 5 }), 403],
      ['post', SECRET, feature({ id: 5, ...own }), 201],
      ['patch', `${SECRET}/1`, { properties: { name: 'x' } }, 404],
      ['put', `${SECRET}/1`, feature(own), 404],
      ['delete', `${SECRET}/1`, undefined, 404],
      ['patch', `${SECRET}/2`, { properties: { name: 'osprey' } }, 200],
      ['patch', `${SECRET}/2`, { properties: { unit_code: '11111' } }, 403],
      ['put', `${SECRET}/2`, feature({ name: 'y' }), 403],
      ['patch', `${OPEN}/1`, { properties: { cccd: 'x' } }, 403],
      ['delete', `${OPEN}/1`, undefined, 403],
      ['post', '/collections/odd.no_unit/items', feature({ id: 7 }), 404],
      ['delete', `${SECRET}/5`, undefined, 204],
    ];
    const before = (await audited(engine.db)).length;
    for (const [method, path, body, expected] of cases) {
      const { status, text } = await ask(method, path).send(body);
      expect([method, path, status, status === expected ? '' : text]).toEqual([method, path, expected, '']);
    }
    for (const [layer, feature] of [
      ['odd.secret', 1],
      ['odd.open', 1],
    ]) {
      const sent = transaction(String(layer)).replace(`${layer}.9`, `${layer}.${feature}`);
      await ask('post', '/wfs').set('content-type', 'text/xml').send(sent);
    }
    const rows = await engine.db.query(sql`SELECT id, unit_code, name FROM odd.secret ORDER BY id`);
    expect(rows).toEqual([
      { id: 1, unit_code: '11111', name: 'zebrafinch' },
      { id: 2, unit_code: '22222', name: 'osprey' },
    ]);
    expect(await engine.db.query(sql`SELECT id FROM odd.open ORDER BY id`)).toEqual([{ id: 1 }, { id: 2 }]);
    expect((await audited(engine.db)).slice(before)).toMatchObject([
      {
        key_id: id,
        action: 'create',
        layer: 'odd.secret',
        feature: '5',
        purpose: 'kiểm kê',
        request: `POST ${SECRET}`,
      },
      { action: 'change', feature: '2', request: `PATCH ${SECRET}/2` },
      { action: 'delete', feature: '5' },
    ]);
  });
});

describeBareEngines('a hidden column', (engine) => {
  let test: TestApp;

  beforeAll(async () => {
    await engine.db.script(RESTRICTED_TABLES);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
  });
  afterAll(() => test?.close());

  it('is to the public as one that is not there', async () => {
    const paths = [
      "items?filter=COLUMN='kingfisher'",
      'items?filter=COLUMN IS NULL OR id=1',
      'items?COLUMN=kingfisher',
      'items?sortby=COLUMN',
      'items?properties=COLUMN',
      'items?f=csv&properties=COLUMN',
      'items?filter-lang=cql2-json&filter={"op":"isNull","args":[{"property":"COLUMN"}]}',
    ].map((path) => `/collections/odd.open/${path}`);
    const wfs = '/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=diaba:odd.open';
    const tiles = ['?filter=COLUMN IS NULL', '?properties=COLUMN'].map((query) => `/xyz/odd.open/0/0/0.mvt${query}`);
    for (const path of [...paths, ...tiles, `${wfs}&propertyName=COLUMN`, `${wfs}&sortBy=COLUMN`]) {
      const [hidden, missing] = await Promise.all(
        ['cccd', 'nope'].map(async (column) => {
          const answer = await request(test.app).get(encodeURI(path.replaceAll('COLUMN', column)));
          return [answer.status, answer.text.replaceAll(column, 'COLUMN')];
        }),
      );
      expect([path, hidden]).toEqual([path, missing]);
      expect(missing?.[0]).toBe(400);
    }
    for (const path of ['', '/queryables', '/sortables', '/schema', '/items?q=kingfisher', '/items?f=html'])
      expect(
        (await request(test.app).get(`/collections/odd.open${path}`)).text.replaceAll('q=kingfisher', ''),
      ).not.toMatch(/cccd|"kingfisher/);
  });

  it('the record only grows', async () => {
    await engine.db.query(
      sql`INSERT INTO access.audit (action, layer, request, request_id) VALUES ('read', 'a.b', 'GET /', '1')`,
    );
    for (const change of ['UPDATE access.audit SET layer = NULL', 'DELETE FROM access.audit', 'TRUNCATE access.audit'])
      await expect(engine.db.script(change)).rejects.toThrow(/only ever added/);
  });

  it('a read that cannot be recorded is not answered', async () => {
    const { text } = await giveKey(engine.db, { layers: ['odd.secret'] });
    await known(test);
    await engine.db.script('ALTER TABLE access.audit RENAME TO lost');
    const { status, body } = await request(test.app).get('/collections/odd.secret/items').set('x-api-key', text);
    await engine.db.script('ALTER TABLE access.lost RENAME TO audit');
    expect([status, JSON.stringify(body).includes('zebra')]).toEqual([500, false]);
  });
});
