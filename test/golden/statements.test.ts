/** The SQL that each question becomes: a change of it is seen in a review. `npm run goldens` writes it anew. */
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOddTable } from '../catalog/odd-tables.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { type Recorded, record } from './recorded.ts';

const BOX = '106.6,10.9,106.8,11.1';

interface Asked {
  readonly id: string;
  /** A value of `properties`, of `sortby` and of `filter`. */
  readonly fields: string;
  readonly order: string;
  readonly filter: string;
  readonly feature: string;
  /** z/x/y */
  readonly tile: string;
  /** A feature to create, and a patch to merge into it; absent if the layer is read-only. */
  readonly edit?: {
    readonly id: string;
    readonly feature: { readonly properties: object; readonly geometry: object };
    readonly patch: object;
  };
}

const POINT = { type: 'Point', coordinates: [106.66, 11.12] };
const SQUARE = {
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [106.66, 11.12],
        [106.67, 11.12],
        [106.67, 11.13],
        [106.66, 11.12],
      ],
    ],
  ],
};

/** A table with a mosaic and a number for its key, a view, and a table whose key is two columns. */
const LAYERS: readonly Asked[] = [
  {
    id: 'land.parcel',
    fields: 'sheet,number',
    order: '-legal_area_m2,sheet',
    filter: "main_use = 'ODT' AND legal_area_m2 > 500",
    feature: '7',
    tile: '15/26094/15377',
    edit: {
      id: '900000',
      feature: {
        properties: {
          id: 900000,
          unit_code: '25750',
          unit_valid_from: '2025-07-01',
          sheet: '1',
          number: 1,
          main_use: 'ODT',
        },
        geometry: SQUARE,
      },
      patch: { properties: { sheet: '2' } },
    },
  },
  {
    id: 'environment.station_status',
    fields: 'name,aqi',
    order: '-name',
    filter: "name LIKE 'a%' OR aqi IS NULL",
    feature: '1',
    tile: '12/3261/1922',
  },
  {
    id: 'odd.composite_key',
    fields: 'code',
    order: 'valid_from',
    filter: "valid_from > DATE('2021-01-01')",
    feature: '25747:2020-01-01',
    tile: '15/26096/15364',
    edit: {
      id: 'new:2026-01-01',
      feature: { properties: { code: 'new', valid_from: '2026-01-01' }, geometry: POINT },
      patch: { geometry: { type: 'Point', coordinates: [106.67, 11.12] } },
    },
  },
];

type Reading = readonly [title: string, path: string];

/** Returns readings of tiles, which one of the engines encodes in SQL. */
function tiles({ id, fields, filter, tile }: Asked): readonly Reading[] {
  return [
    ['tile', `/xyz/${id}/${tile}.mvt`],
    ['tile at low zoom', `/xyz/${id}/10/815/480.mvt`],
    ['tile with a filter', `/xyz/${id}/${tile}.mvt?filter=${encodeURIComponent(filter)}&properties=${fields}`],
  ];
}

function readings({ id, fields, order, filter, feature }: Asked): readonly Reading[] {
  const items = `/collections/${id}/items`;
  const wfs = `/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=${id}`;
  return [
    ['first page', `${items}?limit=2`],
    ['page', `${items}?limit=2&bbox=${BOX}&datetime=2020-01-01/..&filter=${encodeURIComponent(filter)}&q=phu`],
    [
      'sorted page in VN-2000',
      `${items}?limit=2&sortby=${order}&properties=${fields}&crs=EPSG:9210&skipGeometry=false`,
    ],
    ['feature', `${items}/${encodeURIComponent(feature)}`],
    ['page of HTML', `${items}?limit=2&f=html`],
    ['CSV', `${items}?limit=2&f=csv`],
    ['GeoJSON', `${items}?limit=2&f=geojson&sortby=${order}`],
    ['GeoPackage', `${items}?limit=2&f=gpkg`],
    ['WFS', `${wfs}&count=2&bbox=${BOX},CRS84`],
    ['WFS hits', `${wfs}&resultType=hits`],
    [
      'WMS feature info',
      `/wms?service=WMS&version=1.3.0&request=GetFeatureInfo&layers=${id}&query_layers=${id}&styles=&crs=CRS:84&bbox=${BOX}&width=500&height=500&i=250&j=250&info_format=application/json`,
    ],
    ['extent', `/collections/${id}?f=json`],
    ['tileset', `/collections/${id}/tiles/WebMercatorQuad?f=json`],
  ];
}

