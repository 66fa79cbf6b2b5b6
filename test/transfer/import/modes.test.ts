/** Modes of an import, its dry run, and its undoing: what is counted happens, and what happened is put back. */
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { ident, sql } from '../../../src/database/sql.ts';
import { importFile } from '../../../src/transfer/import/import.ts';
import type { ImportReport, ImportRequest } from '../../../src/transfer/import/request.ts';
import { listImports, undoImport } from '../../../src/transfer/import/undo.ts';
import { describeEngines } from '../../engine.ts';
import { polygonFeature, square } from '../files.ts';
import { fileWriter, temporaryFolder } from '../temporary-files.ts';

const folder = temporaryFolder('modes');

const write = fileWriter(folder);
const geojson = (features: object[]) => write('geojson', JSON.stringify({ type: 'FeatureCollection', features }));

interface Well {
  readonly code: string | null;
  readonly note?: string | null;
  readonly depth?: string;
  readonly x?: number;
}
const wells = (...list: Well[]) =>
  geojson(
    list.map(({ x = 106.65, ...properties }) => ({
      type: 'Feature',
      properties: { tags: { a: 1 }, ...properties },
      geometry: { type: 'Point', coordinates: [x, 10.98] },
    })),
  );

/** Five wells as the table has them. */
const BEFORE: readonly Well[] = [
  { code: 'A', note: 'giữ nguyên', depth: '12.5' },
  { code: 'B', note: 'đổi ghi chú', depth: '1' },
  { code: 'C', note: 'dời chỗ', depth: '2' },
  { code: 'D', note: null, depth: '3' },
  { code: 'E', note: 'không còn', depth: '4' },
];
/** The same wells a year later: A and D as before, B with another note, C elsewhere, E gone, F new. */
const AFTER: readonly Well[] = [
  { code: 'F', note: 'mới', depth: '9' },
  { code: 'A', note: 'giữ nguyên', depth: '12.5' },
  { code: 'B', note: 'đã đổi', depth: '1' },
  { code: 'C', note: 'dời chỗ', depth: '2', x: 106.66 },
  { code: 'D', note: null, depth: '3' },
];

