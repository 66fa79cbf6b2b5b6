/** A sheet `012` of a file is the sheet `12` of the table, in every mode that compares by a key. */
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { sql } from '../../../../src/database/sql.ts';
import { importFile } from '../../../../src/transfer/import/import.ts';
import type { ImportMode } from '../../../../src/transfer/import/matching/mode.ts';
import { describeEngines } from '../../../engine.ts';
import { fileWriter, temporaryFolder } from '../../temporary-files.ts';

const write = fileWriter(temporaryFolder('spelling'));
const UNIT = '99023';
const OTHER = '99024';

describeEngines('sheets by another spelling', (engine) => {
  const run = (mode: ImportMode, ...rows: readonly (readonly [string, string, number])[]) => {
    const features = rows.map(([unit, sheet, number]) => {
      const [x, y] = [600_000 + 20 * number, unit === UNIT ? 1_200_000 : 1_201_000];
      const ring = [
        [x, y],
        [x + 10, y],
        [x + 10, y + 10],
        [x, y + 10],
        [x, y],
      ];
      const properties = { unit_code: unit, sheet, number, main_use: 'CLN' };
      return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } };
    });
    const file = write('geojson', JSON.stringify({ type: 'FeatureCollection', features }));
    const byUnit = mode === 'sync';
    return importFile(engine.db, { file, layer: 'land.parcel', srid: 9210, anywhere: true, again: true, mode, byUnit });
  };
  const parcels = async () => {
    const rows = await engine.db.query<{ parcel: unknown[] }>(
      sql`SELECT jsonb_build_array(unit_code, sheet, number, main_use) AS parcel FROM land.parcel
        WHERE unit_code IN (${UNIT}, ${OTHER}) ORDER BY unit_code, sheet, number`,
    );
    return rows.map(({ parcel }) => parcel);
  };

  beforeAll(async () => {
    await engine.db.script(`INSERT INTO base.unit (code, valid_from, level, kind, name, full_name) VALUES
      ('${UNIT}', '2000-01-01', 'commune', 'xã', 'Thử', 'Xã Thử'), ('${OTHER}', '2000-01-01', 'commune', 'xã', 'Khác', 'Xã Khác')`);
  });
  beforeEach(async () => {
    await engine.db.script(`DELETE FROM land.parcel WHERE unit_code IN ('${UNIT}', '${OTHER}');
      INSERT INTO land.parcel (unit_code, unit_valid_from, sheet, number, main_use, geom)
      SELECT unit, '2000-01-01', sheet, 1, 'ONT', ST_Multi(ST_MakeEnvelope(600020, y, 600030, y + 10, 9210))
      FROM (VALUES ('${UNIT}', '12', 1200000), ('${OTHER}', '012', 1201000)) AS p (unit, sheet, y)`);
  });

  it.each(['upsert', 'sync'] as const)('%s takes the spelling of the unit', async (mode) => {
    const report = await run(mode, [UNIT, '012', 1], [UNIT, '0012', 2], [OTHER, '12', 1]);
    expect(report.rows).toMatchObject({ inserted: 1, updated: 2, deleted: 0 });
    expect(await parcels()).toEqual([
      [UNIT, '12', 1, 'CLN'],
      [UNIT, '12', 2, 'CLN'],
      [OTHER, '012', 1, 'CLN'],
    ]);
  });

  it('two spellings of the table are two sheets', async () => {
    await engine.db.script(`INSERT INTO land.parcel (unit_code, unit_valid_from, sheet, number, main_use, geom)
      SELECT unit_code, unit_valid_from, '012', 7, main_use, ST_Translate(geom, 500, 0) FROM land.parcel WHERE unit_code = '${UNIT}'`);
    expect((await run('upsert', [UNIT, '0012', 7])).rows).toMatchObject({ inserted: 1, updated: 0 });
  });
});
