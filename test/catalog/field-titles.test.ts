import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';

describeEngines('titles of fields', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  it('are there in both languages for every field of every layer that comes with the program', () => {
    const layers = [...test.services.catalog.current().layers.values()];
    const untitled = layers.flatMap(({ id, fields }) =>
      fields
        .filter(({ name, title }) => title.vi === name.replaceAll('_', ' ') || title.vi === title.en)
        .map(({ name }) => `${id}.${name}`),
    );
    expect(layers.length).toBeGreaterThan(15);
    expect(untitled).toEqual([]);
  });

  it('are the first line of CSV, and numbers of parcels stay as they are on pages', async () => {
    const { text } = await request(test.app).get('/collections/land.parcel/items?f=csv&limit=1&headers=vi').expect(200);
    expect(text.split('\n')[0]).toContain('Mã đối tượng,Mã đơn vị hành chính,');
    await engine.db.script('UPDATE land.parcel SET number = 1234 WHERE id = (SELECT min(id) FROM land.parcel)');
    const page = await request(test.app)
      .get('/collections/land.parcel/items?number=1234&limit=1')
      .set('accept', 'text/html')
      .expect(200);
    expect(page.text).toContain('<td>1234</td>');
  });
});
