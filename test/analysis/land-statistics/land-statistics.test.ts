import { strFromU8, unzipSync } from 'fflate';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FilledForm, StatisticsValues } from '../../../src/analysis/land-statistics/outputs.ts';
import { areasQuery } from '../../../src/analysis/land-statistics/statistics-query.ts';
import { sql } from '../../../src/database/sql.ts';
import { groupBy } from '../../../src/lib/group.ts';
import { describeEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../../http/app.ts';
import { readWorkbook } from '../../results/office.ts';
import { counts, type Part, partsOf } from './long-way.ts';

type Line = FilledForm['rows'][number];

const number = (column: string) => Number(/\d+/.exec(column)?.[0]);

describeEngines('land statistics', (engine) => {
  let test: TestApp;
  let unit: string;
  let parts: Part[];
  let values: StatisticsValues & { job: string };
  beforeAll(async () => {
    const [smallest] = await engine.db.query<{ unit: string }>(
      sql`SELECT unit_code AS unit FROM land.parcel GROUP BY 1 ORDER BY count(*), 1 LIMIT 1`,
    );
    unit = smallest?.unit as string;
    await spoil(unit);
    test = await openApp(engine.db);
    parts = await partsOf(engine.db, unit);
    values = await statistics({ unit });
  });
  afterAll(() => test?.close());

  /** Plants what real registers have: uses without areas, one of unknown area, no uses, two holders, a new subject, a code of a group. */
  const spoil = async (code: string) => {
    const ids = await engine.db.query<{ id: number }>(
      sql`SELECT p.id FROM land.parcel AS p JOIN land.right_holder ON parcel_id = p.id WHERE unit_code = ${code} ORDER BY 1 LIMIT 6`,
    );
    const [a, b, c, d, e, f] = ids.map(({ id }) => id);
    await engine.db.query(sql`INSERT INTO land.land_subject VALUES ('XXX', 'use', 'Mới', 'New')`);
    await engine.db.query(sql`UPDATE land.parcel_use SET area_m2 = 0 WHERE parcel_id IN (${a}, ${b})`);
    await engine.db.query(
      sql`INSERT INTO land.parcel_use VALUES (${a}, 'SON', 0), (${c}, 'PNN', 17.3), (${e}, 'PNN', NULL) ON CONFLICT DO NOTHING`,
    );
    await engine.db.query(sql`DELETE FROM land.parcel_use WHERE parcel_id = ${d}`);
    await engine.db.query(sql`UPDATE land.right_holder SET subject_code = 'CNV' WHERE parcel_id IN (${e}, ${f})`);
    await engine.db.query(sql`INSERT INTO land.right_holder (parcel_id, holder_kind, holder_name, subject_code, holder_key)
      VALUES (${e}, 'organisation', 'Ngân hàng', 'TKT', 'bank'), (${f}, 'household', 'Hộ khác', NULL, 'other')`);
    await engine.db.query(sql`UPDATE land.right_holder SET subject_code = 'XXX' WHERE parcel_id = ${b}`);
  };

  const execute = (inputs: object) =>
    request(test.app).post('/processes/land-statistics/execution').set('accept-language', 'en').send({ inputs });
  const statistics = async (inputs: object): Promise<StatisticsValues & { job: string }> => {
    const { body, status } = await execute(inputs);
    expect([status, body.detail]).toEqual([200, undefined]);
    return body;
  };
  const formOf = (code: string, of = values) => of.forms.find((form) => form.code === code) as FilledForm;
  const figures = ({ columns }: FilledForm) => columns.filter(({ measure }) => measure !== 'text');
  const rowOf = ({ rows }: FilledForm, code: string | null) => rows.find((row) => row.code === code) as Line;
  /** m² of the parts that a row and a column count. */
  const exact = ({ code, isOutside }: Line, subjects: readonly (string | null)[] | 'all') =>
    parts.reduce((sum, { use, subject, tenths }) => {
      const isIn = counts(code, isOutside, use) && (subjects === 'all' || subjects.includes(subject));
      return sum + (isIn ? tenths : 0);
    }, 0) / 10;
  const known = () => formOf('01/TKKK').columns.flatMap(({ code }) => code ?? []);
  const unknown = () => [
    null,
    ...new Set(parts.flatMap(({ subject }) => (subject && !known().includes(subject) ? [subject] : []))),
  ];

  it('sums exactly what single parcels add up to', async () => {
    const rows = await engine.db.query<{ unit: string; use: string; subject: string | null; area: string }>(
      areasQuery(unit),
    );
    const expected = new Map<string, number>();
    for (const { use, subject, tenths } of parts) {
      const key = `${use} ${subject}`;
      expected.set(key, (expected.get(key) ?? 0) + tenths);
    }
    const found = new Map(rows.map(({ use, subject, area }) => [`${use} ${subject}`, Math.round(Number(area) * 10)]));
    expect(found).toEqual(expected);
    expect(unknown()).toEqual([null, 'XXX']);
  });

  it('fills form 01: each detailed figure and each sum is within 0.01 ha, and the whole is the nearest', () => {
    const form = formOf('01/TKKK');
    const columns = figures(form);
    const parents = new Set(
      form.rows.map(({ level }, index) => ((form.rows[index + 1]?.level ?? 0) > level ? index : -1)),
    );
    form.rows.forEach((row, index) => {
      columns.forEach(({ code, number: line }, column) => {
        const subjects = line === '' ? unknown() : line === '(4)' ? 'all' : code === null ? undefined : [code];
        const { value, reason } = row.cells[column] as Line['cells'][number];
        if (!subjects) return;
        const area = exact(row, subjects);
        const place = `${row.title}, ${line}`;
        if (value === null) {
          expect([reason, area, exact(row, unknown()) > 0], place).toEqual(['subject', 0, true]);
        } else if (!parents.has(index) || row.code === null || subjects === 'all') {
          expect(Math.abs(value - area / 10_000), place).toBeLessThan(0.01);
        }
      });
    });
    const whole = rowOf(form, null).cells[0]?.value;
    expect(whole).toBe(Math.round(exact(rowOf(form, null), 'all') / 100) / 100);
    expect(values.checks.parcelsHa).toBe(whole);
  });

  it('obeys the printed formulas in every row, and rows add up', () => {
    const form = formOf('01/TKKK');
    const columns = figures(form);
    const cents = (row: Line, column: number) => Math.round((row.cells[column]?.value ?? 0) * 100);
    const placeOf = (line: number) => columns.findIndex((each) => number(each.number) === line);
    for (const row of form.rows) {
      const sum = (from: number, to: number) => {
        let total = 0;
        for (let line = from; line <= to; line++) total += cents(row, placeOf(line));
        return total;
      };
      expect(cents(row, placeOf(5)), row.title).toBe(sum(6, 17));
      expect(cents(row, placeOf(18)), row.title).toBe(sum(19, 22));
      // What has no known subject stands beside the form.
      expect(cents(row, placeOf(4)), row.title).toBe(sum(5, 5) + sum(18, 18) + cents(row, columns.length - 1));
    }
    for (const [index, row] of form.rows.entries()) {
      const until = form.rows.findIndex(({ level }, at) => at > index && level <= row.level);
      const below = form.rows
        .slice(index + 1, until < 0 ? undefined : until)
        .filter(({ level }) => level === row.level + 1);
      if (below.length === 0) continue;
      columns.forEach((_, column) => {
        expect(
          below.reduce((sum, part) => sum + cents(part, column), 0),
          row.title,
        ).toBe(cents(row, column));
      });
    }
  });

  it('numbers rows by the hierarchy of the law, and gives unknown codes rows of their own', () => {
    const { rows } = formOf('01/TKKK');
    const inside = rows.filter(({ isOutside }) => !isOutside);
    const numbers = Object.fromEntries(inside.map(({ code, order }) => [code, order]));
    expect(inside).toHaveLength(1 + 3 + 7 + 52);
    expect(numbers).toMatchObject({
      NNP: '1',
      CHN: '1.1',
      LUA: '1.1.1',
      CLN: '1.2',
      ODT: '2.1.2',
      DKV: '2.7.10',
      CSD: '3',
      MCS: '3.5',
    });
    expect(
      rows.filter(({ isOutside }) => isOutside).map(({ code, order, level }) => [code, order, level]),
    ).toContainEqual(['PNN', '', 2]);
  });

  it('links each figure to the parcels behind it', async () => {
    for (const code of ['01/TKKK', '02/TKKK']) {
      const form = formOf(code);
      const columns = figures(form);
      const cells = form.rows.flatMap((row) => row.cells.map((cell, column) => ({ row, cell, column })));
      const linked = cells.filter(({ cell }) => cell.parcels);
      expect(linked.length).toBeGreaterThan(20);
      const step = Math.ceil(linked.length / 12);
      for (const { row, cell, column } of linked.filter((_, index) => index % step === 0)) {
        const { body } = await request(test.app).get(`/${cell.parcels}&limit=10000`).expect(200);
        const found = body.features.map(({ properties }: { properties: { area_m2: number } }) => properties.area_m2);
        const { code: subject, number: line } = columns[column] as FilledForm['columns'][number];
        const scope = line === '' ? unknown() : subject ? [subject] : scopeOf(code, number(line));
        const area = found.reduce((sum: number, each: number) => sum + Math.round(each * 10), 0) / 10;
        expect(area, `${code} ${row.title} ${line}`).toBe(exact(row, scope));
      }
    }
  });
  const scopeOf = (form: string, line: number) => {
    if (form === '02/TKKK') return known();
    if (line === 4) return 'all' as const;
    const subjects = known();
    return line === 5 ? subjects.slice(0, 12) : subjects.slice(12);
  };

  it('counts each user once in a row of form 02, and says where keys are missing', async () => {
    const form = formOf('02/TKKK');
    const holders = await engine.db.query<{ parcel: number; key: string | null }>(
      sql`SELECT parcel_id AS parcel, holder_key AS key FROM land.right_holder`,
    );
    const keysOf = groupBy(holders, ({ parcel }) => parcel);
    let checked = 0;
    figures(form).forEach(({ code }, column) => {
      if (code === null) return;
      for (const row of form.rows) {
        const own = parts.filter(({ use, subject }) => counts(row.code, row.isOutside, use) && subject === code);
        const keys = own.flatMap(({ parcel }) => (keysOf.get(parcel) ?? []).map(({ key }) => key));
        const { value, reason } = row.cells[column] as Line['cells'][number];
        const distinct = new Set(keys).size;
        if (value === null) expect(reason, `${row.title} ${code}`).toBe(keys.includes(null) ? 'holderKey' : 'subject');
        else expect(value, `${row.title} ${code}`).toBe(distinct);
        checked += distinct;
      }
    });
    expect(checked).toBeGreaterThan(100);
    await engine.db.query(sql`UPDATE land.right_holder SET holder_key = NULL WHERE id = (SELECT max(h.id) FROM land.right_holder AS h
      JOIN land.parcel ON parcel.id = h.parcel_id WHERE unit_code = ${unit} AND subject_code = 'CNV'
      AND (SELECT count(*) FROM land.parcel_use AS u WHERE u.parcel_id = parcel.id) = 1)`);
    const again = formOf('02/TKKK', await statistics({ unit, forms: ['02/TKKK'] }));
    const total = rowOf(again, null).cells.map(({ value, reason }) => value ?? reason);
    expect([total[0], total[1]]).toEqual(['holderKey', 'holderKey']);
    expect(again.reasons.holderKey?.vi).toMatch(/chưa có mã/);
  });

  it('gives shares of the whole and of the row in form 04', () => {
    const form = formOf('04/TKKK');
    const [first, shares] = [formOf('01/TKKK'), figures(form)];
    const [ha, percent] = [
      shares.findIndex(({ code }) => code === 'CNV'),
      shares.findLastIndex(({ code }) => code === 'CNV'),
    ];
    for (const [index, row] of form.rows.entries()) {
      const same = first.rows[index] as Line;
      expect(row.cells[0]?.value).toBe(same.cells[0]?.value);
      expect(row.cells[ha]).toEqual(same.cells[figures(first).findIndex(({ code }) => code === 'CNV')]);
      const [whole, all] = [exact(row, 'all'), exact(rowOf(form, null), 'all')];
      expect(row.cells[1]?.value).toBe(Math.round((1e4 * whole) / all) / 100);
      const { value, reason } = row.cells[percent] as Line['cells'][number];
      if (whole === 0) expect([value, reason]).toEqual([null, 'noArea']);
      else if (value !== null) expect(value).toBe(Math.round((1e4 * exact(row, ['CNV'])) / whole) / 100);
    }
  });

  it('leaves empty what the data cannot fill, with the reason', async () => {
    const changes = formOf('05/TKKK');
    expect([changes.rows.length, figures(changes).length]).toEqual([52, 54]);
    expect(
      changes.rows.every(({ cells }) => cells.every(({ value, reason }) => value === null && reason === 'history')),
    ).toBe(true);
    expect(values.forms.map(({ code }) => code)).toEqual(['01/TKKK', '02/TKKK', '04/TKKK', '05/TKKK']);
    const none = await statistics({ unit: '25942', forms: ['01/TKKK'] });
    const [{ n } = { n: 0 }] = await engine.db.query<{ n: number }>(
      sql`SELECT count(*) AS n FROM land.parcel WHERE unit_code = '25942'`,
    );
    if (n === 0) expect(rowOf(formOf('01/TKKK', none), 'NNP').cells[0]).toEqual({ value: null, reason: 'noParcels' });
  });

  it('adds up the communes of the province in form 03, and withholds form 06', async () => {
    const province = await statistics({ unit: '79', forms: ['01/TKKK', '03/TKKK', '06/TKKKQPAN'] });
    const [areas, communes, defence] = province.forms as [FilledForm, FilledForm, FilledForm];
    const columns = figures(communes);
    expect(columns.length).toBe(38);
    expect(columns.map((column) => number(column.number))).toEqual(columns.map((_, index) => index + 4));
    const own = columns.findIndex(({ code }) => code === unit);
    const firsts = (form: FilledForm, column: number) => form.rows.map(({ cells }) => cells[column]?.value);
    expect(firsts(communes, 0)).toEqual(firsts(areas, 0));
    const alone = await statistics({ unit, forms: ['01/TKKK'] });
    const ofRow = new Map(
      formOf('01/TKKK', alone).rows.map((row) => [`${row.code} ${row.isOutside}`, row.cells[0]?.value]),
    );
    for (const row of communes.rows)
      expect(row.cells[own]?.value, row.title).toBe(ofRow.get(`${row.code} ${row.isOutside}`) ?? 0);
    for (const row of communes.rows) {
      const sum = row.cells.slice(1).reduce((total, { value }) => total + Math.round((value ?? 0) * 100), 0);
      expect(sum, row.title).toBe(Math.round((row.cells[0]?.value ?? 0) * 100));
      expect(row.cells.at(-1)).toEqual({ value: null, reason: 'boundary' });
    }
    expect(rowOf(communes, 'ODT').cells[own]?.parcels ?? rowOf(communes, 'ONT').cells[own]?.parcels).toContain(
      `unit=${unit}&`,
    );
    expect(defence.rows.flatMap(({ cells }) => cells.map(({ reason }) => reason))).toEqual(
      Array.from({ length: 4 }, () => 'restricted'),
    );
  });

  it.each([
    [{ unit: '99999' }, 'unit', /No commune or province in force.*99999/],
    [{ unit: 'Tỉnh Bình Dương' }, 'unit', /No commune or province in force/],
    [{ unit: 'thu dau mot', forms: ['03/TKKK'] }, 'forms', /does not fill form 03\/TKKK. It can be: 01\/TKKK/],
    [{ unit: '79', forms: ['07'] }, 'inputs.forms[0]', /01\/TKKK/],
    [{ unit: '79', forms: [] }, 'inputs.forms', /at least 1|≥ 1/],
    [{}, 'inputs.unit', /unit/],
  ])('rejects %j', async (inputs, parameter, words) => {
    const { body, status } = await execute(inputs);
    expect([status, body.type, body.parameter]).toEqual([400, 'urn:diaba:problem:invalid-body', parameter]);
    expect(body.detail).toMatch(words);
  });

  it('is a workbook in the shape of the forms, and a page that prints', async () => {
    const path = `/jobs/${values.job}/results`;
    const { body } = await request(test.app).get(`${path}?f=xlsx`).responseType('blob').expect(200);
    const sheets = readWorkbook(body);
    expect(sheets.map(({ name }) => name)).toEqual(['01-TKKK', '02-TKKK', '04-TKKK', '05-TKKK', 'Căn cứ']);
    const [areas] = sheets;
    const texts = areas?.rows.flatMap((row) => Object.values(row)) ?? [];
    expect(texts).toEqual(
      expect.arrayContaining([
        'Biểu 01/TKKK',
        '(4)=(5)+(18)',
        '(5)=(6)+…+(17)',
        'Tổ chức trong nước (TCC)',
        'TM. Ủy ban nhân dân',
      ]),
    );
    expect(texts).toContain(rowOf(formOf('01/TKKK'), null).cells[0]?.value);
    const links = strFromU8(unzipSync(body)['xl/worksheets/_rels/sheet1.xml.rels'] as Uint8Array).match(
      /Target="[^"]*"/g,
    );
    const linked = formOf('01/TKKK').rows.flatMap(({ cells }) => cells.flatMap(({ parcels }) => parcels ?? []));
    const shown = links?.map((link) =>
      link
        .replaceAll('&amp;', '&')
        .replaceAll('&apos;', "'")
        .replace(/^.*(?=collections)|&f=html"$/g, ''),
    );
    expect(shown).toEqual(linked);
    const page = await request(test.app).get(`${path}?f=html&lang=en`).expect(200);
    expect(page.text).toContain('<strong>Biểu 04/TKKK</strong>');
    expect(page.text).toMatch(
      /<a href="[^"]*\/collections\/land\.use_area\/items\?unit=\d+&amp;filter=[^"]*&amp;f=html">[\d.]+,\d\d<\/a>/,
    );
    await request(test.app)
      .get(`/jobs/${values.job}?f=html`)
      .expect(200, /results\?f=html/);
  });
});
