import { afterAll, beforeAll, expect, it } from 'vitest';
import { discover } from '../../../src/catalog/discover.ts';
import type { Catalog } from '../../../src/catalog/layer.ts';
import { raw } from '../../../src/database/sql.ts';
import { tileAt } from '../../../src/geo/tile.ts';
import { Derivation } from '../../../src/tiles/derived/derivation.ts';
import { Encoder } from '../../../src/tiles/encoder.ts';
import { Tiles } from '../../../src/tiles/tiles.ts';
import { describeBareEngines } from '../../engine.ts';
import { decodeTile } from '../decode.ts';

const point = (x: string, y: string, z = '') => `ST_SetSRID(ST_MakePoint(${x}, ${y}${z && `, ${z}`}), 9210)`;
const line = (...points: string[]) => `ST_MakeLine(ARRAY[${points.join()}])`;
const [A, B, C, NAN, INFINITE] = [
  point('600000', '1230000'),
  point('600100', '1230000'),
  point('600100', '1230100'),
  point(`'NaN'`, `'NaN'`),
  point('600000', `'-Infinity'`),
] as const;
const polygon = (...points: string[]) => `ST_MakePolygon(${line(...points, points[0] as string)})`;

/** Rows 1 to 9 can be drawn, others cannot. */
const TABLES = {
  points: ['Point', { 1: A, 10: NAN, 11: INFINITE, 12: point(`'NaN'`, '1230000'), 13: `'SRID=9210;POINT EMPTY'` }],
  points_z: [
    'PointZ',
    {
      1: point('600000', '1230000', '5'),
      2: point('600010', '1230000', `'NaN'`),
      3: point('600020', '1230000', `'Infinity'`),
      10: point(`'NaN'`, '1230000', '1'),
    },
  ],
  multipoints: [
    'MultiPoint',
    { 1: `'SRID=9210;MULTIPOINT(EMPTY, 600000 1230000)'`, 10: `ST_Multi(${NAN})`, 11: `'SRID=9210;MULTIPOINT(EMPTY)'` },
  ],
  lines: ['LineString', { 1: line(A, B), 10: line(A, NAN, B), 11: line(A, INFINITE), 12: line(NAN, A) }],
  multilines: [
    'MultiLineString',
    { 1: `'SRID=9210;MULTILINESTRING(EMPTY, (600000 1230000, 600100 1230100))'`, 10: `ST_Multi(${line(A, NAN)})` },
  ],
  polygons: [
    'Polygon',
    { 1: polygon(A, B, C), 10: polygon(A, NAN, C), 11: polygon(A, B, INFINITE), 12: `'SRID=9210;POLYGON EMPTY'` },
  ],
  multipolygons: [
    'MultiPolygon',
    {
      1: `'SRID=9210;MULTIPOLYGON(EMPTY, ((600000 1230000, 600100 1230000, 600100 1230100, 600000 1230000)))'`,
      10: `ST_Multi(${polygon(A, NAN, C)})`,
    },
  ],
  mixed: [
    'Geometry',
    {
      1: `'SRID=9210;GEOMETRYCOLLECTION(POINT EMPTY, LINESTRING(600000 1230000, 600100 1230100))'`,
      2: `'SRID=9210;MULTIPOLYGON(EMPTY, ((600000 1230000, 600100 1230000, 600100 1230100, 600000 1230000)))'`,
      10: `ST_Collect(${A}, ${NAN})`,
      11: line(A, NAN, B),
      12: `'SRID=9210;GEOMETRYCOLLECTION(GEOMETRYCOLLECTION EMPTY)'`,
      13: 'NULL',
    },
  ],
} as const;

describeBareEngines('geometries that have no place', (engine) => {
  const encoder = new Encoder();
  let catalog: Catalog;
  let derivation: Derivation;
  const names = Object.keys(TABLES) as (keyof typeof TABLES)[];

  beforeAll(async () => {
    const scripts = Object.entries(TABLES).map(
      ([name, [type]]) => `CREATE TABLE placeless.${name} (id integer PRIMARY KEY, geom geometry(${type}, 9210));
      INSERT INTO placeless.${name} VALUES (9, NULL); CREATE VIEW placeless.${name}_seen AS SELECT * FROM placeless.${name};`,
    );
    await engine.db.script(`CREATE SCHEMA placeless; ${scripts.join('\n')}`);
    catalog = await discover(engine.db, ['placeless']);
    derivation = new Derivation(engine.db);
    await derivation.ensure(catalog);
    // Written once the triggers exist, because they must not fail.
    for (const [name, [, rows]] of Object.entries(TABLES))
      for (const [id, shape] of Object.entries(rows))
        await engine.db.script(`INSERT INTO placeless.${name} VALUES (${id}, ${shape})`);
  });
  afterAll(() => Promise.all([encoder.close(), derivation.close()]));

  const drawable = (name: keyof typeof TABLES) =>
    Object.keys(TABLES[name][1])
      .map(Number)
      .filter((id) => id < 9);

  async function shownIds(id: string, z: number): Promise<number[]> {
    const layer = catalog.layers.get(id);
    const { body } = await new Tiles(engine.db, encoder, derivation).render(
      layer ? [layer] : [],
      tileAt(z, 106.6669, 11.1213),
      {},
    );
    return (body ? (decodeTile(body)[id] ?? []) : []).map((feature) => feature.id ?? -1);
  }

  it.each(names)('leave the others in tiles, out of derived rows and out of the table: %s', async (name) => {
    for (const z of [0, 16]) {
      const expected = z === 16 || !/line|poly|mixed/.test(name) ? drawable(name) : [];
      expect(await shownIds(`placeless.${name}_seen`, z), `${z} from the table`).toEqual(expected);
      expect(await shownIds(`placeless.${name}`, z), `${z}`).toEqual(expected);
    }
  });

  it('are no change that loses derived rows, which do not hold them', async () => {
    expect(await engine.db.query(raw('SELECT layer FROM tile.stale'))).toEqual([]);
    for (const name of names)
      expect(derivation.stateOf(catalog.layers.get(`placeless.${name}`)!).isDerived, name).toBe(true);
  });
});
