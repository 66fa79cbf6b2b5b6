import { readFileSync } from 'node:fs';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ident, sql } from '../../src/database/sql.ts';
import { epsgUri } from '../../src/geo/crs.ts';
import { describeBareEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

const FIXTURE = new URL('../fixtures/read-and-write.sql', import.meta.url);
/** Returns the row's version. The rest of the ETag is a digest of the answer, with links and CRS. */
const versionOf = ({ headers }: { headers: Record<string, string> }) => headers.etag?.split('.')[0];
/** Removes links, which contain a port that differs between requests here. */
const withoutLinks = (text: string) => text.replace(/,"links":.*$/s, '');
const VN2000 = epsgUri(9210);
const SHAPES = ['shape_xyz', 'shape_xym', 'shape_xyzm', 'shape_arc', 'shape_degree', 'shape_globe'];

describeBareEngines('what is read and written back', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script('CREATE SCHEMA odd');
    await engine.db.script(readFileSync(FIXTURE, 'utf8'));
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd', DIABA_EDITING: 'on' });
  });
  afterAll(() => test?.close());

  const items = (table: string) => `/collections/odd.${table}/items`;
  const read = async (table: string, id: unknown, crs = '') =>
    request(test.app)
      .get(`${items(table)}/${id}`)
      .query(crs ? { crs } : {})
      .buffer()
      .expect(200);
  interface Sent {
    readonly method: 'put' | 'patch' | 'post';
    readonly table: string;
    readonly id?: unknown;
    readonly body: string | object;
    readonly crs?: string;
  }
  const send = ({ method, table, id, body, crs }: Sent) =>
    request(test.app)
      [method](method === 'post' ? items(table) : `${items(table)}/${id}`)
      .set('content-type', 'application/json')
      .set(crs ? { 'content-crs': `<${crs}>` } : {})
      .send(typeof body === 'string' ? body : JSON.stringify(body));
  /** Returns a row to its last byte, without `xmin`, which changes with every write. */
  const row = async (table: string, id: unknown) => {
    const [found] = await engine.db.query<{ written: string; text: string }>(sql`
      SELECT xmin::text AS written, row::text AS text FROM ${ident('odd', table)} AS row WHERE id = ${id}::text::integer`);
    return found;
  };
  const cases = [
    ...[1, 2, 3, 4, 5, 6].map((id) => ['every_type', id] as const),
    ...SHAPES.map((each) => [each, 1] as const),
  ];

  describe.each(['', VN2000, epsgUri(4326), epsgUri(3857), epsgUri(3405)])('in %s', (crs) => {
    it.each(cases)('%s/%i is as it was, and keeps its ETag', async (table, id) => {
      const before = await row(table, id);
      const { text, headers } = await read(table, id, crs);
      for (const method of ['put', 'patch'] as const) {
        // With every digit, and as JavaScript writes what it has parsed.
        for (const body of [text, JSON.stringify(JSON.parse(text))]) {
          const answer = await send({ method, table, id, body, crs });
          expect([answer.status, answer.body.details]).toEqual([200, undefined]);
          expect(await row(table, id)).toEqual(before);
          expect(versionOf(answer)).toBe(versionOf({ headers }));
        }
      }
      const after = await read(table, id, crs);
      expect([withoutLinks(after.text), versionOf(after)]).toEqual([withoutLinks(text), versionOf({ headers })]);
    });
  });

  it.each([1, 2, 3, 4])('makes the same row of what was read of row %i', async (id) => {
    const { text } = await read('every_type', id, VN2000);
    const copy = text
      .replace(/"id":\d+,/, '')
      .replace(/,"computed":(-?\d+|null)/, '')
      .replace(/"geometry" : .*?, "properties"/s, '"geometry": null, "properties"');
    const made = await send({ method: 'post', table: 'every_type', body: copy, crs: VN2000 });
    expect([made.status, made.body.details]).toEqual([201, undefined]);
    const json = async (which: unknown) => {
      const [found] = await engine.db.query<{ json: string }>(
        sql`SELECT (to_jsonb(row) - 'id' - 'geom')::text AS json FROM odd.every_type AS row WHERE id = ${which}::text::integer`,
      );
      return found?.json;
    };
    expect(await json(made.body.id)).toBe(await json(id));
  });

  describe('what is changed', () => {
    const shape = async (table: string, id: unknown = 1) => {
      const [found] = await engine.db.query<{ text: string }>(
        sql`SELECT ST_AsEWKT(geom) AS text FROM ${ident('odd', table)} WHERE id = ${id}::text::integer`,
      );
      return found?.text;
    };
    const patch = (table: string, id: unknown, body: object | string, crs = VN2000) =>
      send({ method: 'patch', table, id, body, crs });
    const geometryOf = async (table: string, crs = VN2000) => JSON.parse((await read(table, 1, crs)).text).geometry;

    beforeAll(async () => {
      await engine.db.script(`
        CREATE TABLE odd.corner (id integer PRIMARY KEY, name text, geom geometry(Polygon, 9210));
        CREATE TABLE odd.path (id integer PRIMARY KEY, geom geometry);
        INSERT INTO odd.path VALUES (1, 'SRID=9210;POINT Z(600000 1230000 5)'), (2, 'SRID=9210;POINT(600000 1230000)');
        CREATE TABLE odd.line_z (id integer PRIMARY KEY, geom geometry(LineStringZ, 9210));
        CREATE TABLE odd.parent_plot (id integer PRIMARY KEY, name text, geom geometry(Point, 9210));
        CREATE TABLE odd.child_plot (PRIMARY KEY (id)) INHERITS (odd.parent_plot);`);
      await test.services.catalog.refresh();
    });

    it.each(['', epsgUri(4326), epsgUri(3857)])('moves one corner in "%s" and no other', async (crs) => {
      await engine.db.query(sql`DELETE FROM odd.corner`);
      // Clockwise, as no GeoJSON is.
      await engine.db.query(sql`INSERT INTO odd.corner VALUES (1, 'x',
        'SRID=9210;POLYGON((600000.12345678 1230000.1,600000.2 1230100.3,600100.4 1230100.5,600100.6 1230000.7,600000.12345678 1230000.1))')`);
      const geometry = await geometryOf('corner', crs);
      const other = { type: 'Point', coordinates: [600200, 1230200] };
      const moved = geometry.coordinates[0].findIndex((_: unknown, index: number) => index === 2);
      const [there] = await engine.db.query<{ x: number; y: number }>(sql`
        SELECT ST_X(p) AS x, ST_Y(p) AS y FROM ST_Transform(ST_SetSRID(ST_MakePoint(${other.coordinates[0]}::float8, ${other.coordinates[1]}::float8), 9210),
          ${crs.includes('3857') ? 3857 : 4326}::int) AS p`);
      const position = [there?.x, there?.y];
      geometry.coordinates[0][moved] = crs === epsgUri(4326) ? position.reverse() : position;
      const answer = await patch('corner', 1, { geometry }, crs);
      expect([answer.status, answer.body.details]).toEqual([200, undefined]);
      const [, ...numbers] = /\(\((.*)\)\)/.exec((await shape('corner')) ?? '')?.[0]?.match(/[\d.]+/g) ?? [];
      const text = numbers.join(' ');
      for (const kept of ['1230000.1', '600000.2 1230100.3', '600100.6 1230000.7', '600000.12345678 1230000.1']) {
        expect(text).toContain(kept);
      }
      const [distance] = await engine.db.query<{ metres: number }>(
        sql`SELECT ST_Distance(geom, 'SRID=9210;POINT(600200 1230200)'::geometry) AS metres FROM odd.corner`,
      );
      expect(distance?.metres).toBeLessThan(0.001);
      expect(text).not.toContain('600100.4 1230100.5');
    });

    it('keeps heights and measures where they were, takes new heights, and refuses what would lose either', async () => {
      await engine.db.query(
        sql`INSERT INTO odd.line_z VALUES (1, 'SRID=9210;LINESTRING Z(600000 1230000 5.5,600100 1230100 6.5)')`,
      );
      const line = (...coordinates: number[][]) => ({ geometry: { type: 'LineString', coordinates } });
      const before = await shape('line_z');
      for (const lost of [
        line([600000, 1230000], [600200, 1230200]),
        line([600000, 1230000, 5.5, 1], [600100, 1230100, 6.5]),
      ]) {
        const { status, body } = await patch('line_z', 1, lost);
        expect([status, body.parameter]).toEqual([400, 'geometry']);
      }
      expect(await shape('line_z')).toBe(before);
      await patch('line_z', 1, line([600000, 1230000], [600200, 1230200, 7.25])).expect(200);
      expect(await shape('line_z')).toBe('SRID=9210;LINESTRING(600000 1230000 5.5,600200 1230200 7.25)');
      await patch('line_z', 1, line([600000, 1230000, 8], [600200, 1230200])).expect(200);
      expect(await shape('line_z')).toBe('SRID=9210;LINESTRING(600000 1230000 8,600200 1230200 7.25)');
      // A loop: its first and its last position are equal, but have different measures.
      await patch('shape_xym', 1, line([600000, 1230000], [600100.00001, 1230100], [600050, 1230050])).expect(400);
      await patch('shape_xym', 1, line([600000, 1230000], [600000, 1230000])).expect(400);
      await patch('shape_xym', 1, line([600000, 1230000], [600100.00001, 1230100])).expect(400);
      const shorter = line([600000, 1230000], [600100.00001, 1230100], [600100.00001, 1230100], [600000, 1230000]);
      await patch('shape_xym', 1, shorter).expect(200);
      expect(await shape('shape_xym')).toBe(
        'SRID=9210;LINESTRINGM(600000 1230000 1,600100.00001 1230100 2,600100.00001 1230100 2,600000 1230000 3)',
      );
      await patch('corner', 1, {
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [600000, 1230000, 1],
              [600100, 1230000, 1],
              [600100, 1230100, 1],
              [600000, 1230000, 1],
            ],
          ],
        },
      }).expect(400);
      const { body } = await patch('shape_arc', 1, {
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [600000, 1230000],
              [600100, 1230000],
              [600100, 1230100],
              [600000, 1230000],
            ],
          ],
        },
      });
      expect(body.details.en).toContain('arcs');
    });

    it('keeps the height of an undeclared column, and gives one to what had none', async () => {
      await patch('path', 1, { geometry: { type: 'Point', coordinates: [600001, 1230000] } }).expect(400);
      await patch('path', 1, { geometry: { type: 'Point', coordinates: [600001, 1230000, 6] } }).expect(200);
      await patch('path', 2, { geometry: { type: 'Point', coordinates: [600001, 1230000, 6] } }).expect(200);
      expect([await shape('path', 1), await shape('path', 2)]).toEqual(
        Array(2).fill('SRID=9210;POINT(600001 1230000 6)'),
      );
    });

    it.each([
      [400, '{"fixed": 1.00001}'],
      [422, '{"fixed": 12345678901234567890}'],
      [400, '{"f8": 12345678901234567890}'],
      [400, '{"f8": 1e-400}'],
      [400, '{"f4": 16777217}'],
      [400, '{"floats": [0.1, 16777217]}'],
      [400, '{"i8": 1.5}'],
      [422, '{"i8": 9223372036854775808}'],
      [400, '{"amounts": [1.105]}'],
      [400, '{"price": 1.105}'],
      [422, '{"price": -1}'],
      [400, '{"short": "abcde "}'],
      [422, '{"short": "abcdef"}'],
      [400, '{"at": "2025-07-01T00:00:00.1234567Z"}'],
      [400, '{"at": "2025-07-01T00:00:00+16:00"}'],
      [400, '{"at": "2025-07-01T00:00:00"}'],
      [400, '{"limited": "2025-07-01T00:00:00.5Z"}'],
      [400, '{"rounded": "07:00:00.55"}'],
      [422, '{"grade": "giữa"}'],
      [422, '{"code": "x"}'],
      [400, '{"computed": 5}'],
    ])('is refused with %i where a column would change it: %s', async (status, properties) => {
      const before = await row('every_type', 4);
      const { status: got, body } = await patch('every_type', 4, `{"properties": ${properties}}`);
      expect([got, await row('every_type', 4)]).toEqual([status, before]);
      expect(body.details.vi).not.toBe(body.details.en);
    });

    it.each([
      ['i8', '9007199254740993', '9007199254740993'],
      ['i8', '"9007199254740995"', '9007199254740995'],
      ['i8', '5.0', '5'],
      ['free', '0.12345678901234567890123', '0.12345678901234567890123'],
      ['free', '1e30', '1000000000000000000000000000000'],
      ['f8', '0.10000000000000001', '0.1'],
      ['f4', '0.10000000149011612', '0.1'],
      ['local', '"2025-07-01T07:00:00.123456+07:00"', '2025-07-01 00:00:00.123456'],
      ['at', '"2025-07-01T07:00:00.123456+07:00"', '2025-07-01 00:00:00.123456+00'],
      ['raw', '{"b": 12345678901234567890.10, "a": 1}', '{"b":12345678901234567890.10,"a":1}'],
      ['document', '{"b": 12345678901234567890.10}', '{"b": 12345678901234567890.10}'],
      ['bigs', '[9007199254740993, null]', '{9007199254740993,NULL}'],
    ])('%s takes %s', async (field, given, stored) => {
      await patch('every_type', 4, `{"properties": {"${field}": ${given}}}`).expect(200);
      const [found] = await engine.db.query<{ value: string }>(
        sql`SELECT CASE WHEN ${field}::text = 'at' THEN (at AT TIME ZONE 'UTC')::text || '+00' ELSE ${ident(field)}::text END AS value FROM odd.every_type WHERE id = 4`,
      );
      expect(found?.value).toBe(stored);
    });

    it('takes its own rows of a table that others inherit from', async () => {
      await engine.db.script(`
        INSERT INTO odd.parent_plot VALUES (1, 'parent', 'SRID=9210;POINT(600000 1230000)');
        INSERT INTO odd.child_plot VALUES (1, 'child', 'SRID=9210;POINT(600001 1230000)'), (2, 'child', 'SRID=9210;POINT(600002 1230000)');`);
      const target = (id: number) => request(test.app).delete(`${items('parent_plot')}/${id}`);
      // A table with heirs has no key over all rows, so nothing in it is editable.
      const isKeyed = test.services.catalog.current().layers.get('odd.parent_plot')?.key.kind === 'columns';
      await target(2).expect(isKeyed ? 409 : 405);
      await target(1).expect(isKeyed ? 204 : 405);
      const left = await engine.db.query(sql`SELECT name, id FROM odd.parent_plot ORDER BY id`);
      expect(left.filter(({ name }) => name === 'child')).toEqual([1, 2].map((id) => ({ name: 'child', id })));
      expect(left).toHaveLength(isKeyed ? 2 : 3);
    });
  });
});
