import { afterAll, beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Catalog } from '../../src/catalog/layer.ts';
import { Derivation } from '../../src/tiles/derived/derivation.ts';
import { Encoder } from '../../src/tiles/encoder.ts';
import { Tiles } from '../../src/tiles/tiles.ts';
import { describeBareEngines } from '../engine.ts';
import { decodeTile } from './decode.ts';

const PLACE = `'SRID=4326;POINT(106.6 11)'`;
/** Many numeric columns: a function call takes 100 arguments, a table has more columns. */
const MANY = Array.from({ length: 120 }, (_, index) => `n${index} numeric`).join();

const TABLES = `CREATE SCHEMA hard;
  CREATE TABLE hard.numbers (id integer PRIMARY KEY, big bigint, exact numeric, single real, double double precision, day date, at timestamptz, geom geometry(Point, 4326));
  INSERT INTO hard.numbers VALUES
    (1, 7, 1.5, 0.5, -2.25, '2025-07-01', '2025-07-01T00:00:00Z', ${PLACE}),
    (2, 9007199254740993, '1e400', 'Infinity', '-Infinity', 'infinity', '-infinity', ${PLACE}),
    (3, -9223372036854775808, 'NaN', 'NaN', 'NaN', '-infinity', 'infinity', ${PLACE}),
    (4, 9007199254740991, '1e-400', 1e-30, 1e16, NULL, NULL, ${PLACE}),
    (5, -9007199254740992, '-Infinity', NULL, 5e-324, NULL, NULL, ${PLACE});
  CREATE VIEW hard.numbers_seen AS SELECT * FROM hard.numbers;
  CREATE TABLE hard.wide (id integer PRIMARY KEY, ${MANY}, geom geometry(Point, 4326));
  INSERT INTO hard.wide (id, n7, n99, geom) VALUES (1, '1e400', 3, ${PLACE});
  CREATE TABLE hard.keys (id bigint PRIMARY KEY, geom geometry(Point, 4326));
  INSERT INTO hard.keys SELECT id, ${PLACE} FROM unnest(ARRAY[-5, 0, 12, 9007199254740991, 9007199254740992, 9223372036854775807]) AS id;
  CREATE VIEW hard.keys_seen AS SELECT * FROM hard.keys;`;

describeBareEngines('values in tiles', (engine) => {
  const encoder = new Encoder();
  let catalog: Catalog;
  let derivation: Derivation;

  beforeAll(async () => {
    await engine.db.script(TABLES);
    catalog = await discover(engine.db, ['hard']);
    derivation = new Derivation(engine.db);
    await derivation.ensure(catalog);
  });
  afterAll(() => Promise.all([encoder.close(), derivation.close()]));

  async function featuresOf(id: string, tiles = new Tiles(engine.db, encoder, derivation), properties?: string[]) {
    const layer = catalog.layers.get(id);
    const { body } = await tiles.render(layer ? [layer] : [], { z: 0, x: 0, y: 0 }, { form: { properties } });
    return decodeTile(body as Uint8Array)[id] ?? [];
  }

  it.each(['hard.numbers', 'hard.numbers_seen'])(
    'are numbers where a client reads the same, else text: %s',
    async (id) => {
      const features = await featuresOf(id);
      const rows = features.map(({ properties }) => properties).sort((a, b) => Number(a.id) - Number(b.id));
      const [plain, large, none, small, low] = rows;
      expect(plain).toEqual({
        id: 1,
        big: 7,
        exact: 1.5,
        single: 0.5,
        double: -2.25,
        day: '2025-07-01',
        at: expect.stringMatching(/^2025-07-01 0[07]:00:00/),
      });
      expect(large).toEqual({
        id: 2,
        big: '9007199254740993',
        exact: `1${'0'.repeat(400)}`,
        single: 'Infinity',
        double: '-Infinity',
        day: 'infinity',
        at: '-infinity',
      });
      expect(none).toEqual({
        id: 3,
        big: '-9223372036854775808',
        exact: 'NaN',
        single: 'NaN',
        double: 'NaN',
        day: '-infinity',
        at: 'infinity',
      });
      expect(small).toEqual({
        id: 4,
        big: 9007199254740991,
        exact: `0.${'0'.repeat(399)}1`,
        single: expect.closeTo(1e-30, 35),
        double: '1e+16',
      });
      expect(low).toEqual({ id: 5, big: '-9007199254740992', exact: '-Infinity', double: 5e-324 });
    },
  );

  it('are those that are asked for, texts as well', async () => {
    const shown = await featuresOf('hard.numbers', undefined, ['big', 'day']);
    expect(shown.map(({ properties }) => Object.keys(properties).sort())).toEqual([
      ['big', 'day'],
      ['big', 'day'],
      ['big', 'day'],
      ['big'],
      ['big'],
    ]);
  });

  it('may be of more fields than a call has arguments', async () => {
    const [row] = await featuresOf('hard.wide');
    expect(row?.properties).toEqual({ id: 1, n7: `1${'0'.repeat(400)}`, n99: 3 });
  });

  it.each(['hard.keys', 'hard.keys_seen'])(
    'identify a feature by a whole number that clients read exactly, or not at all: %s',
    async (id) => {
      const features = await featuresOf(id);
      const pairs = features.map((feature) => [String(feature.properties.id), feature.id]);
      expect(Object.fromEntries(pairs)).toEqual({
        '-5': undefined,
        '0': 0,
        '12': 12,
        '9007199254740991': 9007199254740991,
        '9007199254740992': undefined,
        '9223372036854775807': undefined,
      });
      expect(features).toHaveLength(6);
    },
  );
});
