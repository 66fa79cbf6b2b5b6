/** Layers whose names, tables or writers are difficult for the triggers of derived rows. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discover } from '../../../src/catalog/discover.ts';
import type { Catalog, Layer } from '../../../src/catalog/layer.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { PINNED } from '../../../src/database/session-settings.ts';
import { ident, raw, sql } from '../../../src/database/sql.ts';
import { Derivation } from '../../../src/tiles/derived/derivation.ts';
import { derivedName, mosaicName } from '../../../src/tiles/derived/derived-table.ts';
import { describeEngines } from '../../engine.ts';

/** 63 bytes, beyond which PostgreSQL cuts a name. No room is left for a prefix. */
const LONG = `thửa đất ${'a'.repeat(63 - Buffer.byteLength('thửa đất '))}`;

describeEngines('triggers of derived rows', (engine) => {
  let derivation: Derivation;
  const table = (
    name: string,
  ) => `CREATE TABLE odd.${ident(name).text} (id int PRIMARY KEY, kind text, geom geometry(Polygon, 3857));
    INSERT INTO odd.${ident(name).text} SELECT n, 'k' || n % 3, ST_MakeEnvelope(n * 3000, 0, n * 3000 + 3000, 3000, 3857) FROM generate_series(1, 60) AS n;`;

  beforeAll(async () => {
    await engine.db.script(
      `CREATE SCHEMA odd; ${table('plot')} ${table('plot mosaic')} ${table('mosaic')} ${table(LONG)}`,
    );
    derivation = new Derivation(engine.db);
  });
  afterAll(() => derivation?.close());

  /** Returns the catalog of the odd tables, some of which show a mosaic of their kinds at low zooms. */
  async function dissolved(...names: string[]): Promise<Catalog> {
    const catalog = await discover(engine.db, ['odd']);
    const mosaic = { class: 'kind', top: 14 };
    const layers = [...catalog.layers].map(([id, layer]) => {
      const zooms = { min: 12, max: 16 };
      return [id, names.includes(layer.table) ? { ...layer, mosaic, zooms } : layer] as const;
    });
    return { ...catalog, layers: new Map(layers) };
  }

  const kindsOf = async (layer: Layer) =>
    (await engine.db.query<{ kind: string }>(sql`SELECT DISTINCT kind FROM ${mosaicName(layer)} ORDER BY kind`)).map(
      ({ kind }) => kind,
    );
  const stale = () => engine.db.query(raw('SELECT DISTINCT layer FROM tile.stale ORDER BY layer'));

  it.each(['plot', 'mosaic', LONG])('follow a mosaic of the table "%s"', async (name) => {
    const catalog = await dissolved(name);
    await derivation.ensure(catalog);
    const layer = catalog.layers.get(`odd.${name}`) as Layer;
    expect(derivation.stateOf(layer).mosaic).toBe('current');
    expect(await kindsOf(layer)).toEqual(['k0', 'k1', 'k2']);
    await engine.db.script(`UPDATE ${ident('odd', name).text} SET kind = 'new' WHERE id <= 30`);
    expect(await kindsOf(layer)).toEqual(['k0', 'k1', 'k2', 'new']);
    expect(await stale()).toEqual([]);
    await engine.db.script(`TRUNCATE ${ident('odd', name).text}`);
    expect(await kindsOf(layer)).toEqual([]);
    expect(await stale()).toEqual([]);
    await engine.db.script(`DROP TABLE ${ident('odd', name).text}; ${table(name)}`);
  });

  it('keep the derived rows of two layers apart, whatever they are called', async () => {
    const catalog = await dissolved('plot');
    await derivation.ensure(catalog);
    const [plots, other] = ['odd.plot', 'odd.plot mosaic'].map((id) => catalog.layers.get(id) as Layer);
    expect([derivation.stateOf(plots!), derivation.stateOf(other!)]).toEqual([
      { isDerived: true, isWatched: true, mosaic: 'current' },
      { isDerived: true, isWatched: true, mosaic: 'none' },
    ]);
    // Nothing is left of the dropped one, and the other is complete.
    await engine.db.script('DROP TABLE odd."plot mosaic"');
    await derivation.ensure(await dissolved('plot'));
    expect(await kindsOf(plots!)).toEqual(['k0', 'k1', 'k2']);
    expect(await engine.db.query(sql`SELECT to_regclass(${derivedName(other!).text}) AS left`)).toEqual([
      { left: null },
    ]);
  });

  it('follow a table that gets another name, under that name alone', async () => {
    await engine.db.script('ALTER TABLE odd.plot RENAME TO lot');
    const catalog = await dissolved('lot');
    await derivation.ensure(catalog);
    const triggers = await engine.db.query<{ name: string; n: number }>(
      raw(
        `SELECT tgfoid::regproc::text AS name, count(*)::int AS n FROM pg_trigger WHERE tgrelid = 'odd.lot'::regclass GROUP BY 1`,
      ),
    );
    expect(triggers).toEqual([{ name: 'tile."changed odd.lot"', n: 4 }]);
    expect(await engine.db.query(raw(`SELECT layer FROM tile.derived WHERE layer = 'odd.plot'`))).toEqual([]);
    await engine.db.script(`UPDATE odd.lot SET kind = 'new'`);
    expect(await kindsOf(catalog.layers.get('odd.lot') as Layer)).toEqual(['new']);
  });

  it('do nothing where a statement has written no row', async () => {
    const changes = () => engine.db.query(raw('SELECT count(*)::int AS n FROM tile.change'));
    const before = await changes();
    await engine.db.script(`UPDATE environment.observation SET value = 1 WHERE FALSE; DELETE FROM odd.lot WHERE FALSE`);
    expect(await changes()).toEqual(before);
  });

  it('replace a row that was left where none should be', async () => {
    const catalog = await dissolved('lot');
    await derivation.ensure(catalog);
    const lots = catalog.layers.get('odd.lot') as Layer;
    await engine.db.script(`INSERT INTO ${derivedName(lots).text} SELECT 900 AS key, t.* FROM (SELECT "diaba id", id, kind, "diaba rounded", "diaba zoom", "diaba mercator"
        FROM ${derivedName(lots).text} WHERE id = 1) AS t;
      INSERT INTO odd.lot SELECT 900, 'right', geom FROM odd.lot WHERE id = 2`);
    expect(await engine.db.query(sql`SELECT kind FROM ${derivedName(lots)} WHERE "diaba key" = 900`)).toEqual([
      { kind: 'right' },
    ]);
    expect(await stale()).toEqual([]);
  });

  it('follow a writer who may write the table and nothing else', async () => {
    const catalog = await dissolved('lot');
    await derivation.ensure(catalog);
    const lots = catalog.layers.get('odd.lot') as Layer;
    await engine.db.script(`DO $$ BEGIN CREATE ROLE odd_writer; EXCEPTION WHEN duplicate_object THEN END $$;
      GRANT USAGE ON SCHEMA odd TO odd_writer; GRANT SELECT, UPDATE ON odd.lot TO odd_writer`);
    await engine.db.transaction((writer) =>
      writer.script(`SET LOCAL ROLE odd_writer; UPDATE odd.lot SET kind = 'hers' WHERE id = 3`),
    );
    expect(await engine.db.query(sql`SELECT kind FROM ${derivedName(lots)} WHERE "diaba key" = 3`)).toEqual([
      { kind: 'hers' },
    ]);
    expect(await stale()).toEqual([]);
  });

  it('follow rows that replication applies', async () => {
    const catalog = await dissolved('lot');
    await derivation.ensure(catalog);
    await engine.db.transaction((writer) =>
      writer.script(`SET LOCAL session_replication_role = replica; UPDATE odd.lot SET kind = 'applied' WHERE id = 4`),
    );
    const lots = derivedName(catalog.layers.get('odd.lot') as Layer);
    expect(await engine.db.query(sql`SELECT kind FROM ${lots} WHERE "diaba key" = 4`)).toEqual([{ kind: 'applied' }]);
  });

  it.skipIf(engine.name === 'embedded')(
    'give rows up for a writer whose snapshot shows another definition',
    async () => {
      await engine.db.transaction(async (writer) => {
        await writer.script('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
        await writer.query(sql`SELECT count(*) FROM land.parcel`);
        await engine.db.script(`UPDATE tile.derived SET fingerprint = 'former' WHERE layer = 'odd.lot'`);
        await derivation.ensure(await dissolved());
        await writer.script(`UPDATE odd.lot SET kind = 'late' WHERE id = 5`);
      });
      expect(await stale()).toEqual([{ layer: 'odd.lot' }]);
      const catalog = await dissolved();
      await derivation.ensure(catalog);
      expect(
        await engine.db.query(
          sql`SELECT kind FROM ${derivedName(catalog.layers.get('odd.lot') as Layer)} WHERE id = 5`,
        ),
      ).toEqual([{ kind: 'late' }]);
    },
  );

  it('follow the text of today at once, and keep the rows that are there', async () => {
    const catalog = await dissolved();
    await derivation.ensure(catalog);
    const lots = derivedName(catalog.layers.get('odd.lot') as Layer);
    const built = () => engine.db.query(raw(`SELECT layer, built_at::text FROM tile.derived ORDER BY layer`));
    const before = await built();
    await engine.db.script(`CREATE OR REPLACE FUNCTION tile."changed odd.lot"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      UPDATE catalog.definition SET hash = 'of an older text' WHERE name = 'tile.follower'`);
    expect(await migrate(engine.db)).toEqual(['tile.follower']);
    await engine.db.script(`UPDATE odd.lot SET kind = 'followed' WHERE id = 7`);
    expect(await engine.db.query(sql`SELECT kind FROM ${lots} WHERE id = 7`)).toEqual([{ kind: 'followed' }]);
    expect(await built()).toEqual(before);
  });

  it('have the settings of the sessions of the server, on which texts of values depend', async () => {
    const [row] = await engine.db.query<{ settings: string[] }>(
      raw(`SELECT proconfig AS settings FROM pg_proc WHERE oid = 'tile."changed odd.lot"'::regproc`),
    );
    const settings = Object.fromEntries((row?.settings ?? []).map((each) => each.split('=') as [string, string]));
    const { DateStyle, IntervalStyle, TimeZone, bytea_output, extra_float_digits } = PINNED;
    expect(settings).toEqual({
      search_path: 'public',
      jit: 'off',
      DateStyle,
      IntervalStyle,
      TimeZone,
      bytea_output,
      extra_float_digits,
    });
  });
});
