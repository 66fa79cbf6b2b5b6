import type { FeatureCollection, Geometry } from 'geojson';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ident, raw, sql } from '../../src/database/sql.ts';
import { bindFilter } from '../../src/filter/filter.ts';
import { intersectsArea } from '../../src/geometry/box.ts';
import { lonLatBox } from '../../src/geometry/domain.ts';
import { boundedShapeOf, shapeIn, shapeOf } from '../../src/geometry/shape.ts';
import { createOddTables } from '../catalog/odd-tables.ts';
import { describeEngines } from '../engine.ts';
import { filled } from '../filled.ts';
import { openApp, type TestApp } from '../http/app.ts';

/** Layers of the fixtures, and the ids of their rows with a geometry to show. */
const SHOWN: Readonly<Record<string, readonly number[]>> = {
  not_finite_point: [1],
  not_finite_area: [1],
  not_finite_height: [1, 2, 3],
  not_finite_measure: [1, 2],
  not_finite_any: [1, 7],
  not_finite_geography: [1],
  not_finite_view: [1],
  not_finite_rows: [1],
  empty_parts: [1, 2, 3, 4, 8, 9, 11, 12, 13],
  one_position: [1],
  collapsed: [1],
};
const WORLD = '-180,-90,180,90';

describeEngines('shapes', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await createOddTables(engine.db);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd,base,land,environment' });
  });
  afterAll(() => test?.close());

  const get = async (path: string) => {
    const { status, body } = await request(test.app).get(path).responseType('blob');
    return { status, text: String(body) };
  };
  const read = async (path: string) => {
    const { status, text } = await get(path);
    if (status !== 200) throw new Error(`${status} ${path}: ${text.slice(0, 300)}`);
    return text;
  };
  const idsOf = (features: FeatureCollection['features'], isShown: (geometry: Geometry | null) => boolean) =>
    features.filter(({ geometry }) => isShown(geometry)).map(({ id, properties }) => Number(properties?.id ?? id));

  it('are the geometries of ordinary rows byte by byte', async () => {
    for (const layer of filled([...test.services.catalog.current().layers.values()])) {
      if (layer.schema === 'odd') continue;
      const column = ident(layer.geometry.column);
      const [row] = await engine.db.query<{ different: number; all: number }>(sql`SELECT count(*) AS all,
        count(*) FILTER (WHERE (${column})::bytea IS DISTINCT FROM (${shapeOf(layer.geometry)})::bytea
          OR (${column})::bytea IS DISTINCT FROM (${shapeIn(column)})::bytea OR (${column})::bytea IS DISTINCT FROM catalog.shape(${column})::bytea) AS different
        FROM ${ident(layer.schema, layer.table)} WHERE ${column} IS NOT NULL`);
      expect([layer.id, row?.different]).toEqual([layer.id, 0]);
    }
  });

  it.each([
    ['POINT Z(1 2 NaN)', 'POINT(1 2)'],
    ['POINT M(1 2 NaN)', 'POINT(1 2)'],
    ['POINT Z(1 2 3)', 'POINT Z (1 2 3)'],
    ['LINESTRING ZM(1 2 3 4,5 6 7 NaN)', 'LINESTRING(1 2,5 6)'],
    ['LINESTRING(1 2,NaN 3,4 5)', null],
    ['POLYGON((0 0,1 0,1 1,0 0),(0.2 0.1,NaN 0.1,0.3 0.2,0.2 0.1))', null],
    ['LINESTRING(0 0,1e300 1e300)', 'LINESTRING(0 0,1e+300 1e+300)'],
    ['LINESTRING(1 1,1 1)', 'LINESTRING(1 1,1 1)'],
    ['POLYGON EMPTY', null],
    ['MULTIPOINT(EMPTY,1 2)', 'MULTIPOINT((1 2))'],
    ['MULTIPOLYGON(EMPTY,((0 0,1 0,1 1,0 0)),EMPTY)', 'MULTIPOLYGON(((0 0,1 0,1 1,0 0)))'],
    ['MULTILINESTRING((2 2,3 3),EMPTY,(0 0,1 1))', 'MULTILINESTRING((2 2,3 3),(0 0,1 1))'],
    [
      'GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 1)),LINESTRING EMPTY,LINESTRING(0 0,1 1))',
      'GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))',
    ],
    ['TIN(((0 0 0,0 1 0,1 1 0,0 0 0)))', 'MULTIPOLYGON Z (((0 0 0,0 1 0,1 1 0,0 0 0)))'],
    ['MULTISURFACE(((0 0,1 0,1 1,0 0)))', 'MULTIPOLYGON(((0 0,1 0,1 1,0 0)))'],
    ['CIRCULARSTRING(0 0,NaN 1,2 0)', null],
  ])('%s is shown as %s', async (given, expected) => {
    const type = given.split(/[ (]/)[0];
    for (const shape of [shapeIn(raw('g')), shapeIn(raw('g'), / Z?M/.test(given) ? undefined : type)]) {
      const [row] = await engine.db.query(
        sql`SELECT ST_AsText(${shape}) AS text FROM (SELECT ${given}::geometry AS g) AS given`,
      );
      expect(row?.text).toBe(expected);
    }
  });

  it.each([
    'MULTIPOLYGON(((0 0,4 0,4 4,0 0)),((8 8,9 8,9 9,8 8)))',
    'MULTIPOLYGON(EMPTY,((0 0,1 0,1 1,0 0)),EMPTY)',
    'MULTIPOLYGON(((0 0,4 0,4 4,0 0)),((8 8,NaN 8,9 9,8 8)))',
    'MULTIPOLYGON Z(((0 0 1,4 0 NaN,4 4 1,0 0 1)),((8 8 1,9 8 1,9 9 1,8 8 1)))',
    'MULTIPOLYGON EMPTY',
  ])('have the bounds that are read for an extent: %s', async (given) => {
    const column = { column: 'g', type: 'MULTIPOLYGON', isTyped: true, isGeography: false };
    const [row] = await engine.db.query<{ bounds: string | null; extent: string | null }>(
      sql`SELECT ST_Extent(${boundedShapeOf(column)})::text AS bounds, ST_Extent(${shapeOf(column)})::text AS extent
        FROM (SELECT ${given}::geometry AS g) AS given`,
    );
    expect(row?.bounds).toBe(row?.extent);
  });

  it('are found by the index of the column', async () => {
    const parcels = test.services.catalog.current().layers.get('land.parcel');
    if (!parcels) throw new Error('the sample has no parcels');
    const box = intersectsArea(parcels.geometry, lonLatBox([106.66, 10.98, 106.661, 10.981], 9210));
    const place: Geometry = { type: 'Point', coordinates: [106.68, 10.98] };
    const near = bindFilter({ kind: 'near', place: { kind: 'geometry', geometry: place }, metres: 50 }, parcels);
    for (const condition of [box, near]) {
      const plan = await engine.db.query(sql`EXPLAIN (FORMAT JSON) SELECT FROM land.parcel WHERE ${condition}`);
      expect(JSON.stringify(plan)).toMatch(/Index Scan|Bitmap Index Scan/);
    }
  });

  it('leave the rest of a layer to be read: as items, files, pages and from every standard', async () => {
    const failures: string[] = [];
    for (const [table, ids] of Object.entries(SHOWN)) {
      const name = `odd.${table}`;
      const path = `/collections/${name}/items`;
      const isTable = table !== 'not_finite_rows';
      const forms = ['f=json', 'f=geojson', 'f=json&crs=EPSG:3857', 'f=geojson&crs=EPSG:9210'];
      for (const form of forms) {
        const { features } = JSON.parse(await read(`${path}?${form}`)) as FeatureCollection;
        expect([table, form, idsOf(features, (geometry) => geometry !== null)]).toEqual([table, form, ids]);
        expect(JSON.stringify(features)).not.toMatch(/NaN|Infinity|1797693|\[\]/);
      }
      const paths = [
        ...[
          '',
          '?f=html',
          '/items?f=html',
          '/items?f=csv',
          '/items?f=csv&crs=EPSG:9210',
          '/items?f=geojsonseq',
          '/items?f=gpkg',
        ].map((end) => `/collections/${name}${end}`),
        `${path}?sortby=-id&limit=2`,
        ...(isTable
          ? [
              `/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=${name}`,
              `/wfs?service=WFS&version=1.1.0&request=GetFeature&typeName=${name}`,
              `/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=${name}&outputFormat=application/json`,
              `/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=${name}&srsName=EPSG:3857`,
              `/wms?service=WMS&version=1.3.0&request=GetFeatureInfo&layers=${name}&query_layers=${name}&crs=CRS:84&bbox=106.59,10.99,106.71,11.11&width=120&height=120&i=10&j=10&info_format=application/json&styles=`,
            ]
          : []),
      ];
      for (const each of paths) {
        const { status, text } = await get(each);
        if (status !== 200 || (!/gpkg|fgb/.test(each) && /\bNaN\b|Infinity/.test(text)))
          failures.push(`${status} ${each} ${text.slice(0, 200)}`);
        if (each.includes('application/json')) JSON.parse(text);
      }
    }
    expect(failures).toEqual([]);
  }, 240_000);

  it('count for filters, boxes and extents only where they are shown', async () => {
    const filtered = async (table: string, filter: string) => {
      const { features } = JSON.parse(
        await read(`/collections/odd.${table}/items?filter=${encodeURIComponent(filter)}`),
      ) as FeatureCollection;
      return idsOf(features, () => true);
    };
    for (const [table, ids] of Object.entries(SHOWN)) {
      if (table === 'not_finite_rows') continue;
      const { features } = JSON.parse(await read(`/collections/odd.${table}/items?bbox=${WORLD}`)) as FeatureCollection;
      expect([table, idsOf(features, (geometry) => geometry !== null)]).toEqual([table, ids]);
      expect([table, await filtered(table, 'S_INTERSECTS(geom, BBOX(104,9,110,13))')]).toEqual([table, ids]);
      expect([table, await filtered(table, 'geom IS NOT NULL')]).toEqual([table, ids]);
      expect([table, await filtered(table, 'S_DISJOINT(geom, BBOX(104,9,110,13))')]).toEqual([table, []]);
      const { extent } = JSON.parse(await read(`/collections/odd.${table}`));
      const [west, south, east, north] = extent.spatial.bbox[0];
      expect(west).toBeGreaterThan(106.5);
      expect(south).toBeGreaterThan(10.9);
      expect(east).toBeLessThan(106.8);
      expect(north).toBeLessThan(11.2);
    }
    expect(await filtered('not_finite_area', 'S_WITHIN(geom, BBOX(104,9,110,13))')).toEqual([1]);
  }, 240_000);

  it('let buffers and reports pass over rows without any', async () => {
    const run = (inputs: object) => request(test.app).post('/processes/buffer/execution').send({ inputs });
    const place = { type: 'Point', coordinates: [106.65, 11.02] };
    const { body, status } = await run({
      geometry: place,
      distance: 20_000,
      layers: ['odd.not_finite_area', 'odd.not_finite_point', 'odd.empty_parts'],
    });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(JSON.stringify(body)).toMatch(/"count":1\b/);
    const chosen = await run({
      features: { layer: 'odd.not_finite_area', filter: { op: '>', args: [{ property: 'id' }, 0] } },
      distance: 10,
    });
    expect([chosen.status, JSON.stringify(chosen.body)]).toEqual([200, expect.any(String)]);
  });

  it('of a parcel may be none', async () => {
    await engine.db.query(
      raw(`UPDATE land.parcel SET geom = ST_SetSRID(ST_Multi('POLYGON((600000 1220000, 600010 NaN, 600010 1220010, 600000 1220000))'), 9210)
      WHERE id = (SELECT min(id) FROM land.parcel)`),
    );
    const [{ id } = { id: 0 }] = await engine.db.query<{ id: number }>(raw('SELECT min(id) AS id FROM land.parcel'));
    const parcel = JSON.parse(await read(`/parcels/${id}`));
    expect([parcel.geometry, 'bbox' in parcel]).toEqual([null, false]);
    expect(
      JSON.parse(await read('/parcels/at?x=600005&y=1220005&crs=EPSG:9210')).features.map(
        (each: { id: number }) => each.id,
      ),
    ).not.toContain(id);
  });
});
