import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { openApp, type TestApp } from '../app.ts';

describeEngines('zones of a parcel', (engine) => {
  let test: TestApp;
  let parcels: { id: number; national_id: string | null }[];
  beforeAll(async () => {
    test = await openApp(engine.db);
    // Parcels in two zones, in a corridor, and in neither.
    parcels = await engine.db.query(sql`
      (SELECT DISTINCT p.id, p.national_id FROM land.parcel p JOIN land.planning_zone z ON ST_Intersects(z.geom, p.geom) AND NOT ST_Covers(z.geom, p.geom)
        WHERE p.national_id IS NOT NULL ORDER BY p.id LIMIT 3)
      UNION ALL (SELECT DISTINCT p.id, p.national_id FROM land.parcel p JOIN environment.protection_corridor c ON ST_Intersects(c.geom, p.geom) ORDER BY p.id DESC LIMIT 2)`);
  });
  afterAll(() => test?.close());

  const zonesOf = (id: string | number) => request(test.app).get(`/parcels/${id}/zones`);

  it('are those that the process gives', async () => {
    expect(parcels).toHaveLength(5);
    for (const { id, national_id } of filled(parcels)) {
      const inputs = { parcel: id, layers: ['land.planning_zone', 'environment.protection_corridor'], within: 0 };
      const { body: whole } = await request(test.app).post('/processes/overlay/execution').send({ inputs }).expect(200);
      const { body } = await zonesOf(id).expect(200);
      const { themes, rows, coverage, notes } = whole;
      expect(body).toEqual({ parcel: id, areaM2: whole.place.areaM2, themes, rows, coverage, notes });
      expect(body.rows.length).toBeGreaterThan(0);
      if (national_id) expect((await zonesOf(national_id).expect(200)).body).toEqual(body);
    }
  });

  it('have a page', async () => {
    const { text } = await zonesOf(parcels[0]?.id ?? 0)
      .set('accept', 'text/html')
      .expect(200);
    expect(text).toContain('Quy hoạch');
  });

  it('are 404 for a parcel that is not there, and 400 for what no id can be', async () => {
    for (const id of ['999999999', '0', '-1', 'abc', '9999999999999999999', "1'--"]) {
      const { body, status } = await zonesOf(encodeURIComponent(id));
      expect([status, body.details?.en], id).toEqual([404, `There is no parcel "${id}".`]);
    }
    expect((await zonesOf('1'.repeat(21)).expect(400)).body.details.vi).toMatch(/20/);
    expect((await zonesOf(1).query({ layers: 'x' }).expect(400)).body.type).toMatch(/unknown-parameter$/);
  });
});
