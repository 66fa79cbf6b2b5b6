import { readFileSync } from 'node:fs';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ident, sql } from '../../src/database/sql.ts';
import { epsgUri } from '../../src/geo/crs.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

const FIXTURE = new URL('../fixtures/read-and-write.sql', import.meta.url);
/** An ETag is the row's version and a digest of what it tells, links and system included. */
const versionOf = ({ headers }: { headers: Record<string, string> }) => headers.etag?.split('.')[0];
/** Links name the port, which is another for every request here. */
const withoutLinks = (text: string) => text.replace(/,"links":.*$/s, '');
const VN2000 = epsgUri(9210);
const SHAPES = ['shape_xyz', 'shape_xym', 'shape_xyzm', 'shape_arc', 'shape_degree', 'shape_globe'];

describeEngines('what is read and written back', (engine) => {
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
  /** A row to its last byte; `xmin` changes with every write. */
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
        // With every digit, and as JavaScript writes what it has read.
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
    const copy = text.replace(/"id":\d+,/, '').replace(/,"computed":(\d+|-\d+|null)/, '');
    const [before] = await engine.db.query<{ json: string }>(
      sql`SELECT (to_jsonb(row) - 'id' - 'geom')::text AS json FROM odd.every_type AS row WHERE id = ${id}::integer`,
    );
    const same = id === 3 ? ['array'] : [];
    const made = await send({
      method: 'post',
      table: 'every_type',
      body: copy.replace(/"geometry" : .*?, "properties"/s, '"geometry": null, "properties"'),
      crs: VN2000,
    });
    expect([made.status, made.body.details]).toEqual([201, undefined]);
    const [after] = await engine.db.query<{ json: string }>(
      sql`SELECT (to_jsonb(row) - 'id' - 'geom')::text AS json FROM odd.every_type AS row WHERE id = ${made.body.id}::integer`,
    );
    expect(JSON.parse(after!.json)).toEqual(JSON.parse(before!.json));
    expect(same.length || after?.json).toBe(same.length || before?.json);
  });
});
