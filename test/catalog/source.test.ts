import request from 'supertest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { describeBareEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

describeBareEngines('the catalog while the server runs', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script('CREATE SCHEMA odd');
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
  });
  afterAll(() => test?.close());

  /**
   * Runs a script that changes definitions. PostgreSQL announces it by an event trigger. Those do not fire on the
   * embedded engine, where the writer announces it.
   */
  async function define(script: string): Promise<void> {
    await engine.db.script(script);
    if (engine.name === 'embedded') await engine.db.query(sql`SELECT pg_notify('diaba_catalog', '')`);
  }
  const fieldsOf = (id: string) =>
    test.services.catalog
      .current()
      .layers.get(id)
      ?.fields.map(({ name }) => name);

  it('follows a table that is created, altered and dropped', async () => {
    await request(test.app).get('/collections/odd.later').expect(404);
    await define('CREATE TABLE odd.later (id integer PRIMARY KEY, geom geometry(Point, 9210))');
    await vi.waitFor(() => expect(fieldsOf('odd.later')).toEqual(['id']), 5000);
    await request(test.app).get('/collections/odd.later/items').expect(200);

    await define('ALTER TABLE odd.later ADD note text');
    await vi.waitFor(() => expect(fieldsOf('odd.later')).toEqual(['id', 'note']), 5000);
    await request(test.app).get('/collections/odd.later/items?note=x').expect(200);

    await define('DROP TABLE odd.later');
    await vi.waitFor(() => expect(fieldsOf('odd.later')).toBeUndefined(), 5000);
    await request(test.app).get('/collections/odd.later/items').expect(404);
    await request(test.app).get('/xyz/odd.later/0/0/0.mvt').expect(404);
  });

  it('discovers after a failure, even if another discovery ended since the request began', async () => {
    await engine.db.script('CREATE TABLE odd.raced (id integer PRIMARY KEY, geom geometry(Point, 9210))');
    const { catalog } = test.services;
    const seen = await catalog.refresh();
    await catalog.refresh();
    await engine.db.script('ALTER TABLE odd.raced RENAME geom TO shape');
    const failure = await engine.db.query(sql`SELECT geom FROM odd.raced`).catch((error: unknown) => error);
    expect(await catalog.renew(seen, failure)).toBe(true);
    expect(await catalog.renew(catalog.current(), failure)).toBe(false);
    await define('DROP TABLE odd.raced');
  });

  it('answers truly at the moment a definition changes, without a failure in between', async () => {
    const paths = (layer: string) => [
      `/collections/${layer}/items?f=json`,
      `/collections/${layer}/items?f=csv`,
      `/collections/${layer}/items?f=geojson`,
      `/collections/${layer}/items/1`,
      `/collections/${layer}`,
      `/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=${layer}`,
      `/xyz/${layer}/0/0/0.mvt`,
      `/xyz/${layer}/0/0/0.mvt?properties=name`,
    ];
    const statusOf = async (path: string) => {
      const { status, text } = await request(test.app).get(path);
      return [path, status, status === 500 ? text : ''] as const;
    };
    await engine.db.script(`CREATE TABLE odd.moving (id integer PRIMARY KEY, name text, size integer, geom geometry(Point, 9210));
      INSERT INTO odd.moving VALUES (1, 'a', 7, 'SRID=9210;POINT(600000 1220000)')`);
    await test.services.catalog.refresh();
    for (const path of paths('odd.moving')) expect(await statusOf(path)).toEqual([path, 200, '']);
    const changes = [
      'ALTER TABLE odd.moving DROP size',
      'ALTER TABLE odd.moving RENAME name TO title; ALTER TABLE odd.moving ADD name integer',
      'ALTER TABLE odd.moving ALTER name TYPE text USING name::text',
      'ALTER TABLE odd.moving RENAME geom TO shape',
      'ALTER TABLE odd.moving ALTER id TYPE bigint',
      'ALTER TABLE odd.moving ALTER id TYPE text USING id::text',
      'ALTER TABLE odd.moving ALTER shape TYPE geometry(Point, 4326) USING ST_Transform(shape, 4326)',
      'DROP TABLE odd.moving; CREATE TABLE odd.moving (id integer PRIMARY KEY, name text, geom geometry(Point, 9210)); INSERT INTO odd.moving VALUES (1)',
    ];
    for (const change of changes) {
      for (const path of paths('odd.moving')) {
        // Immediately, before the change is announced to the server.
        if (path === paths('odd.moving')[0]) await engine.db.script(change);
        // The row of the last definition has no geometry, so no tile holds it.
        const isEmpty = change === changes.at(-1) && path.startsWith('/xyz');
        expect([change, ...(await statusOf(path))]).toEqual([change, path, isEmpty ? 204 : 200, '']);
      }
    }
    await engine.db.script('ALTER TABLE odd.moving RENAME TO moved');
    for (const path of paths('odd.moving')) {
      expect((await statusOf(path)).slice(0, 2)).toEqual([path, path.startsWith('/wfs') ? 400 : 404]);
    }
    await request(test.app).get('/collections/odd.moved/items').expect(200);
    await engine.db.script('ALTER SCHEMA odd RENAME TO even');
    await request(test.app).get('/collections/odd.moved/items').expect(404);
  });
});
