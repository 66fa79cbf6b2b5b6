import request from 'supertest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

describeEngines('the catalog while the server runs', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script('CREATE SCHEMA odd');
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
  });
  afterAll(() => test?.close());

  /** PostgreSQL says so by an event trigger; on the embedded engine those do not fire, and the writer says so. */
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
});
