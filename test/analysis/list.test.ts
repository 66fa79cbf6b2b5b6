import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLines } from '../../src/analysis/list/lines.ts';
import type { ListValues } from '../../src/analysis/list/outputs.ts';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { EAST_UNIT, fillGrid, WEST_UNIT } from './grid.ts';

describe('lines of a list', () => {
  const fields = (text: string, unit?: string) =>
    readLines(text, unit).map((line) =>
      'fault' in line ? line.fault.en : [line.line, line.unit, line.sheet, line.number],
    );

  it.each([
    ['tabs', 'Phú Lợi\t40\t12', [[1, 'Phú Lợi', '40', 12]]],
    ['commas', 'Phú Lợi, 40 ,12', [[1, 'Phú Lợi', '40', 12]]],
    ['semicolons', 'Phú Lợi;40;12', [[1, 'Phú Lợi', '40', 12]]],
    [
      'a unit with a comma',
      'phường Phú Lợi, TP. Hồ Chí Minh, 40, 12',
      [[1, 'phường Phú Lợi, TP. Hồ Chí Minh', '40', 12]],
    ],
    ['quotes', '"Phú Lợi","40","12"', [[1, 'Phú Lợi', '40', 12]]],
    [
      'a header, Windows ends, a mark at the start',
      '\uFEFFĐơn vị\tTờ\tThửa\r\n25747\t040\t12\r\n\r\n',
      [[2, '25747', '40', 12]],
    ],
    ['empty columns to the right', '25747\t1\t2\t\t', [[1, '25747', '1', 2]]],
    ['lines without a unit', '40\t12', [[1, 'Phú Lợi', '40', 12]], 'Phú Lợi'],
    ['no unit at all', '40\t12', [expect.stringMatching(/unit is missing/)]],
    ['a number that is none', '25747\t1\tx', [expect.stringMatching(/positive whole number/)]],
    ['a single field', '25747', [expect.stringMatching(/must have unit, sheet and number/)]],
  ])('are read with %s', (_, text, expected, unit?: string) => {
    expect(fields(text, unit)).toEqual(expected);
  });
});

describeEngines('a list of parcels', (engine) => {
  let test: TestApp;
  let former: { code: string; name: string };
  beforeAll(async () => {
    await fillGrid(engine.db, 72);
    const [old] = await engine.db.query<{ code: string; name: string; valid_from: string }>(sql`
      SELECT code, full_name AS name, valid_from FROM base.unit WHERE valid_to IS NOT NULL AND level = 'commune' ORDER BY code LIMIT 1`);
    former = old as { code: string; name: string };
    await engine.db.query(sql`INSERT INTO land.parcel_alias (parcel_id, unit_code, unit_valid_from, sheet, number)
      SELECT 7, code, valid_from, '27', 280 FROM base.unit WHERE code = ${former.code} AND valid_to IS NOT NULL`);
    await engine.db.query(sql`INSERT INTO land.parcel (id, unit_code, sheet, number, main_use, geom)
      SELECT 100003, unit_code, sheet, number, main_use, geom FROM land.parcel WHERE id = 3`);
    await engine.db.query(sql`INSERT INTO land.parcel_lineage (parent_id, child_id, event, happened_on, parent_unit_code, parent_unit_valid_from, parent_sheet, parent_number)
      SELECT 900001, id, 'split', '2022-01-18', ${WEST_UNIT}, '2025-07-01', '1', 9000 FROM land.parcel WHERE id IN (10, 11)`);
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  const post = (inputs: object) =>
    request(test.app).post('/processes/list/execution').set('accept-language', 'en').send({ inputs });
  const ask = async (text: string, unit?: string): Promise<ListValues & { job: string }> => {
    const { body, status } = await post({ text, unit });
    expect([status, body.detail]).toEqual([200, undefined]);
    return body;
  };
  const answers = async (text: string) =>
    (await ask(text)).lines.map(({ status, parcels }) => [status, parcels.map(({ id }) => Number(id))]);

  it('tells of each line whether it is found, and why not', async () => {
    const text = [
      `${WEST_UNIT}\t1\t1`,
      `${WEST_UNIT}\t01\t3`,
      `${former.name}\t27\t280`,
      `${WEST_UNIT}\t1\t9000`,
      `${WEST_UNIT}\t1\t9999`,
      `${WEST_UNIT}\t2\t1`,
      'Phường Không Có\t1\t1',
      'phường Thủ Dầu Một Hai\t1\t1',
      `${WEST_UNIT}\t1\tmười`,
    ].join('\n');
    expect(await answers(text)).toEqual([
      ['found', [1]],
      ['ambiguous', [3, 100003]],
      ['renumbered', [7]],
      ['divided', [10, 11]],
      ['no_number', []],
      ['no_sheet', []],
      ['unknown_unit', []],
      ['unknown_unit', []],
      ['unreadable', []],
    ]);
  });

  it.each([
    'Thủ Dầu Một',
    'phường Thủ Dầu Một',
    'P. thu dau mot',
    'THỦ DẦU MỘT, TP. Hồ Chí Minh',
    'p.thudaumot',
    WEST_UNIT,
  ])('takes the unit as people write it: %s', async (unit) => {
    expect(await answers(`${unit};1;5`)).toEqual([['found', [5]]]);
  });

  it('sums each parcel once, and gives the found as a layer', async () => {
    const { job, summary } = await ask('1,1\n1,1\n1,2\n1,9000', WEST_UNIT);
    expect(summary).toEqual({
      lines: 4,
      byStatus: [
        { status: 'found', lines: 3 },
        { status: 'divided', lines: 1 },
      ],
      ...{ parcels: 4, legalAreaM2: 40000, areaM2: 40000 },
    });
    const { body } = await request(test.app).get(`/collections/result.${job}_parcels/items`);
    expect(
      body.features.map(({ properties }: { properties: { line: number; parcel: string } }) => [
        properties.line,
        properties.parcel,
      ]),
    ).toEqual([
      [1, '1'],
      [3, '2'],
      [4, '10'],
      [4, '11'],
    ]);
  });

  it('answers as many lines as it takes, in their order, across statements', async () => {
    const text = Array.from(
      { length: 5000 },
      (_, index) => `${index % 72 < 36 ? WEST_UNIT : EAST_UNIT}\t1\t${index + 1}`,
    ).join('\n');
    const { summary, lines } = await ask(text);
    expect(summary.byStatus).toEqual([
      { status: 'found', lines: 4999 },
      { status: 'ambiguous', lines: 1 },
    ]);
    expect(lines.map(({ parcels: [parcel] }) => Number(parcel?.id))).toEqual(
      Array.from({ length: 5000 }, (_, index) => index + 1),
    );
  });

  it.each([
    ['no line', { text: ' \n\t\n' }, 400, /has no line/],
    ['no text', {}, 400, /"inputs.text" must/],
    ['too many lines', { text: '1,1\n'.repeat(5001) }, 422, /5001 lines; the most is 5000/],
    ['too long a text', { text: 'x'.repeat(400_001) }, 400, /400000/],
  ])('refuses %s', async (_, inputs, status, detail) => {
    const answer = await post(inputs);
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringMatching(detail)]);
  });
});
