import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { decodeTile } from '../tiles/decode.ts';

/** [kind, class of the water, values, expected statements] */
const STATIONS = {
  'values without limits': [
    'groundwater',
    null,
    { pH: 9.9, As: 5 },
    { assessment: 'not_assessed', compared: null, exceeded: null },
  ],
  'no values': ['air', null, {}, { assessment: 'not_assessed', compared: null, exceeded: null }],
  'water without a class': [
    'surface_water',
    null,
    { BOD5: 500 },
    { assessment: 'not_assessed', compared: null, exceeded: null },
  ],
  'values of which one has a limit': [
    'air',
    null,
    { SO2: 10, LAeq: 300 },
    { assessment: 'within', compared: 'SO2', exceeded: null },
  ],
  'all within': ['air', null, { SO2: 350, CO: 30000 }, { assessment: 'within', compared: 'CO, SO2', exceeded: null }],
  'one over': [
    'air',
    null,
    { SO2: 350.1, CO: 30000 },
    { assessment: 'exceeded', compared: 'CO, SO2', exceeded: 'SO2' },
  ],
  'one below its least': [
    'surface_water',
    'A',
    { DO: 0.1 },
    { assessment: 'exceeded', compared: 'DO', exceeded: 'DO' },
  ],
} as const;

describeEngines('the assessment of a station', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    const rows = Object.entries(STATIONS).map(([name, [kind, waterClass, values]], index) => {
      const given = Object.entries(values)
        .map(
          ([parameter, value]) =>
            `INSERT INTO environment.observation (station_id, parameter, observed_at, value) VALUES (${9000 + index}, '${parameter}', date_trunc('hour', now()), ${value});`,
        )
        .join('\n');
      return `INSERT INTO environment.station (id, code, name, kind, water_class, geom) OVERRIDING SYSTEM VALUE VALUES (${9000 + index}, 'T${index}', '${name}', '${kind}', ${waterClass ? `'${waterClass}'` : 'NULL'}, 'SRID=9210;POINT(600000 1230000)'); ${given}`;
    });
    await engine.db.script(rows.join('\n'));
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  it('is one of three: nothing compared is not nothing exceeded', async () => {
    const { body } = await request(test.app)
      .get('/collections/environment.station_status/items')
      .query({ limit: 1000, filter: "code LIKE 'T%'" })
      .expect(200);
    const found = new Map(
      body.features.map(({ properties }: { properties: { name: string } }) => [properties.name, properties]),
    );
    for (const [name, [, , , expected]] of Object.entries(STATIONS))
      expect(found.get(name), name).toMatchObject(expected);
    expect(found.get('no values')).toMatchObject({ assessment_vi: 'Chưa đánh giá', assessment_en: 'Not assessed' });
  });

  it('is in tiles, and in the words of the page', async () => {
    const tile = await request(test.app)
      .get('/xyz/environment.station_status/10/815/480.mvt')
      .buffer(true)
      .parse((answer, done) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () => done(null, Buffer.concat(pieces)));
      });
    expect(tile.status).toBe(200);
    const features = decodeTile(tile.body)['environment.station_status'] ?? [];
    const states = new Map(features.map(({ properties }) => [properties.name, properties.assessment]));
    expect(states.get('no values')).toBe('not_assessed');
    expect(states.get('one over')).toBe('exceeded');
    expect(states.get('all within')).toBe('within');
    const page = await request(test.app)
      .get('/collections/environment.station_status/items')
      .query({ filter: "name='no values'" })
      .set('accept', 'text/html')
      .expect(200);
    expect(page.text).toContain('Chưa đánh giá');
  });
});
