import { afterAll, beforeAll, expect, it } from 'vitest';
import { discover } from '../../../src/catalog/discover.ts';
import type { Catalog, Layer } from '../../../src/catalog/layer.ts';
import { readConfig } from '../../../src/config.ts';
import { ident, raw, sql } from '../../../src/database/sql.ts';
import { MAX_ZOOM } from '../../../src/geo/tile.ts';
import { Derivation } from '../../../src/tiles/derived/derivation.ts';
import { derivedColumns, derivedRows } from '../../../src/tiles/derived/derived-rows.ts';
import { derivedName } from '../../../src/tiles/derived/derived-table.ts';
import { describeEngines } from '../../engine.ts';

/** Returns a promise and the function that resolves it. */
function signal(): [() => void, Promise<void>] {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return [resolve, promise];
}

describeEngines('derived rows', (engine) => {
  let catalog: Catalog;
  let parcels: Layer;
  let derivation: Derivation;
  beforeAll(async () => {
    catalog = await discover(engine.db, readConfig({}).schemas);
    parcels = catalog.layers.get('land.parcel') as Layer;
    derivation = new Derivation(engine.db);
    await derivation.refresh(catalog);
  });
  afterAll(() => derivation.close());

  /** Counts rows that the derived table wrongly has or lacks. */
  async function differences(layer: Layer): Promise<number> {
    const columns = raw(
      derivedColumns(layer)
        .map(({ text }) => text)
        .join(', '),
    );
    const [row] = await engine.db.query<{ count: number }>(sql`
      WITH made AS MATERIALIZED (SELECT ${columns} FROM (${derivedRows(layer, ident(layer.schema, layer.table))}) AS r),
        kept AS MATERIALIZED (SELECT ${columns} FROM ${derivedName(layer)})
      SELECT count(*) AS count FROM ((TABLE made EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE made)) AS differing`);
    return row?.count ?? -1;
  }

  /** Returns the mosaic's rows as sorted text. */
  const mosaic = () =>
    engine.db.query(sql`SELECT level, bx, by, main_use, md5("diaba mercator"::text) AS shape
      FROM tile."mosaic land.parcel" ORDER BY level, bx, by, main_use, shape`);

  const changes = () =>
    engine.db.query<{ layer: string; areas: number[][] | null }>(sql`SELECT layer, areas FROM tile.change ORDER BY id`);

  it('are there for every table with a key, from the start', () => {
    const tables = [...catalog.layers.values()].filter(({ isTable }) => isTable);
    expect(tables.length).toBeGreaterThan(12);
    for (const layer of tables) {
      const { isDerived, isWatched, mosaic } = derivation.stateOf(layer);
      expect({ id: layer.id, isDerived, isWatched }).toEqual({ id: layer.id, isDerived: true, isWatched: true });
      expect(mosaic).toBe(layer.mosaic ? 'current' : 'none');
    }
    const view = catalog.layers.get('environment.station_status') as Layer;
    expect(derivation.stateOf(view)).toEqual({ isDerived: false, mosaic: 'none', isWatched: true });
  });

  it('are not read for a layer from the moment its definition has changed', async () => {
    const place = catalog.layers.get('base.place') as Layer;
    const altered = { ...place, tileFields: place.tileFields.slice(1) };
    expect(derivation.stateOf(place).isDerived).toBe(true);
    // The run that this begins takes the catalog of the next call.
    void derivation.ensure(catalog);
    const building = derivation.ensure({ ...catalog, layers: new Map(catalog.layers).set(place.id, altered) });
    expect(derivation.stateOf(altered).isDerived).toBe(false);
    await building;
    expect(derivation.stateOf(altered).isDerived).toBe(true);
    await derivation.ensure(catalog);
    expect(derivation.stateOf(place).isDerived).toBe(true);
  });

  it.each([
    ['an attribute', `UPDATE land.parcel SET legal_area_m2 = 1.5 WHERE id % 40 = 1`],
    ['a class', `UPDATE land.parcel SET main_use = 'SKC' WHERE id % 40 = 2`],
    ['a place', `UPDATE land.parcel SET geom = ST_Translate(geom, 700, -300) WHERE id % 40 = 3`],
    ['a key', `UPDATE base.road SET id = id + 1000000 WHERE id % 10 = 4`, 'base.road'],
    [
      'rows that come',
      `INSERT INTO land.parcel (unit_code, unit_valid_from, sheet, number, main_use, geom)
      SELECT unit_code, unit_valid_from, sheet, number + 5000, 'CLN', ST_Translate(geom, 5, 5) FROM land.parcel WHERE id % 40 = 5`,
    ],
    ['rows that go', `DELETE FROM land.parcel WHERE id % 40 = 6`],
    [
      'several at once',
      `WITH gone AS (DELETE FROM land.parcel WHERE id % 40 = 7 RETURNING *)
      UPDATE land.parcel SET main_use = 'ODT' WHERE id % 40 = 8`,
    ],
  ])('follow %s', async (_, statement, id = 'land.parcel') => {
    const before = (await changes()).length;
    await engine.db.script(statement);
    expect(await differences(catalog.layers.get(id) as Layer)).toBe(0);
    expect((await changes()).slice(before).every(({ layer, areas }) => layer === id && areas)).toBe(true);
    expect((await changes()).length).toBeGreaterThan(before);
  });

  it.skipIf(engine.name === 'embedded')(
    'let writers far apart go side by side, and near each other in turn',
    async () => {
      // Three parcels: two of one block of the mosaic's lowest level, and one of another.
      const rows = await engine.db.query<{
        ids: number[];
      }>(sql`SELECT (array_agg("diaba key" ORDER BY "diaba key"))[1:2]::int[] AS ids
      FROM tile."land.parcel", ST_Centroid("diaba mercator") AS centre,
        tile.tile_column(ST_X(centre), ${parcels.zooms.min + 3}) AS bx, tile.tile_row(ST_Y(centre), ${parcels.zooms.min + 3}) AS by
      GROUP BY bx, by HAVING count(*) > 1 ORDER BY bx, by LIMIT 2`);
      const [[first, near], [far]] = rows.map(({ ids }) => ids) as [[number, number], [number]];
      const write = (id: number, settled: () => Promise<void> | void = () => {}) =>
        engine.db.transaction(async (session) => {
          await session.query(
            sql`UPDATE land.parcel SET main_use = CASE main_use WHEN 'ODT' THEN 'SKC' ELSE 'ODT' END WHERE id = ${id}`,
          );
          await session.script('SET CONSTRAINTS ALL IMMEDIATE');
          await settled();
        });
      const waiting = async () =>
        (
          await engine.db.query(sql`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
        ).length;
      const [letGo, hold] = signal();
      const [settled, hasSettled] = signal();
      const holding = write(first, () => {
        settled();
        return hold;
      });
      await hasSettled;
      await write(far);
      const second = write(near);
      await expect.poll(waiting).toBe(1);
      letGo();
      await Promise.all([holding, second]);
      expect(await differences(parcels)).toBe(0);
    },
  );

  it('make the mosaic that a new one would be', async () => {
    const edited = await mosaic();
    await engine.db.script(`UPDATE tile.mosaic SET fingerprint = NULL`);
    await derivation.ensure(catalog);
    expect(edited.length).toBeGreaterThan(200);
    expect(edited).toEqual(await mosaic());
  }, 240_000);

  it('have no points in the mosaic that tiles would leave out, and nothing invalid, which is slow to dissolve', async () => {
    const [row] = await engine.db.query<{ invalid: number; kept: number; shown: number }>(sql`
      SELECT count(*) FILTER (WHERE ST_IsValidReason("diaba mercator") <> 'Valid Geometry')::int AS invalid, sum(ST_NPoints("diaba mercator"))::int AS kept,
        sum(ST_NPoints(ST_Simplify("diaba mercator", tile.width(level) / 8192, true)))::int AS shown
      FROM tile."mosaic land.parcel"`);
    expect(row?.shown).toBeGreaterThan(1000);
    expect((row?.kept ?? 0) / (row?.shown ?? 1)).toBeLessThan(1.03);
    expect(row?.invalid).toBe(0);
  });

  it('have no holes in the mosaic that nobody can see', async () => {
    const [row] = await engine.db.query<{ left: string; specks: number }>(sql`
      SELECT ST_AsText(tile.without_specks('POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,1 2,2 2,2 1,1 1),(4 4,4 7,7 7,7 4,4 4))', 2)) AS left,
        (SELECT count(*) FROM tile."mosaic land.parcel", ST_DumpRings("diaba mercator") AS ring
          WHERE ring.path[1] > 0 AND ST_Area(ring.geom) < (2 * tile.width(level) / 4096) ^ 2)::int AS specks`);
    expect(row).toEqual({ left: 'POLYGON((0 0,9 0,9 9,0 9,0 0),(4 4,4 7,7 7,7 4,4 4))', specks: 0 });
  });

  it('keep the area of every land use in the mosaic, level by level, to 5 % and below z10 to 10 %', async () => {
    // Only classes large enough to draw: squares of 32 to 40 units appear one by one.
    const rows = await engine.db.query<{ level: number; main_use: string; ratio: number }>(sql`
      SELECT level, main_use, (sum(ST_Area("diaba mercator")) / max(parcels.area))::float8 AS ratio
      FROM tile."mosaic land.parcel" JOIN (SELECT main_use, sum(ST_Area("diaba mercator")) AS area FROM tile."land.parcel" GROUP BY 1) AS parcels
        USING (main_use)
      WHERE parcels.area > 100 * (40 * tile.width(level) / 4096) ^ 2 GROUP BY level, main_use`);
    expect(new Set(rows.map(({ level }) => level)).size).toBeGreaterThan(2);
    // Below z10 squares overlap larger shapes of their class, and few small shapes are left to make up for it.
    expect(rows.filter(({ level, ratio }) => Math.abs(ratio - 1) > (level < 10 ? 0.1 : 0.05))).toEqual([]);
  });

  it('tell nothing where tiles would show the same', async () => {
    const before = (await changes()).length;
    await engine.db.script(`UPDATE land.parcel SET surveyed_on = '2026-01-01' WHERE id % 40 = 9`);
    expect(await changes()).toHaveLength(before);
  });

  it('tell of a view what changes in a table behind it', async () => {
    const before = (await changes()).length;
    await engine.db.script(`UPDATE environment.observation SET value = value + 1 WHERE parameter = 'PM10'`);
    expect((await changes()).slice(before)).toEqual([{ layer: 'environment.station_status', areas: null }]);
  });

  it('tell where a row was and where it is, from the zoom at which it is drawn', async () => {
    const before = (await changes()).length;
    await engine.db.script(`UPDATE base.road SET geom = ST_Translate(geom, 3000, 0)
      WHERE id = (SELECT id FROM base.road WHERE kind = 'local' ORDER BY id LIMIT 1)`);
    const [change, ...more] = (await changes()).slice(before);
    expect([change?.layer, more.length, change?.areas?.length]).toEqual(['base.road', 0, 2]);
    const [was, is] = (change?.areas ?? []) as [number[], number[]];
    expect(Math.abs(is[0]! - was[0]!)).toBeGreaterThan(2900);
    expect(was.slice(4)).toEqual([expect.any(Number), MAX_ZOOM]);
    expect(was[4]).toBeGreaterThanOrEqual(13);
  });

  it('leave nothing of a transaction that is rolled back', async () => {
    const before = (await changes()).length;
    await expect(
      engine.db.transaction(async (session) => {
        await session.script(`DELETE FROM land.parcel WHERE id % 40 = 10`);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow();
    expect(await differences(parcels)).toBe(0);
    expect(await changes()).toHaveLength(before);
  });

  it('are given up for a bulk change, and created anew', async () => {
    await engine.db.script(`INSERT INTO base.place (name, kind, rank, geom)
      SELECT 'Ấp ' || n, 'hamlet', 9, ST_SetSRID(ST_MakePoint(590000 + n, 1220000), 9210) FROM generate_series(1, 6000) AS n`);
    const places = catalog.layers.get('base.place') as Layer;
    expect((await changes()).at(-1)).toEqual({ layer: 'base.place', areas: null });
    await derivation.refresh(catalog);
    expect(derivation.stateOf(places)).toEqual({ isDerived: false, mosaic: 'none', isWatched: true });
    await derivation.ensure(catalog);
    expect(derivation.stateOf(places).isDerived).toBe(true);
    expect(await differences(places)).toBe(0);
  });

  it('are emptied with their table', async () => {
    await engine.db.script('TRUNCATE base.contour');
    expect(await differences(catalog.layers.get('base.contour') as Layer)).toBe(0);
    expect((await changes()).at(-1)).toEqual({ layer: 'base.contour', areas: null });
  });

  it('never make a writer fail', async () => {
    await engine.db.script(`ALTER TABLE tile."environment.waste_site" RENAME COLUMN kind TO kind_of_old;
      UPDATE environment.waste_site SET capacity_t_day = capacity_t_day + 1`);
    const sites = catalog.layers.get('environment.waste_site') as Layer;
    await derivation.ensure(catalog);
    expect(await differences(sites)).toBe(0);
  });
});
