/** Real files of others, which are not part of the project. The tests are skipped if they are not beside it. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { Problem } from '../../src/lib/errors.ts';
import { importFile } from '../../src/transfer/import/import.ts';
import type { ImportReport, ImportRequest } from '../../src/transfer/import/request.ts';
import { describeEngines, type Engine } from '../engine.ts';

const DATA = '../shared/data';
const isThere = existsSync(DATA);
if (!isThere) process.stdout.write(`Skipped: imports of real files. The folder ${DATA} is not here.\n`);

/** GDAL reads a file alike for both engines, in half a second of CPU or more, so PostgreSQL gets every fourth file. */
const some = <T>({ name }: Engine, files: readonly T[]) =>
  files.filter((_, index) => name === 'embedded' || index % 4 === 0);

/** Timeout for a machine that many share; alone, no test takes more than 5 s. */
const SLOW = { timeout: 240_000 };

/** File, features, SRID, request. */
const FILES: readonly [string, number, number, Partial<ImportRequest>][] = [
  ['parcels_za.shp', 2008, 32733, { repair: true }],
  ['wards_vn.geojson', 36, 4326, {}],
  ['roads_nl_3857.fgb', 21_648, 3857, {}],
  ['parcels_cz.gpkg', 3172, 5514, {}],
  ['parcels_vn_9218.gml', 129, 9218, {}],
  ['parcels_es_wrong_count.gpkg', 186, 32628, {}],
  ['parcels_us_mixed_invalid.geojson', 8626, 4326, { repair: true }],
];

describe.skipIf(!isThere)('real files', () => {
  describeEngines('are imported', (engine) => {
    const run = (file: string, layer: string, more: Partial<ImportRequest> = {}) =>
      importFile(engine.db, { file: join(DATA, file), layer, ...more });
    const unit = { unit_code: '20776', unit_valid_from: '2000-01-01' };

    beforeAll(async () => {
      await engine.db.query(sql`INSERT INTO base.unit (code, valid_from, level, kind, name, full_name)
        VALUES ('20776', '2000-01-01', 'commune', 'xã', 'Duy Nghĩa', 'Xã Duy Nghĩa')`);
      await engine.db.query(sql`INSERT INTO land.land_use_type (code, name_vi, name_en, era, colour)
        VALUES ('LNK', 'a', 'a', 'L', '#FFFFFF') ON CONFLICT DO NOTHING`);
    });

    it('a whole commune, from GeoJSON and from the TCVN3 shapefile without a system, alike', SLOW, async () => {
      const utf8 = await run('parcels_vn_commune.geojson', 'land.xa_a', { repair: true });
      expect(utf8).toMatchObject({ created: true, read: 9777, written: 9777, repaired: 6, refused: 0 });
      expect(utf8.leftOut.map(({ column }) => column)).toEqual(['tenchusdd']);
      const old = await run('parcels_vn_tcvn3_nocrs.zip', 'land.xa_b', { repair: true, srid: 5899, encoding: 'tcvn3' });
      expect(old).toMatchObject({ written: 9777, srid: { source: 5899, target: 5899 } });
      // dBASE pads its fields with spaces, so it has neither trailing spaces nor empty texts.
      const [alike] = await engine.db.query(sql`SELECT count(*) AS rows,
          count(*) FILTER (WHERE (a.shbando, a.shthua, a.dientich) IS NOT DISTINCT FROM (b.shbando, b.shthua, b.dientich)
            AND (SELECT bool_and(coalesce(rtrim(x.value), '') = coalesce(rtrim(y.value), ''))
              FROM unnest(ARRAY[a.mdsd, a.thsd, a.nguongoc]) WITH ORDINALITY AS x (value, place)
              JOIN unnest(ARRAY[b.mdsd, b.thsd, b.nguongoc]) WITH ORDINALITY AS y (value, place) USING (place))) AS texts,
          count(*) FILTER (WHERE ST_HausdorffDistance(ST_Transform(a.geom, 5899), b.geom) < 0.01) AS shapes
        FROM land.xa_a AS a JOIN land.xa_b AS b USING (id)`);
      expect(alike).toEqual({ rows: 9777, texts: 9777, shapes: 9777 });
    });

    it('a whole commune, into the parcels', SLOW, async () => {
      const request = {
        repair: true,
        map: { sheet: 'shbando', number: 'shthua', main_use: 'mdsd', legal_area_m2: 'dientich' },
      };
      const report = await run('parcels_vn_commune.geojson', 'land.parcel', { ...request, set: unit });
      expect(report).toMatchObject({ created: false, read: 9777, written: 9777, reasons: [], srid: { target: 9210 } });
      const [row] = await engine.db.query(sql`SELECT count(*) AS count, bool_and(ST_IsValid(geom)) AS valid,
        sum(legal_area_m2) / sum(measured_area_m2) AS areas FROM land.parcel WHERE unit_code = '20776'`);
      expect(row).toMatchObject({ count: 9777, valid: true });
    });

    it.each(some(engine, FILES))('%s', SLOW, async (file, count, srid, more) => {
      const layer = `base.${file.replace(/\W/g, '_')}`;
      expect(await run(file, layer, more)).toMatchObject({
        created: true,
        read: count,
        written: count,
        srid: { source: srid },
      });
    });
  });
});

describe.skipIf(!isThere)('nasty files', () => {
  describeEngines('are imported, or refused with a reason', (engine) => {
    const files = isThere ? some(engine, readdirSync(join(DATA, 'nasty'))) : [];
    const tables = () =>
      engine.db.query(sql`SELECT tablename FROM pg_tables WHERE schemaname = 'environment' ORDER BY 1`);

    it.each(files)('%s', SLOW, async (file) => {
      const before = await tables();
      const request = { file: join(DATA, 'nasty', file), layer: 'environment.nasty', srid: 4326 };
      const outcome = await importFile(engine.db, request).catch((error: unknown) => error);
      if (outcome instanceof Problem) {
        expect(outcome.detail.vi.length).toBeGreaterThan(20);
        expect(await tables()).toEqual(before);
      } else {
        // No other error than one that says what is wrong with the file.
        expect(outcome).not.toBeInstanceOf(Error);
        const { read, written, refused, reasons } = outcome as ImportReport;
        expect(reasons.reduce((sum, { count }) => sum + count, 0)).toBe(refused);
        expect(written).toBe(refused > 0 ? 0 : read);
        expect((await tables()).length - before.length).toBe(written > 0 ? 1 : 0);
      }
      await engine.db.query(sql`DROP TABLE IF EXISTS environment.nasty`);
    });
  });
});
