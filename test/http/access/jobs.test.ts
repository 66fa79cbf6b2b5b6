/** Processes over restricted layers, and whose their results are. */
import request from 'supertest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { revokeKeyQuery } from '../../../src/access/key-query.ts';
import { sql } from '../../../src/database/sql.ts';
import { describeBareEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../app.ts';
import { bytesOf } from '../features/file-bytes.ts';
import { audited, type GivenKey, giveKey, known, RESTRICTED_TABLES, SECOND_UNIT } from './keys.ts';

const SECRET = 'odd.secret';
const PLACE = { type: 'Point', coordinates: [106.67, 11.03] };

describeBareEngines('processes for keys', (engine) => {
  let test: TestApp;
  let all: GivenKey;
  let twin: GivenKey;
  let unit: GivenKey;

  beforeAll(async () => {
    await engine.db.script(RESTRICTED_TABLES);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd', DIABA_PUBLIC_URL: 'http://localhost' });
    all = await giveKey(engine.db, { databases: ['odd'] });
    twin = await giveKey(engine.db, { databases: ['odd'] });
    unit = await giveKey(engine.db, { databases: ['odd'], units: SECOND_UNIT });
    await known(test);
  });
  afterAll(() => test?.close());

  const headers = (key?: GivenKey) => ({ 'accept-language': 'en', ...(key ? { 'x-api-key': key.text } : {}) });
  const execute = (process: string, inputs: object, key?: GivenKey) =>
    request(test.app).post(`/processes/${process}/execution`).set(headers(key)).send({ inputs });
  const get = (path: string, key?: GivenKey) => request(test.app).get(path).set(headers(key));
  const nearest = (key?: GivenKey, layer = SECRET) => execute('nearest', { geometry: PLACE, layer }, key);
  const since = async (before: number) => (await audited(engine.db)).slice(before);
  const written = async () => (await audited(engine.db)).length;

  it('read what the key may see, each recorded', async () => {
    const before = await written();
    const whole = await nearest(all);
    expect([whole.status, whole.text.includes('zebrafinch'), whole.text.includes('nighthawk')]).toEqual([
      200,
      true,
      true,
    ]);
    const own = await nearest(unit);
    expect([own.status, own.text.includes('zebrafinch'), own.text.includes('nighthawk')]).toEqual([200, false, true]);
    const counted = await execute('summarise', { layer: SECRET, by: 'name' }, unit);
    expect([counted.status, counted.text.includes('zebrafinch')]).toEqual([200, false]);
    expect(JSON.stringify(counted.body)).toContain('nighthawk');
    const personal = await execute('summarise', { layer: 'odd.open', by: 'cccd' }, all);
    expect(JSON.stringify(personal.body)).toContain('kingfisher');
    const path = 'POST /processes/nearest/execution';
    expect(await since(before)).toMatchObject([
      { key_id: all.id, action: 'read', layer: SECRET, request: path, purpose: 'thu thuế đất' },
      { key_id: unit.id, layer: SECRET, request: path },
      { key_id: unit.id, layer: SECRET },
      { key_id: all.id, layer: 'odd.open' },
    ]);
  });

  it('refuse others as if the layer or the field were not there', async () => {
    const before = await written();
    const same = async (process: string, hidden: object, missing: object) => {
      const [given, expected] = [await execute(process, hidden), await execute(process, missing)];
      const text = (answer: typeof given) => answer.text.replace(/odd\.secret|odd\.absent|cccd|nope/g, '*');
      expect([given.status, text(given)]).toEqual([expected.status, text(expected)]);
      expect(given.status).toBe(400);
    };
    for (const process of ['nearest', 'buffer', 'overlay'])
      await same(
        process,
        { geometry: PLACE, layer: SECRET, layers: [SECRET] },
        { geometry: PLACE, layer: 'odd.absent', layers: ['odd.absent'] },
      );
    await same('export', { layer: SECRET, format: 'csv' }, { layer: 'odd.absent', format: 'csv' });
    await same('summarise', { layer: 'odd.open', by: 'cccd' }, { layer: 'odd.open', by: 'nope' });
    const where = (property: string) => ({ op: 'isNull', args: [{ property }] });
    await same('summarise', { layer: 'odd.open', filter: where('cccd') }, { layer: 'odd.open', filter: where('nope') });
    expect(await since(before)).toEqual([]);
  });

  it('give results that belong to their key, in every form, and each reading is recorded', async () => {
    const { job, links } = (await nearest(all)).body as { job: string; links: { rel: string; href: string }[] };
    const collection = links.find(({ rel }) => rel === 'collection')?.href.replace('http://localhost', '') as string;
    const layer = collection.replace('/collections/', '');
    const forms = [
      `/jobs/${job}`,
      `/jobs/${job}?f=html`,
      `/jobs/${job}/results`,
      `/jobs/${job}/results?f=xlsx`,
      `/jobs/${job}/features`,
      `/jobs/${job}/xyz/tilejson.json`,
      collection,
      `${collection}/items`,
      `${collection}/items/1`,
      `${collection}/items?f=csv`,
      `${collection}/queryables`,
      `/xyz/${layer}/tilejson.json`,
      `/xyz/${layer}/0/0/0.mvt`,
      `${collection}/tiles/WebMercatorQuad/0/0/0`,
      `/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=diaba:${layer}`,
    ];
    for (const path of filled(forms)) {
      const before = await written();
      const own = await bytesOf(get(path, all));
      expect([path, own.status < 400]).toEqual([path, true]);
      const rows = await since(before);
      const tellsNothing = path === `/jobs/${job}`;
      expect([path, rows.map((row) => [row.layer, row.key_id])]).toEqual([
        path,
        tellsNothing ? [] : [[SECRET, all.id]],
      ]);
      for (const other of [twin, unit, undefined]) {
        const answer = await bytesOf(get(path, other));
        expect([path, other === undefined, answer.status]).toEqual([
          path,
          other === undefined,
          path.startsWith('/wfs') ? 400 : 404,
        ]);
        expect(String(answer.body)).not.toMatch(/zebrafinch|nighthawk/);
      }
      expect((await since(before)).length).toBe(rows.length);
    }
    for (const other of [twin, unit, undefined]) {
      const dismissed = await request(test.app).delete(`/jobs/${job}`).set(headers(other));
      const unknown = await request(test.app)
        .delete(`/jobs/${'0'.repeat(32)}`)
        .set(headers(other));
      expect([dismissed.status, dismissed.text]).toEqual([404, unknown.text]);
      const inputs = { geometry: PLACE, layer };
      expect((await execute('nearest', inputs, other)).status).toBe(400);
    }
    expect((await nearest(all, layer)).status).toBe(200);
    expect((await request(test.app).delete(`/jobs/${job}`).set(headers(all))).status).toBe(200);
    expect([(await get(`/jobs/${job}/results`, all)).status, (await get(`/jobs/${job}/results`)).status]).toEqual([
      410, 404,
    ]);
  });

  it('export files of the rows and fields that the key may see', async () => {
    for (const format of ['csv', 'gpkg', 'pmtiles']) {
      const { job } = (await execute('export', { layer: SECRET, format }, unit)).body;
      const file = await bytesOf(get(`/jobs/${job}/file`, unit));
      expect([format, file.status]).toEqual([format, 200]);
      expect(String(file.body)).not.toContain('zebrafinch');
      if (format === 'csv') expect(String(file.body)).toContain('nighthawk');
      expect((await get(`/jobs/${job}/file`, twin)).status).toBe(404);
      expect((await get(`/jobs/${job}/file`)).status).toBe(404);
    }
    const { job } = (await execute('export', { layer: 'odd.open', format: 'csv' })).body;
    const open = await get(`/jobs/${job}/file`);
    expect([open.status, open.text.includes('kingfisher')]).toEqual([200, false]);
    expect((await get(`/jobs/${job}/file`, unit)).status).toBe(200);
  });

  it('do not run for a key that was revoked while its job waited', async () => {
    const late = await giveKey(engine.db, { databases: ['odd'] });
    await known(test);
    const { job } = (await nearest(late)).body;
    await engine.db.query(revokeKeyQuery(late.id));
    await known(test);
    await engine.db.query(
      sql`UPDATE result.job SET status = 'accepted', "values" = NULL, finished_at = NULL WHERE id = ${job}`,
    );
    const state = async () =>
      (
        await engine.db.query<{ status: string; error: unknown }>(
          sql`SELECT status, error FROM result.job WHERE id = ${job}`,
        )
      )[0];
    await vi.waitFor(async () => expect((await state())?.status).toBe('failed'), 10_000);
    expect((await state())?.error).toMatchObject({ type: 'unauthorized' });
    expect((await get(`/jobs/${job}/results`, late)).status).toBe(401);
  });
});