describeEngines('SQL', (engine) => {
  let test: TestApp;
  let recorded: Recorded;
  beforeAll(async () => {
    await engine.db.script('CREATE SCHEMA odd');
    await createOddTable(engine.db, 'composite-key');
    recorded = record(engine.db);
    test = await openApp(recorded.db, { DIABA_SCHEMAS: 'base,land,environment,odd', DIABA_EDITING: 'on' });
    await test.services.derivation.idle();
    // What the server asks of itself, now and then, is no part of an answer.
    recorded.take();
    await test.services.catalog.refresh();
    await test.services.derivation.refreshAgain();
    recorded.ignore(recorded.take());
  });
  afterAll(() => test?.close());

  /** @returns what was asked of the database for a request, under the request */
  async function statementsOf(title: string, sent: request.Test, statuses = [200, 204]): Promise<string> {
    recorded.take();
    const { status, text } = await sent;
    expect(statuses, `${sent.method} ${sent.url} ${text}`).toContain(status);
    const path = decodeURIComponent(new URL(sent.url).pathname + new URL(sent.url).search);
    return [`-- ${title}: ${sent.method} ${path}`, ...recorded.take()].join('\n\n');
  }

  it.each(LAYERS)('of what is read of $id is as before', async (asked) => {
    const texts: string[] = [];
    for (const [title, path] of readings(asked)) texts.push(await statementsOf(title, request(test.app).get(path)));
    await expect(`${texts.join('\n\n\n')}\n`).toMatchFileSnapshot(`../expected/sql/${asked.id}.sql`);
  });

  it.each(LAYERS)('of tiles of $id is as before', async (asked) => {
    const texts: string[] = [];
    for (const [title, path] of tiles(asked)) texts.push(await statementsOf(title, request(test.app).get(path)));
    const golden = `../expected/sql/${asked.id}-tiles-${engine.name}.sql`;
    await expect(`${texts.join('\n\n\n')}\n`).toMatchFileSnapshot(golden);
  });

  it.each(LAYERS.filter(({ edit }) => edit))('of what is written to $id is as before', async ({ id, edit }) => {
    const items = `/collections/${id}/items`;
    const one = `${items}/${encodeURIComponent(edit!.id)}`;
    const feature = { type: 'Feature', ...edit!.feature };
    const texts = [
      await statementsOf('create', request(test.app).post(items).send(feature), [201]),
      await statementsOf('merge', request(test.app).patch(one).send(edit!.patch)),
    ];
    const { body } = await request(test.app).get(one);
    const other = { type: 'Feature', properties: body.properties, geometry: edit!.feature.geometry };
    texts.push(
      await statementsOf('replace', request(test.app).put(one).send(other)),
      await statementsOf('delete', request(test.app).delete(one)),
    );
    await expect(`${texts.join('\n\n\n')}\n`).toMatchFileSnapshot(`../expected/sql/${id}-edit.sql`);
  });

  it('of parcels and of a buffer is as before', async () => {
    const buffer = { geometry: { type: 'Point', coordinates: [106.6806, 10.9876] }, distance: 50 };
    const layers = LAYERS.map(({ id }) => id);
    const execute = (inputs: object) => request(test.app).post('/processes/buffer/execution').send({ inputs });
    const texts = [
      await statementsOf('by number', request(test.app).get('/parcels?unit=Phú Lợi&sheet=1&number=1')),
      await statementsOf('as people ask', request(test.app).get('/parcels?q=to 40 thua 12 phu loi')),
      await statementsOf('none', request(test.app).get('/parcels?q=to 9999 thua 12 phu loi'), [200, 404]),
      await statementsOf('at a place', request(test.app).get('/parcels/at?x=1215609&y=601347')),
      await statementsOf('by id', request(test.app).get('/parcels/7')),
      await statementsOf('around a place', execute({ ...buffer, layers })),
      await statementsOf('cut', execute({ ...buffer, layers: ['land.parcel'], relation: 'clipped' })),
      await statementsOf(
        'around features',
        execute({ features: { layer: 'base.road', ids: [1, 2] }, distance: 20, layers }),
      ),
    ];
    await expect(`${texts.join('\n\n\n')}\n`).toMatchFileSnapshot('../expected/sql/questions.sql');
  });
});