describeEngines('an import by its mode', (engine) => {
  beforeAll(async () => {
    await engine.db.script(`
      CREATE TABLE base.well (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text UNIQUE, note text, depth numeric(8,1), tags json,
        twice numeric GENERATED ALWAYS AS (depth * 2) STORED, status text NOT NULL DEFAULT 'mới', owner_note text, geom geometry(Point, 9210));
      CREATE TABLE base.well_sample (well bigint NOT NULL REFERENCES base.well ON DELETE CASCADE, taken date, PRIMARY KEY (well, taken));
      CREATE TABLE base.well_result (well bigint, taken date, value float8, FOREIGN KEY (well, taken) REFERENCES base.well_sample ON DELETE CASCADE);
      CREATE TABLE base.well_write (op text, code text);
      CREATE FUNCTION base.well_written() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO base.well_write VALUES (TG_OP, coalesce(NEW.code, OLD.code)); RETURN NULL; END $$;
      CREATE TRIGGER written AFTER INSERT OR UPDATE OR DELETE ON base.well FOR EACH ROW EXECUTE FUNCTION base.well_written();
      CREATE TABLE base.loose (code text, note text, geom geometry(Point, 4326))`);
  });
  beforeEach(async () => {
    await engine.db.script('TRUNCATE base.well, base.well_sample, base.well_result, base.loose');
    await run(wells(...BEFORE));
    await engine.db.script(`UPDATE base.well SET owner_note = 'riêng ' || code;
      INSERT INTO base.well_sample SELECT id, '2026-01-02' FROM base.well;
      INSERT INTO base.well_result SELECT well, taken, 0.1 + 0.2 FROM base.well_sample;
      TRUNCATE base.well_write`);
  });

  const run = (file: string, more: Partial<ImportRequest> = {}) =>
    importFile(engine.db, { file, layer: 'base.well', ...more });
  const problem = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => expect.fail('it was done'),
      (error) => error.detail.en,
    );
  const digest = async (...tables: string[]) => {
    const found = await Promise.all(
      tables.map((table) =>
        engine.db.query<{ text: string | null }>(
          sql`SELECT string_agg(t::text, ${'\n'} ORDER BY t::text) AS text FROM ${ident('base', table)} AS t`,
        ),
      ),
    );
    return found.map(([row]) => row?.text);
  };
  const ALL = ['well', 'well_sample', 'well_result'];
  const writes = async () => {
    const rows = await engine.db.query<{ op: string; code: string }>(
      sql`SELECT op, code FROM base.well_write ORDER BY code, op`,
    );
    return rows.map(({ op, code }) => `${op} ${code}`);
  };
  const counts = ({ rows: { inserted, updated, unchanged, deleted } }: ImportReport) =>
    `${inserted} ${updated} ${unchanged} ${deleted}`;

  it.each([
    ['append', [{ code: 'F', x: 106.7 }], '1 0 0 0', ['INSERT F'], []],
    ['upsert', AFTER, '1 2 2 0', ['UPDATE B', 'UPDATE C', 'INSERT F'], []],
    [
      'replace',
      AFTER,
      '3 0 2 3',
      ['DELETE B', 'INSERT B', 'DELETE C', 'INSERT C', 'DELETE E', 'INSERT F'],
      ['base.well_result 3', 'base.well_sample 3'],
    ],
    [
      'sync',
      AFTER,
      '1 2 2 1',
      ['UPDATE B', 'UPDATE C', 'DELETE E', 'INSERT F'],
      ['base.well_result 1', 'base.well_sample 1'],
    ],
  ] as const)('%s: counted by the dry run, written, undone', async (mode, list, expected, written, gone) => {
    const file = wells(...list);
    const before = await digest(...ALL);
    const tried = await run(file, { mode, dryRun: true });
    expect([counts(tried), tried.isDryRun, tried.id]).toEqual([expected, true, undefined]);
    expect(await digest(...ALL)).toEqual(before);
    const report = await run(file, { mode });
    expect({ ...report, id: undefined, isDryRun: true }).toEqual(tried);
    expect(report.rows.dependents.map(({ table, count }) => `${table} ${count}`)).toEqual(gone);
    expect(await writes()).toEqual(written);
    expect(await digest(...ALL)).not.toEqual(before);
    expect(await undoImport(engine.db, Number(report.id))).toMatchObject({ id: report.id, mode, state: 'undone' });
    expect(await digest(...ALL)).toEqual(before);
    expect(await problem(undoImport(engine.db, Number(report.id)))).toContain('has been undone already');
  });

  it('the same file again writes nothing, and columns that it lacks stay', async () => {
    await run(wells(...AFTER), { mode: 'sync' });
    const before = await digest(...ALL);
    for (const mode of ['upsert', 'sync', 'replace'] as const) {
      expect(await run(wells(...AFTER), { mode })).toMatchObject({ id: undefined, written: 0, rows: { unchanged: 5 } });
    }
    expect(await digest(...ALL)).toEqual(before);
    const [row] = await engine.db.query(sql`SELECT note, owner_note, status FROM base.well WHERE code = 'B'`);
    expect(row).toEqual({ note: 'đã đổi', owner_note: 'riêng B', status: 'mới' });
  });

  it('a change of one bit of the geometry is a change, and so is a digit', async () => {
    const [a, ...others] = BEFORE;
    const moved = wells({ ...(a as Well), x: 106.65 + 2e-14 }, ...others);
    expect(counts(await run(moved, { mode: 'upsert' }))).toBe('0 1 4 0');
    const deeper = wells({ ...(a as Well), x: 106.65 + 2e-14, depth: '12.6' }, ...others);
    expect(counts(await run(deeper, { mode: 'upsert', dryRun: true }))).toBe('0 1 4 0');
  });

  it('rows that are no one record are refused: without a key, twice in the file, several in the table', async () => {
    await engine.db.script(`INSERT INTO base.loose (code) VALUES ('A'), ('A'), ('B')`);
    const file = wells({ code: 'A' }, { code: 'B' }, { code: 'C' }, { code: 'C' }, { code: null });
    const request = { layer: 'base.loose', mode: 'upsert', key: ['code'] } as const;
    const report = await run(file, request);
    expect(report.reasons.map(({ reason, examples }) => [reason.en, examples])).toEqual([
      ['Column code: the value occurs twice in the file.', [3, 4]],
      ['Key code: a value is missing.', [5]],
      ['Key code: the table has several features with this key.', [1]],
    ]);
    expect(counts(await run(file, { ...request, skipRefused: true }))).toBe('0 1 0 0');
    expect(await problem(run(file, { ...request, key: undefined }))).toContain('Use --key with one or more of: code.');
    expect(await problem(run(file, { ...request, key: ['depth'] }))).toContain(
      'a column "depth" that this import does not write',
    );
  });

  it('unique values of rows that stay are refused; those of rows that go are free', async () => {
    await engine.db.script('CREATE UNIQUE INDEX ON base.well (note); ALTER TABLE base.well ADD UNIQUE (note)');
    const taken = wells({ code: 'G', note: 'không còn' });
    expect((await run(taken, { mode: 'upsert' })).reasons[0]?.reason.en).toBe(
      'Column note: the table has the value already.',
    );
    expect(counts(await run(taken, { mode: 'sync' }))).toBe('1 0 0 5');
    await engine.db.script('ALTER TABLE base.well DROP CONSTRAINT well_note_key; DROP INDEX base.well_note_idx');
  });

  it('a table without a key: replaced and undone, each row as often as it was', async () => {
    await engine.db.script(`INSERT INTO base.loose (code, note) VALUES ('A', 'x'), ('A', 'x'), ('A', 'x'), ('B', 'y')`);
    const before = await digest('loose');
    const points = (...codes: string[]) =>
      geojson(codes.map((code) => ({ type: 'Feature', properties: { code, note: 'x' }, geometry: null })));
    const report = await run(points('A', 'A', 'C', 'C'), { layer: 'base.loose', mode: 'replace' });
    expect(counts(report)).toBe('2 0 2 2');
    await undoImport(engine.db, Number(report.id));
    expect(await digest('loose')).toEqual(before);
  });

  it('an undo is refused if a row was changed, deleted or is referred to since', async () => {
    const report = await run(wells(...AFTER), { mode: 'sync' });
    const undo = () => undoImport(engine.db, Number(report.id));
    const [{ id } = {}] = await engine.db.query<{ id: number }>(sql`SELECT id FROM base.well WHERE code = 'F'`);
    await engine.db.query(sql`UPDATE base.well SET note = ${'sửa tay'} WHERE code = 'F'`);
    expect(await problem(undo())).toContain(`1 rows of base.well ((${id})) were changed or deleted since the import`);
    await engine.db.query(sql`UPDATE base.well SET note = ${'mới'} WHERE code = 'F'`);
    await engine.db.query(sql`INSERT INTO base.well_sample VALUES (${id}::bigint, '2026-02-02')`);
    expect(await problem(undo())).toContain('1 rows of base.well_sample refer to the rows imported into base.well');
    await engine.db.query(sql`DELETE FROM base.well_sample WHERE well = ${id}::bigint`);
    await engine.db.script('ALTER TABLE base.well ADD later text');
    expect(await problem(undo())).toContain('its columns were changed');
    await engine.db.script('ALTER TABLE base.well DROP later');
    const after = await digest(...ALL);
    await engine.db.script(`CREATE FUNCTION base.well_shout() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN NEW.note := upper(NEW.note); RETURN NEW; END $$;
      CREATE TRIGGER shout BEFORE INSERT OR UPDATE ON base.well FOR EACH ROW EXECUTE FUNCTION base.well_shout()`);
    expect(await problem(undo())).toContain('alters 2 of the rows put back');
    await engine.db.script('DROP FUNCTION base.well_shout CASCADE');
    expect(await digest(...ALL)).toEqual(after);
    expect(await undo()).toMatchObject({ state: 'undone' });
  });

  it('a new table is dropped again, unless it has other rows', async () => {
    const file = wells(...AFTER);
    const { id } = await run(file, { layer: 'base.well_new' });
    await engine.db.script(`UPDATE base.well_new SET note = 'khác' WHERE code = 'A'`);
    expect(await problem(undoImport(engine.db, Number(id)))).toContain('were changed');
    await engine.db.script(`UPDATE base.well_new SET note = 'giữ nguyên' WHERE code = 'A'`);
    await undoImport(engine.db, Number(id));
    expect(await engine.db.query(sql`SELECT to_regclass('base.well_new') AS made`)).toEqual([{ made: null }]);
    const tried = await run(file, { layer: 'base.well_new', dryRun: true });
    expect(tried).toMatchObject({ created: true, written: 5, id: undefined });
    expect(await engine.db.query(sql`SELECT to_regclass('base.well_new') AS made`)).toEqual([{ made: null }]);
  });

  it('imports are listed; what is older than 30 days cannot be undone, and its rows are gone', async () => {
    const { id } = await run(wells({ code: 'Z', x: 106.8 }));
    expect((await listImports(engine.db))[0]).toMatchObject({
      id,
      layer: 'base.well',
      mode: 'append',
      state: 'undoable',
      counts: { inserted: 1 },
    });
    await engine.db.query(
      sql`UPDATE transfer.import SET imported_at = now() - interval '31 days' WHERE id = ${id}::bigint`,
    );
    await run(wells({ code: 'Y', x: 106.9 }));
    expect(await problem(undoImport(engine.db, Number(id)))).toContain('older than 30 days');
    expect(await engine.db.query(sql`SELECT FROM transfer.import_row WHERE import_id = ${id}::bigint`)).toEqual([]);
    expect(await problem(undoImport(engine.db, 987_654))).toContain('There is no import 987654');
  });

  it.each([
    [{ key: ['code'] }, '--key goes with --mode upsert, update or sync'],
    [{ mode: 'upsert', byUnit: true }, '--by-unit goes with --mode replace or sync'],
    [{ mode: 'sync', skipRefused: true }, 'refused rows are not skipped'],
    [{ mode: 'replace', byUnit: true }, '--by-unit cannot be used: base.well has no column that refers to base.unit'],
  ] as const)('%j is refused', async (more, words) => {
    expect(await problem(run(wells(...AFTER), more))).toContain(words);
  });

  it('a second import into the layer waits for the first', async () => {
    const steps: string[] = [];
    let second: Promise<ImportReport> | undefined;
    const first = await run(wells({ code: 'F' }), {
      mode: 'upsert',
      onStep: (step) => {
        steps.push(`first ${step}`);
        if (step === 'reading')
          second = run(wells({ code: 'F', note: 'sau' }), {
            mode: 'upsert',
            onStep: (each) => steps.push(`second ${each}`),
          });
      },
    });
    expect([counts(first), counts((await second) as ImportReport)]).toEqual(['1 0 0 0', '0 1 0 0']);
    const isSaid = steps.includes('second waiting');
    // The embedded engine has one session, so the second import begins after the first.
    expect(isSaid).toBe(engine.name === 'postgres');
    expect(steps.indexOf('second reading')).toBeGreaterThan(steps.indexOf('first writing'));
  });
});

