/** Holders and certificates of a register, beside those that the parcels have. */
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { sql } from '../../../../src/database/sql.ts';
import { importFile } from '../../../../src/transfer/import/import.ts';
import { undoImport } from '../../../../src/transfer/import/undo.ts';
import { describeEngines } from '../../../engine.ts';
import { fileWriter, temporaryFolder } from '../../temporary-files.ts';

const write = fileWriter(temporaryFolder('right-holders'));
const UNIT = '99013';
const MAP = { holder_name: 'Tên chủ', certificate_no: 'Số GCN', since: 'Ngày cấp' };

describeEngines('right holders of a register', (engine) => {
  const run = (...lines: string[]) => {
    const file = write('csv', `Mã xã,Số tờ,Số thửa,Tên chủ,Số GCN,Ngày cấp\r\n${lines.join('\r\n')}\r\n`);
    return importFile(engine.db, { file, layer: 'land.parcel', mode: 'update', map: MAP });
  };
  const holders = async () => {
    const rows = await engine.db.query<{ holder: unknown[] }>(
      sql`SELECT jsonb_build_array(p.number, h.holder_name, h.certificate_no, h.since) AS holder
        FROM land.right_holder AS h JOIN land.parcel AS p ON p.id = h.parcel_id WHERE p.unit_code = ${UNIT}
        ORDER BY p.number, h.holder_name, h.certificate_no`,
    );
    return rows.map(({ holder }) => holder);
  };

  beforeAll(async () => {
    await engine.db.script(`INSERT INTO base.unit (code, valid_from, level, kind, name, full_name)
      VALUES ('${UNIT}', '2000-01-01', 'commune', 'xã', 'Thử', 'Xã Thử')`);
  });
  beforeEach(async () => {
    await engine.db.script(`DELETE FROM land.parcel WHERE unit_code = '${UNIT}';
      INSERT INTO land.parcel (unit_code, unit_valid_from, sheet, number, main_use, geom)
      SELECT '${UNIT}', '2000-01-01', '12', number, 'ONT',
        ST_Multi(ST_MakeEnvelope(600000 + 20 * number, 1200000, 600010 + 20 * number, 1200010, 9210)) FROM generate_series(1, 4) AS number;
      INSERT INTO land.right_holder (parcel_id, holder_kind, holder_name, certificate_no, since)
      SELECT id, 'person', name, certificate, since::date FROM land.parcel JOIN (VALUES
        (1, 'Ông A', NULL, NULL), (2, 'Bà B', 'AB 2', '2001-02-03'), (3, 'Ông C', NULL, NULL), (3, 'Bà D', NULL, NULL))
        AS h (number, name, certificate, since) USING (number) WHERE unit_code = '${UNIT}'`);
  });

  it('complete those that are there: no second row for a certificate or a name alone', async () => {
    const before = await holders();
    const report = await run(
      ...[
        `${UNIT},12,1,Ông A,AB 1,2010-05-06`,
        `${UNIT},12,2,Bà B,,`,
        `${UNIT},12,3,Ông C,AB 3,`,
        `${UNIT},12,4,Ông E,AB 4,`,
      ],
    );
    expect(await holders()).toEqual([
      [1, 'Ông A', 'AB 1', '2010-05-06'],
      [2, 'Bà B', 'AB 2', '2001-02-03'],
      [3, 'Bà D', null, null],
      [3, 'Ông C', 'AB 3', null],
      [4, 'Ông E', 'AB 4', null],
    ]);
    expect(report.notes.map(({ en }) => en)).toEqual(
      expect.arrayContaining([
        '1 right holders were written to land.right_holder, which is restricted.',
        '2 right holders that were there received their certificate or its date.',
      ]),
    );
    await undoImport(engine.db, report.id ?? 0, () => {});
    expect(await holders()).toEqual(before);
  });

  it('a further certificate of a holder is a row of its own', async () => {
    await run(`${UNIT},12,2,Bà B,AB 9,2020-01-01`);
    expect((await holders()).filter((holder) => holder[0] === 2)).toEqual([
      [2, 'Bà B', 'AB 2', '2001-02-03'],
      [2, 'Bà B', 'AB 9', '2020-01-01'],
    ]);
  });

  it('a certificate without a name belongs to the only holder; others are told', async () => {
    const report = await run(
      ...[`${UNIT},12,1,,AB 1,2010-05-06`, `${UNIT},12,2,,AB 2,`, `${UNIT},12,3,,AB 3,`, `${UNIT},12,4,,AB 4,`],
    );
    expect(await holders()).toEqual([
      [1, 'Ông A', 'AB 1', '2010-05-06'],
      [2, 'Bà B', 'AB 2', '2001-02-03'],
      [3, 'Bà D', null, null],
      [3, 'Ông C', null, null],
    ]);
    expect(report.notes.map(({ en }) => en)).toEqual(
      expect.arrayContaining([
        '1 right holders that were there received their certificate or its date.',
        'Certificates of 2 parcels were not written: the file has no name, and the parcel has no right holder or several.',
      ]),
    );
  });

  it('the same register again writes nothing', async () => {
    const line = `${UNIT},12,1,Ông A,AB 1,2010-05-06`;
    await run(line);
    const before = await holders();
    await run(line, `${UNIT},12,1,Ông A,,`);
    expect(await holders()).toEqual(before);
  });
});
