import { expect, it } from 'vitest';
import { loadReference } from '../../src/database/reference.ts';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';

const COUNTS = sql`SELECT
  (SELECT count(*) FROM base.unit) AS unit, (SELECT count(*) FROM base.unit_crosswalk) AS crosswalk,
  (SELECT count(*) FROM land.land_use_type) AS uses, (SELECT count(*) FROM land.buffer_preset) AS presets,
  (SELECT count(*) FROM environment.parameter) AS parameters, (SELECT count(*) FROM environment.aqi_breakpoint) AS breakpoints,
  (SELECT count(*) FROM environment.aqi_class) AS classes, (SELECT count(*) FROM environment.quality_limit) AS limits`;

describeEngines('reference tables', (engine) => {
  const expected = {
    unit: 138,
    crosswalk: 107,
    uses: 78,
    presets: 69,
    parameters: 37,
    breakpoints: 54,
    classes: 6,
    limits: 96,
  };

  it('are all there, and a second load changes nothing', async () => {
    expect(await engine.db.query(COUNTS)).toEqual([expected]);
    const before = await engine.db.query(sql`SELECT hash, loaded_at FROM catalog.reference`);
    await loadReference(engine.db);
    expect(await engine.db.query(sql`SELECT hash, loaded_at FROM catalog.reference`)).toEqual(before);
    expect(await engine.db.query(COUNTS)).toEqual([expected]);
  });

  it('come back to what the files say where the edition differs, and leave what users added', async () => {
    await engine.db.script(`
      UPDATE catalog.reference SET hash = 'another edition';
      UPDATE land.land_use_type SET name_vi = 'sai' WHERE code = 'LUC';
      DELETE FROM environment.aqi_class WHERE from_index = 0;
      INSERT INTO land.land_use_type (code, name_vi, name_en, era, colour) VALUES ('XXX', 'Riêng', 'Own', 'C', '#123456');
      UPDATE base.unit SET geom = ST_Multi(ST_MakeEnvelope(0, 0, 1, 1, 9210)) WHERE code = '25750' AND valid_to IS NULL`);
    await loadReference(engine.db);
    expect(await engine.db.query(COUNTS)).toEqual([{ ...expected, uses: 79 }]);
    expect(
      await engine.db.query(
        sql`SELECT code, name_vi FROM land.land_use_type WHERE code IN ('LUC', 'XXX') ORDER BY code`,
      ),
    ).toEqual([
      { code: 'LUC', name_vi: 'Đất chuyên trồng lúa' },
      { code: 'XXX', name_vi: 'Riêng' },
    ]);
    expect(
      await engine.db.query(sql`SELECT ST_Area(geom) AS area FROM base.unit WHERE code = '25750' AND valid_to IS NULL`),
    ).toEqual([{ area: 1 }]);
  });

  it('have English words for every distance rule', async () => {
    const missing = sql`SELECT id FROM land.buffer_preset WHERE feature_en IS NULL OR (condition_vi IS NULL) <> (condition_en IS NULL)
      OR (measured_from_vi IS NULL) <> (measured_from_en IS NULL) OR (note IS NULL) <> (note_en IS NULL)`;
    expect(await engine.db.query(missing)).toEqual([]);
  });

  it('keeps two units of one code apart, and limits without a bound out', async () => {
    expect(
      await engine.db.query(
        sql`SELECT full_name, valid_from, valid_to FROM base.unit WHERE code = '25747' ORDER BY valid_from`,
      ),
    ).toEqual([
      { full_name: 'Phường Phú Cường', valid_from: '2004-01-01', valid_to: '2025-07-01' },
      { full_name: 'Phường Thủ Dầu Một', valid_from: '2025-07-01', valid_to: null },
    ]);
    expect(
      await engine.db.query(
        sql`SELECT count(*) AS n FROM environment.quality_limit WHERE minimum IS NULL AND maximum IS NULL`,
      ),
    ).toEqual([{ n: 0 }]);
  });
});