describeEngines('an import by unit', (engine) => {
  beforeAll(async () => {
    await engine.db.script(`
      INSERT INTO base.unit (code, valid_from, valid_to, level, kind, name, full_name) VALUES
        ('25747', '2025-07-01', NULL, 'commune', 'phường', 'Thủ Dầu Một', 'Phường Thủ Dầu Một'),
        ('99001', '2000-01-01', '2020-01-01', 'commune', 'xã', 'Xưa', 'Xã Xưa'), ('99001', '2025-07-01', NULL, 'commune', 'xã', 'Nay', 'Xã Nay'),
        ('99002', '2025-07-01', NULL, 'commune', 'xã', 'Bên', 'Xã Bên') ON CONFLICT DO NOTHING;
      DELETE FROM land.parcel;
      INSERT INTO land.parcel (unit_code, unit_valid_from, sheet, number, main_use, geom)
        SELECT code, valid_from, '1', 1, (SELECT min(code) FROM land.land_use_type), ST_Multi(ST_MakeEnvelope(600000, 1200000, 600010, 1200010, 9210))
        FROM base.unit WHERE code IN ('99001', '99002')`);
  });
  const parcel = (number: number, x: number) =>
    polygonFeature(square(x, 10.98, 0.0001), { unit_code: '99001', sheet: '1', number });
  const run = async (features: object[], more: Partial<ImportRequest>) => {
    const [{ use } = {}] = await engine.db.query<{ use: string }>(sql`SELECT min(code) AS use FROM land.land_use_type`);
    return importFile(engine.db, {
      ...{ file: geojson(features), layer: 'land.parcel', set: { main_use: use ?? '' }, ...more },
    });
  };
  const held = async () => {
    const rows = await engine.db.query<{ text: string }>(
      sql`SELECT concat_ws(' ', unit_code, unit_valid_from, number) AS text FROM land.parcel ORDER BY 1`,
    );
    return rows.map(({ text }) => text);
  };

  it('the code of a unit means the unit in force: a former unit of that code, and others, are left alone', async () => {
    const features = [parcel(1, 106.65), parcel(2, 106.66)];
    const tried = await run(features, { mode: 'sync', byUnit: true, dryRun: true });
    expect(tried.rows).toMatchObject({ inserted: 1, updated: 1, deleted: 0 });
    expect(tried.key).toEqual(['unit_code', 'sheet', 'number']);
    expect((await run(features, { mode: 'sync', byUnit: true })).rows).toEqual(tried.rows);
    const all = ['99001 2000-01-01 1', '99001 2025-07-01 1', '99001 2025-07-01 2', '99002 2025-07-01 1'];
    expect(await held()).toEqual(all);
    expect((await run([parcel(3, 106.67)], { mode: 'replace', byUnit: true })).rows).toMatchObject({
      inserted: 1,
      deleted: 2,
    });
    expect(await held()).toEqual(['99001 2000-01-01 1', '99001 2025-07-01 3', '99002 2025-07-01 1']);
    expect((await run([parcel(3, 106.67)], { mode: 'sync' })).rows).toMatchObject({ unchanged: 1, deleted: 2 });
    expect(await held()).toEqual(['99001 2025-07-01 3']);
  });
});
