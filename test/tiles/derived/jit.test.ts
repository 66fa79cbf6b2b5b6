import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyPostgres, hasPostgres } from '../../engine.ts';

/** A foreign writer has the settings of `initdb`, so expensive statements are compiled. */
describe.skipIf(!hasPostgres())('writers with jit, which PostgreSQL has on by default', () => {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client({ connectionString: await copyPostgres() });
    await client.connect();
  });
  afterAll(() => client?.end());

  it('have it, and what their triggers run has not', async () => {
    expect((await client.query('SHOW jit')).rows).toEqual([{ jit: 'on' }]);
    // Immutable functions have no statement of their own: most are inlined, which a setting would prevent.
    const { rows } = await client.query<{ name: string; settings: string[] | null }>(
      `SELECT oid::regprocedure::text AS name, proconfig AS settings FROM pg_proc WHERE pronamespace = 'tile'::regnamespace AND provolatile <> 'i'`,
    );
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ settings }) => !settings?.includes('jit=off'))).toEqual([]);
  });

  it('commit an edit as soon as without', async () => {
    const edit = async (jit: string) => {
      await client.query(`SET jit = ${jit}`);
      const began = performance.now();
      await client.query(
        `UPDATE land.parcel SET main_use = CASE main_use WHEN 'ODT' THEN 'SKC' ELSE 'ODT' END WHERE id = (SELECT min(id) FROM land.parcel)`,
      );
      return performance.now() - began;
    };
    // Everything possible is compiled, which takes five seconds if nothing prevents it.
    await client.query('SET jit_above_cost = 0; SET jit_inline_above_cost = 0; SET jit_optimize_above_cost = 0');
    await edit('off');
    const [on, off] = [await edit('on'), await edit('off')];
    expect(on).toBeLessThan(3 * off + 1000);
  });

  it('derive the same whatever their session writes dates and places in time as', async () => {
    await client.query(`SET datestyle = 'German'; SET timezone = 'Asia/Ho_Chi_Minh'; SET intervalstyle = 'iso_8601'`);
    await client.query('UPDATE base.unit SET valid_from = valid_from');
    const { rows } = await client.query<{ from: string }>('SELECT DISTINCT valid_from AS from FROM tile."base.unit"');
    expect(rows.length).toBeGreaterThan(0);
    for (const { from } of rows) expect(from).toMatch(/^\d{4}-\d\d-\d\d$/);
  });
});
