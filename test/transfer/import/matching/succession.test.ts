/** Splits, merges and renumberings that `sync` finds by geometry. */
import { beforeAll, expect, it } from 'vitest';
import { sql } from '../../../../src/database/sql.ts';
import { importFile } from '../../../../src/transfer/import/import.ts';
import type { ReportRow } from '../../../../src/transfer/import/report-rows.ts';
import type { ImportRequest } from '../../../../src/transfer/import/request.ts';
import { undoImport } from '../../../../src/transfer/import/undo.ts';
import { describeEngines } from '../../../engine.ts';
import { polygonFeature } from '../../files.ts';
import { fileWriter, temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder('succession');

const write = fileWriter(folder);
const geojson = (features: object[]) => write('geojson', JSON.stringify({ type: 'FeatureCollection', features }));

/** A strip of land of one metre's width or more, by metres along a road. */
const strip = (number: number, from: number, to: number) => {
  const [west, east] = [106.65 + from / 1e5, 106.65 + to / 1e5];
  const ring = [
    [west, 10.98],
    [east, 10.98],
    [east, 10.9802],
    [west, 10.9802],
    [west, 10.98],
  ];
  return polygonFeature(ring, { sheet: '7', number });
};

const BEFORE = [
  strip(1, 0, 20),
  strip(2, 20, 40),
  strip(3, 40, 60),
  strip(4, 60, 80),
  strip(5, 80, 100),
  strip(6, 100, 120),
  strip(7, 120, 140),
  strip(8, 140, 160),
  strip(9, 160, 180),
  strip(10, 180, 200),
  strip(13, 200, 220),
  strip(14, 220, 240),
  strip(16, 260, 280),
  strip(17, 280, 300),
  strip(18, 300, 320),
];
const AFTER = [
  // 1 is split and its number retired; 2 is split and retains its number.
  strip(101, 0, 8),
  strip(102, 8, 20),
  strip(2, 20, 30),
  strip(201, 30, 40),
  // 3 and 4 become 304; 6 becomes a part of 5.
  strip(304, 40, 80),
  strip(5, 80, 120),
  strip(77, 120, 140),
  // The numbers of 8 and 9 were exchanged.
  strip(9, 140, 160),
  strip(8, 160, 180),
  // 10 is gone, 13 as before, 14 was surveyed at a wrong place, 15 is new, the boundary of 16 moved by half a metre.
  strip(13, 200, 220),
  strip(14, 400, 420),
  strip(15, 420, 440),
  strip(16, 260, 279.5),
  // 17 and 18 were divided anew: neither a split nor a merge.
  strip(170, 280, 292),
  strip(180, 292, 320),
];

describeEngines('sync of parcels', (engine) => {
  beforeAll(() =>
    engine.db.script(`
      INSERT INTO base.unit (code, valid_from, level, kind, name, full_name)
        VALUES ('99003', '2025-07-01', 'commune', 'xã', 'Thử', 'Xã Thử') ON CONFLICT DO NOTHING;
      DELETE FROM land.parcel; DELETE FROM land.parcel_lineage`),
  );

  const run = async (features: object[], more: Partial<ImportRequest> = {}) => {
    const [{ use } = {}] = await engine.db.query<{ use: string }>(sql`SELECT min(code) AS use FROM land.land_use_type`);
    return importFile(engine.db, {
      ...{ file: geojson(features), layer: 'land.parcel', mode: 'sync', byUnit: true },
      // The unit has no boundary to lie in.
      ...{ set: { unit_code: '99003', main_use: use ?? '' }, anywhere: true, ...more },
    });
  };
  const texts = async (query: ReturnType<typeof sql>) =>
    (await engine.db.query<{ text: string }>(query)).map(({ text }) => text);
  const tables = () =>
    Promise.all([
      texts(sql`SELECT p::text AS text FROM land.parcel AS p ORDER BY id`),
      texts(sql`SELECT a::text AS text FROM land.parcel_alias AS a ORDER BY id`),
      texts(sql`SELECT l::text AS text FROM land.parcel_lineage AS l ORDER BY parent_id, child_id`),
    ]);
  const idsByNumber = async () => {
    const rows = await engine.db.query<{ number: number; id: number }>(sql`SELECT number, id FROM land.parcel`);
    return new Map(rows.map(({ number, id }) => [number, id]));
  };

  it('finds them, writes lineage and former numbers, and is undone byte for byte', async () => {
    await run(BEFORE);
    await engine.db.script(`INSERT INTO land.parcel_alias (parcel_id, unit_code, unit_valid_from, sheet, number)
      SELECT id, unit_code, unit_valid_from, 'cũ', number * 1000 FROM land.parcel WHERE number IN (1, 6, 7, 13)`);
    const [before, ids] = [await tables(), await idsByNumber()];
    const numberOf = (id: unknown) => [...ids].find(([, each]) => each === id)?.[0];

    const rows: ReportRow[] = [];
    const listRows = async (_: unknown, list: AsyncIterable<ReportRow>) => {
      for await (const row of list) rows.push(row);
    };
    const tried = await run(AFTER, { dryRun: true });
    expect(await tables()).toEqual(before);
    const report = await run(AFTER, { onReport: listRows });
    expect(report.rows).toEqual(tried.rows);
    expect(report.rows).toMatchObject({
      ...{ inserted: 7, updated: 7, unchanged: 1, deleted: 7, split: 2, merged: 2, renumbered: 3 },
      dependents: [{ table: 'land.parcel_alias', count: 2 }],
    });
    expect(rows.map(({ number, outcome, reasons }) => `${number} ${outcome} ${reasons[0]?.en}`)).toEqual([
      '1 split Split: 99003 / 7 / 1 → 99003 / 7 / 101.',
      '2 split Split: 99003 / 7 / 1 → 99003 / 7 / 102.',
      '3 split Split: 99003 / 7 / 2 → 99003 / 7 / 2.',
      '4 split Split: 99003 / 7 / 2 → 99003 / 7 / 201.',
      '5 merge Merged: 99003 / 7 / 3; 99003 / 7 / 4 → 99003 / 7 / 304.',
      '6 merge Merged: 99003 / 7 / 5; 99003 / 7 / 6 → 99003 / 7 / 5.',
      '7 renumber Renumbered: 99003 / 7 / 7 → 99003 / 7 / 77.',
      '8 renumber Renumbered: 99003 / 7 / 8 → 99003 / 7 / 9.',
      '9 renumber Renumbered: 99003 / 7 / 9 → 99003 / 7 / 8.',
    ]);
    expect(rows[0]?.place?.map((each) => each.toFixed(4))).toEqual(['106.6500', '10.9801']);

    // A parcel is its ground: it retains its id where its number changes.
    const now = await idsByNumber();
    expect([2, 5, 77, 9, 8, 13, 14, 16].map((number) => numberOf(now.get(number)))).toEqual([
      2, 5, 7, 8, 9, 13, 14, 16,
    ]);
    expect([101, 102, 201, 304, 15, 170, 180].map((number) => numberOf(now.get(number)))).toEqual(
      Array.from({ length: 7 }, () => undefined),
    );
    const nameOf = new Map([...ids, ...now].map(([number, id]) => [id, number]));
    const lineage = await engine.db.query<{ parent: number; child: number; event: string; today: boolean }>(
      sql`SELECT parent_id AS parent, child_id AS child, event, happened_on = (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS today FROM land.parcel_lineage`,
    );
    // 5 is the surviving parcel of its merge, and 2 of its split.
    expect(
      lineage
        .map(
          ({ parent, child, event, today }) =>
            `${ids.get(1) === parent ? 1 : numberOf(parent)} ${event} ${nameOf.get(child)} ${today}`,
        )
        .sort(),
    ).toEqual([
      '1 split 101 true',
      '1 split 102 true',
      '2 split 201 true',
      '3 merge 304 true',
      '4 merge 304 true',
      '6 merge 5 true',
    ]);
    expect(
      await texts(
        sql`SELECT p.number || ': ' || string_agg(a.sheet || ' ' || a.number, ', ' ORDER BY a.sheet, a.number) AS text
          FROM land.parcel_alias AS a JOIN land.parcel AS p ON p.id = a.parcel_id GROUP BY p.number ORDER BY p.number`,
      ),
    ).toEqual([
      '5: 7 6, cũ 6000',
      '8: 7 9',
      '9: 7 8',
      '13: cũ 13000',
      '77: 7 7, cũ 7000',
      '101: 7 1, cũ 1000',
      '102: 7 1, cũ 1000',
      '304: 7 3, 7 4',
    ]);
    expect((await run(AFTER)).rows).toMatchObject({ inserted: 0, updated: 0, deleted: 0, unchanged: 15 });
    await undoImport(engine.db, Number(report.id));
    expect(await tables()).toEqual(before);
  });

  it('an identifier of a parcel that the file changes is reported', async () => {
    const withId = (id: string) => [
      { ...strip(13, 200, 220), properties: { sheet: '7', number: 13, national_id: id } },
    ];
    await run(withId('w3gvk1xy0001'), { mode: 'upsert', byUnit: false });
    const report = await run(withId('w3gvk1xy0002'), { mode: 'upsert', byUnit: false });
    expect(report.notes.map(({ en }) => en)).toEqual([
      'national_id of 1 features changes: w3gvk1xy0001 → w3gvk1xy0002.',
    ]);
  });

  it('points with another key at the same place are renumbered, two at one place are not', async () => {
    const point = (code: string, x: number) => ({
      type: 'Feature',
      properties: { code },
      geometry: { type: 'Point', coordinates: [x, 10.98] },
    });
    await engine.db.script(
      'CREATE TABLE base.mark (code text UNIQUE, id int GENERATED ALWAYS AS IDENTITY, geom geometry(Point, 4326))',
    );
    const marks = (features: object[]) =>
      importFile(engine.db, { file: geojson(features), layer: 'base.mark', mode: 'sync' });
    await marks([point('A', 106.6), point('B', 106.7), point('C', 106.7)]);
    const report = await marks([point('Z', 106.6), point('X', 106.7), point('Y', 106.7)]);
    expect(report.rows).toMatchObject({ inserted: 2, updated: 1, deleted: 2, renumbered: 1, split: 0, merged: 0 });
    expect(report.successions).toEqual([{ number: 1, event: 'renumber', before: 'A', after: 'Z' }]);
  });
});
