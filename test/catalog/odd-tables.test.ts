import { VectorTile } from '@mapbox/vector-tile';
import type { FeatureCollection } from 'geojson';
import { PbfReader } from 'pbf';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeBareEngines } from '../engine.ts';
import { filled } from '../filled.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { walkPages } from '../http/walk-pages.ts';
import { createOddTables } from './odd-tables.ts';

const ODD_NAME = 'odd.Thửa đất, "cũ" 100%/a.b?#{x} <b>';

describeBareEngines('odd tables', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await createOddTables(engine.db);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
  });
  afterAll(() => test?.close());

  const get = (path: string) => request(test.app).get(path).buffer();
  const itemsOf = (id: string) => `/collections/${encodeURIComponent(id)}/items`;
  const readItems = async (id: string, query = '') =>
    (await get(`${itemsOf(id)}?${query}`).expect(200)).body as FeatureCollection & { numberMatched: number };
  const layerIds = () => [...test.services.catalog.current().layers.keys()];

  const walk = (id: string) => walkPages(test.app, `${itemsOf(id)}?limit=2`);

  it('serves every one of them in every form', async () => {
    expect(layerIds().length).toBeGreaterThan(35);
    const failures: string[] = [];
    for (const id of layerIds()) {
      const name = encodeURIComponent(id);
      const paths = [
        '',
        '?f=html',
        '/items',
        '/items?f=html',
        '/items?f=geojson',
        '/items?f=geojsonseq',
        '/items?bbox=-180,-90,180,90',
        '/items?datetime=2020-01-01/..',
      ];
      for (const path of [
        ...paths.map((end) => `/collections/${name}${end}`),
        `/xyz/${name}/tilejson.json`,
        `/xyz/${name}/0/0/0.mvt`,
        `/xyz/${name}/16/52186/30730.mvt`,
      ]) {
        const { status } = await get(path);
        if (status !== 200 && status !== 204) failures.push(`${status} ${path}`);
      }
    }
    expect(failures).toEqual([]);
    await get('/collections').expect(200);
    await get('/?f=html').expect(200);
  }, 240_000);

  it('pages through each row once, and finds each again by its id', async () => {
    for (const id of filled(layerIds())) {
      const all = await readItems(id);
      const walked = await walk(id);
      expect(walked, id).toEqual(all.features);
      expect(all.numberMatched, id).toBe(walked.length);
      expect(new Set(walked.map((feature) => feature.id)).size, id).toBe(walked.length);
      for (const feature of walked) {
        const { body } = await get(`${itemsOf(id)}/${encodeURIComponent(String(feature.id))}`).expect(200);
        expect({ ...body, links: undefined }, id).toEqual({ ...feature, links: undefined });
      }
    }
  }, 240_000);

  it('says why it does not serve the others', () => {
    const { skipped } = test.services.catalog.current();
    expect(skipped.map(({ id }) => id).slice(0, 3)).toEqual(['odd.failing_view', 'odd.srid_mixed', 'odd.srid_zero']);
    expect(skipped[2]?.reason.en).toBe('column geom has no coordinate system (SRID 0); set it with UpdateGeometrySRID');
  });

  it('writes keys as ids', async () => {
    const ids = async (id: string) => (await readItems(id)).features.map((feature) => feature.id);
    expect(await ids('odd.composite_key')).toContain('a%3Ab:2025-07-01');
    expect((await ids('odd.text_key')).sort()).toEqual(
      ['"<q>"', '..', '?x=1&y', 'a b', 'a%2Fb', 'a/b', 'abcdefghijkl', 'đất'].sort(),
    );
    expect(await ids('odd.no_key')).toEqual(['0-1', '0-2', '0-3', '0-4', '0-5', '0-6', '0-7']);
    expect(await ids('odd.view_with_id')).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await ids('odd.bigint_key')).toEqual([
      -5,
      0,
      9007199254740991,
      '9007199254740992',
      '9007199254740993',
      '9223372036854775807',
    ]);
  });

  it('finds nothing under what cannot be a key', async () => {
    for (const path of [
      'odd.bigint_key/items/abc',
      'odd.bigint_key/items/99999999999999999999',
      'odd.uuid_key/items/x',
      'odd.no_key/items/1',
      'odd.no_key/items/9-9',
      'odd.view_without_id/items/1',
      'odd.composite_key/items/25747',
      'odd.text_key/items/abcdefghijklm',
      'odd.char_key/items/abcdef',
      'odd.domain/items/-1',
      'odd.text_key/items/%00',
    ]) {
      const { status, body } = await get(`/collections/${path}`);
      expect([path, status, typeof body.detail]).toEqual([path, path.endsWith('%00') ? 400 : 404, 'string']);
    }
  });

  it('writes every type of geometry as RFC 7946 has it', async () => {
    const mixed = await readItems('odd.mixed');
    expect(mixed.features.map(({ geometry }) => geometry?.type ?? null)).toEqual([
      'Point',
      'LineString',
      'Polygon',
      'MultiPoint',
      null,
      null,
      'GeometryCollection',
      null,
    ]);
    expect(mixed.features[1]?.geometry).toEqual({
      type: 'LineString',
      coordinates: [
        [106.6, 11],
        [106.7, 11.1],
      ],
    });
    // It is stored clockwise.
    expect(mixed.features[2]?.geometry).toEqual({
      type: 'Polygon',
      coordinates: [
        [
          [106.6, 11],
          [106.7, 11],
          [106.7, 11.1],
          [106.6, 11.1],
          [106.6, 11],
        ],
      ],
    });
    const types = async (id: string) => (await readItems(id)).features.map(({ geometry }) => geometry?.type);
    expect(await types('odd.curves')).toEqual(['Polygon']);
    expect(await types('odd.compound_curve')).toEqual(['LineString']);
    expect(await types('odd.multi_surface')).toEqual(['MultiPolygon']);
    expect(await types('odd.polyhedral')).toEqual(['MultiPolygon']);
    expect(await types('odd.tin')).toEqual(['MultiPolygon']);
    expect(await types('odd.triangle')).toEqual(['MultiPolygon']);
    expect(await types('odd.collections')).toEqual(['GeometryCollection', 'MultiPoint']);
    const [high] = (await readItems('odd.three_d')).features;
    expect(high?.geometry.type === 'Polygon' && high.geometry.coordinates[0]?.map((position) => position[2])).toEqual([
      5, 8, 7, 6, 5,
    ]);
  });

  it('leaves out the geometry of rows that no projection can follow, and their extent', async () => {
    const { features } = await readItems('odd.out_of_range');
    expect(features.map(({ geometry }) => geometry !== null)).toEqual([true, false, false, false]);
    const { body } = await get('/collections/odd.out_of_range').expect(200);
    expect(body.extent.spatial.bbox[0][0]).toBeCloseTo(106.667, 3);
    expect(body.extent.spatial.bbox[0][2]).toBeCloseTo(106.667, 3);
  });

  it('finds by box in every system and type', async () => {
    for (const id of [
      'odd.curves',
      'odd.compound_curve',
      'odd.multi_surface',
      'odd.collections',
      'odd.polyhedral',
      'odd.tin',
      'odd.triangle',
      'odd.geography',
      'odd.web_mercator',
      'odd.three_d',
      'odd.four_d',
      'odd.measured',
      'odd.domain',
      'odd.nested_domain',
      'odd.two_geometries',
      'odd.view_without_id',
      'odd.invalid',
    ]) {
      expect((await readItems(id, 'bbox=106.5,10.9,106.8,11.2')).features.length, id).toBeGreaterThan(0);
      expect((await readItems(id, 'bbox=105,10,105.1,10.1')).features, id).toEqual([]);
    }
  });

  it('writes the values of every type the same on both engines', async () => {
    const { text } = await get(`${itemsOf('odd.field_types')}/1`).expect(200);
    const properties = text.slice(text.indexOf('"properties"'), text.indexOf(',"links"'));
    expect(properties).toBe(
      '"properties" : {"id":1,"small":7,"big":9007199254740993,"exact":12345678901234.5678,"single":0.1,"double":0.1,"flag":true,' +
        '"day":"2025-07-01","at":"2025-07-01T00:00:00.5Z","local":"2025-07-01T07:00:00","clock":"07:00:00","span":"1 day","level":"high",' +
        '"tags":["a","đ"],"document":{"a": [1, null]},"plain":{"b": 1},"bytes":"\\\\x00ff","network":"10.0.0.1","range":"[1,5)","twice":14}',
    );
    const [, nothing, extreme] = (await readItems('odd.field_types')).features;
    expect(nothing?.properties).toMatchObject({
      exact: 'NaN',
      single: 'Infinity',
      double: '-Infinity',
      day: 'infinity',
      at: '-infinity',
    });
    expect(extreme?.properties).toMatchObject({
      double: 1e300,
      day: '0044-03-15 BC',
      at: '10000-01-01T00:00:00Z',
      tags: [],
    });
  });

  it('filters by a field of every type', async () => {
    const cases = {
      small: '7',
      big: '9007199254740993',
      exact: '12345678901234.5678',
      single: '0.1',
      double: '0.1',
      flag: 'true',
      day: '2025-07-01',
      at: '2025-07-01T00:00:00.5Z',
      local: '2025-07-01T07:00:00Z',
      level: 'high',
      clock: '07:00:00',
      network: '10.0.0.1/32',
      twice: '14',
    };
    for (const [field, value] of Object.entries(cases)) {
      const { features } = await readItems('odd.field_types', new URLSearchParams({ [field]: value }).toString());
      expect([field, features.map(({ id }) => id)]).toEqual([field, [1]]);
    }
    const wrong = {
      small: 'x',
      big: '9223372036854775808',
      exact: 'NaN',
      flag: '1',
      day: '2025-02-30',
      at: 'hôm nay',
      tags: 'a',
      document: '{}',
    };
    for (const [field, value] of Object.entries(wrong)) {
      await get(`${itemsOf('odd.field_types')}?${new URLSearchParams({ [field]: value })}`).expect(400);
    }
  });

  it('takes names for names in HTML, SQL and URLs', async () => {
    const { text } = await get(`${itemsOf(ODD_NAME)}?f=html`).expect(200);
    expect(text).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;đất&#39;');
    expect(text).not.toContain('<script');
    const field = 'tên "riêng", %/.?';
    const found = await readItems(ODD_NAME, new URLSearchParams({ [field]: 'b' }).toString());
    expect(found.features.map(({ id }) => id)).toEqual([2]);
    const { body } = await get(`/collections/${encodeURIComponent(ODD_NAME)}`).expect(200);
    for (const { href } of filled(body.links.filter((link: { templated?: boolean }) => !link.templated))) {
      await get(new URL(href).pathname + new URL(href).search).expect(200);
    }
  });

  it('never shows what is personal: not as a field, not as an id, not by asking for it', async () => {
    const answers = [
      await get(itemsOf('odd.personal')),
      await get(`${itemsOf('odd.personal')}?f=html`),
      await get('/collections/odd.personal?f=html'),
      await get(`${itemsOf('odd.personal')}?${new URLSearchParams({ 'Tên chủ': 'x' })}`),
      await get('/api'),
      await get('/xyz/odd.personal/0/0/0.mvt').responseType('blob'),
    ];
    for (const { text, body } of answers) {
      expect(text ?? body.toString()).not.toMatch(/079123456789|Nguyễn Văn A|so_cccd|"Tên chủ":/);
    }
    expect(answers[3]?.status).toBe(400);
  });

  it('puts the same into tiles, numbers beyond a double as they can be written', async () => {
    const { body } = await get('/xyz/odd.columns_like_ours/0/0/0.mvt').responseType('blob').expect(200);
    const layer = new VectorTile(new PbfReader(body)).layers['odd.columns_like_ours'];
    expect(layer?.feature(0).properties).toMatchObject({
      fields: 'fields',
      mercator: 'mercator',
      mvt_id: 'mvt_id',
      geom: 'geom',
    });
    await get('/xyz/odd.geometry_only/0/0/0.mvt').expect(200);
    await get('/xyz/odd.field_types/0/0/0.mvt').expect(200);
  });
});
