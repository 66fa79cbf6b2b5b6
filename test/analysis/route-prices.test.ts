import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parcelFields } from '../../src/analysis/route-take/fields.ts';
import type { RouteValues } from '../../src/analysis/route-take/outputs.ts';
import type { PriceRow } from '../../src/analysis/route-take/price-query.ts';
import { routeSheets } from '../../src/analysis/route-take/sheets.ts';
import { PriceTable, sumValues } from '../../src/analysis/route-take/valuation.ts';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { EAST_UNIT, fillGrid, GRID, WEST_UNIT } from './grid.ts';

const DOCUMENT = 'NQ 1/2026';
/** Along the squares 53 to 59, 20 m wide: 1400 m² of the first, 600 m² of the last, 2000 m² of each other. */
const ROUTE = {
  geometry: {
    type: 'LineString',
    coordinates: [430, 1030].map((x) => [GRID.x + x, GRID.y + 450]),
  },
  ...{ crs: 'EPSG:9210', left: 10, right: 10 },
};
const ADDRESSES = {
  53: '12 Đường Huỳnh Văn Lũy, khu phố 3, phường Phú Lợi',
  54: '12/4 Đường Huỳnh Văn Lũy, khu phố 3, phường Phú Lợi',
  56: 'Đường Quốc lộ 13, phường Hiệp An',
  58: 'Đường Lê Lợi, phường Hiệp An',
};
/** Document, in force from and until, use, unit, street, from, to, region, position, 1000 VND. */
const PRICES = [
  [DOCUMENT, '2026-01-01', null, 'ODT', WEST_UNIT, 'HUỲNH VĂN LŨY', 'Cầu', 'Chợ', null, null, 31_900],
  ['NQ 0/2020', '2020-01-01', null, 'ODT', WEST_UNIT, 'HUỲNH VĂN LŨY', 'Cầu', 'Chợ', null, null, 20_000],
  ['NQ 9/2025', '2025-01-01', '2026-01-01', 'ODT', null, 'HUỲNH VĂN LŨY', null, null, null, null, 1],
  ['NQ 2/2999', '2999-01-01', null, 'ODT', null, 'HUỲNH VĂN LŨY', null, null, null, null, 2],
  [DOCUMENT, '2026-01-01', null, 'ODT', EAST_UNIT, 'QL13', 'Cầu', 'Chợ', null, null, 50_000],
  [DOCUMENT, '2026-01-01', null, 'ODT', EAST_UNIT, 'QL13', 'Chợ', 'Bến xe', null, null, 60_000],
  [DOCUMENT, '2026-01-01', null, 'NNP', null, null, null, null, 'Khu vực I', 1, 450],
] as const;

describeEngines('the value of what a route takes', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await fillGrid(engine.db, 12);
    await engine.db.script(`UPDATE land.parcel SET main_use = 'SKC' WHERE id = 59`);
    for (const [id, address] of Object.entries(ADDRESSES)) {
      await engine.db.query(sql`UPDATE land.parcel SET address = ${address} WHERE id = ${Number(id)}::int8`);
    }
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  const take = async (): Promise<RouteValues & { job: string }> => {
    const { body, status } = await request(test.app).post('/processes/route-take/execution').send({ inputs: ROUTE });
    expect([status, body.detail]).toEqual([200, undefined]);
    return body;
  };
  const columnsOf = async (job: string) => {
    const [row] = await engine.db.query<{ properties: Record<string, unknown> }>(
      sql`SELECT properties FROM result.feature WHERE job = ${job} AND layer = 'taken' ORDER BY ordinal LIMIT 1`,
    );
    return row?.properties ?? {};
  };

  it('is no column without a price table, and a sentence says so', async () => {
    const values = await take();
    expect(values.value).toBeNull();
    expect(values.parcels.every((parcel) => !('value' in parcel))).toBe(true);
    expect(values.notes.map(({ vi }) => vi)).toContainEqual(
      expect.stringMatching(/^Chưa có bảng giá đất nên không tính/),
    );
    expect(Object.keys(await columnsOf(values.job))).not.toContain('value_vnd');
    expect(routeSheets(values, 'vi').map(({ title }) => title)).not.toContain('Giá trị');
    expect(JSON.stringify(routeSheets(values, 'vi'))).not.toContain('Giá trị (đồng)');
  });

  it('is m² × price for each use, or a reason and never 0', async () => {
    for (const [document, from, to, use, unit, street, start, end, region, position, price] of PRICES) {
      await engine.db.query(sql`INSERT INTO land.land_price
          (document, valid_from, valid_to, use_code, unit_code, street, from_place, to_place, region, position, thousand_vnd_m2)
        VALUES (${document}, ${from}::date, ${to}::date, ${use}, ${unit}, ${street}, ${start}, ${end}, ${region}, ${position}::int, ${price}::numeric)`);
    }
    const values = await take();
    const parts = values.parcels.flatMap(({ number, value }) =>
      (value?.parts ?? []).map((part) => [number, part.use, part.takenM2, part.vnd, part.notValued]),
    );
    expect(parts).toEqual([
      [53, 'CLN', 980, 441_000_000, null],
      [53, 'ODT', 420, 13_398_000_000, null],
      [54, 'ODT', 2000, null, 'alley'],
      [55, 'CLN', 2000, 900_000_000, null],
      [56, 'ODT', 2000, null, 'several_segments'],
      [57, 'CLN', 1400, 630_000_000, null],
      [57, 'ODT', 600, null, 'no_street'],
      [58, 'ODT', 2000, null, 'street_not_listed'],
      [59, 'SKC', 600, null, 'no_price'],
    ]);
    expect(values.parcels[0]?.value).toMatchObject({ vnd: 13_839_000_000, valuedM2: 1400, notValuedM2: 0 });
    expect(values.parcels[1]?.value).toMatchObject({ vnd: null, valuedM2: 0, notValuedM2: 2000 });
    expect(values.parcels[0]?.value?.parts[1]?.price).toEqual({
      ...{ document: DOCUMENT, street: 'HUỲNH VĂN LŨY', from: 'Cầu', to: 'Chợ', region: null },
      ...{ position: 1, coefficient: 1, vndM2: 31_900_000, status: 'unchecked' },
    });
    expect(values.value).toMatchObject({
      ...{ vnd: 15_369_000_000, valuedM2: 4800, notValuedM2: 7200, documents: [DOCUMENT], status: 'unchecked' },
      statusText: { vi: 'chưa đối chiếu' },
    });
    expect(values.value?.notValued.map(({ reason, takenM2 }) => [reason, takenM2])).toEqual([
      ['alley', 2000],
      ['several_segments', 2000],
      ['no_street', 600],
      ['street_not_listed', 2000],
      ['no_price', 600],
    ]);
    expect(values.notes.map(({ vi }) => vi).join('\n')).toMatch(
      /NQ 1\/2026; chưa đối chiếu\).*chưa đối chiếu với văn bản/,
    );
    expect(await columnsOf(values.job)).toMatchObject({
      ...{ value_vnd: 13_839_000_000, valued_m2: 1400, not_valued_m2: 0 },
      value_basis:
        'CLN 980 m² × 450000 đ/m² × 1 (Khu vực I, vị trí 1, NQ 1/2026, chưa đối chiếu); ' +
        'ODT 420 m² × 31900000 đ/m² × 1 (HUỲNH VĂN LŨY, Cầu - Chợ, vị trí 1, NQ 1/2026, chưa đối chiếu)',
    });
    const sheet = routeSheets(values, 'en').find(({ title }) => title === 'Value');
    expect(sheet?.rows).toHaveLength(parts.length);
    expect(sheet?.rows[1]?.slice(2, 9)).toEqual([53, 'ODT', 420, 31_900_000, 1, 13_398_000_000, null]);
    expect(sheet?.rows[2]?.slice(4, 9)).toEqual([2000, null, null, null, expect.stringMatching(/in an alley/)]);
    expect(routeSheets(values, 'vi')[0]?.rows).toContainEqual(['Giá trị (đồng)', 15_369_000_000]);
  });

  it('holds from its first day to the day before its last', async () => {
    await engine.db.query(sql`INSERT INTO land.land_price (document, valid_from, valid_to, use_code, unit_code, street, thousand_vnd_m2)
      SELECT ${DOCUMENT}, first, last, use, ${EAST_UNIT}, street, 10000 FROM (SELECT environment.local_time(now())::date AS today) AS clock
      CROSS JOIN LATERAL (VALUES ('SKC', date '2020-01-01', today, NULL), ('ODT', today, today + 1, 'Lê Lợi')) AS price (use, first, last, street)`);
    const { parcels } = await take();
    expect(parcels.slice(5).map(({ value }) => value?.vnd)).toEqual([20_000_000_000, null]);
  });

  it('is checked only if every price is', async () => {
    await engine.db.script(`UPDATE land.land_price SET status = 'checked' WHERE use_code = 'ODT'`);
    expect((await take()).value?.status).toBe('unchecked');
    await engine.db.script(`UPDATE land.land_price SET status = 'checked'`);
    const { value, notes } = await take();
    expect(value?.status).toBe('checked');
    expect(JSON.stringify(notes)).not.toContain('chưa đối chiếu với văn bản');
  });
});

describe('a price table', () => {
  const ANY: PriceRow = {
    ...{ document: DOCUMENT, useCode: 'ODT', unitCode: null, street: null, fromPlace: null, toPlace: null },
    ...{ region: null, position: null, thousandVndM2: 1000, isChecked: false },
  };
  const LE_LOI = { ...ANY, street: 'Lê Lợi' };
  const uses = [
    { code: 'ODT', parent: 'OTC' },
    { code: 'OTC', parent: null },
  ];
  const ADDRESS = 'Đường Lê Lợi, phường A';

  it.each<[string, PriceRow[], string | null, number | string]>([
    [
      'prices of the commune before those of everywhere',
      [ANY, { ...ANY, unitCode: '1', thousandVndM2: 2000 }],
      null,
      2000,
    ],
    ['none of another commune', [{ ...ANY, unitCode: '2' }], null, 'no_price'],
    ['the price of the street before that of the region', [ANY, { ...LE_LOI, thousandVndM2: 3000 }], ADDRESS, 3000],
    [
      'the price of the region where the street is not listed',
      [ANY, { ...LE_LOI, street: 'Hùng Vương' }],
      ADDRESS,
      1000,
    ],
    [
      'none of several positions',
      [
        { ...ANY, position: 1 },
        { ...ANY, position: 2 },
      ],
      null,
      'several_positions',
    ],
    ['that of the use above', [{ ...ANY, useCode: 'OTC', thousandVndM2: 4000 }], null, 4000],
    ['its own before that of the use above', [{ ...ANY, useCode: 'OTC', thousandVndM2: 4000 }, ANY], null, 1000],
    ['none in an alley', [LE_LOI], 'Hẻm đường Lê Lợi, phường A', 'alley'],
  ])('gives %s', (_, prices, address, expected) => {
    const { parts } = new PriceTable(prices, uses).valueOf({
      ...{ unitCode: '1', address },
      uses: [{ code: 'ODT', takenM2: 2.5 }],
    });
    const [part] = parts;
    expect(part?.notValued ?? (part?.price?.vndM2 ?? 0) / 1000).toBe(expected);
    expect(part?.vnd).toBe(typeof expected === 'number' ? 2500 * expected : null);
  });

  it('is not checked where it gives no price', () => {
    const ground = { unitCode: '1', address: null, uses: [{ code: 'ODT', takenM2: 2.5 }] };
    const checked = { ...ANY, isChecked: true };
    expect(sumValues([new PriceTable([], uses).valueOf(ground)]).status).toBe('unchecked');
    expect(sumValues([new PriceTable([checked], uses).valueOf(ground)]).status).toBe('checked');
  });

  it('adds its columns to the layer where it is loaded', () => {
    expect(parcelFields(true).map(({ name }) => name)).toEqual([
      ...parcelFields(false).map(({ name }) => name),
      ...['value_vnd', 'valued_m2', 'not_valued_m2', 'value_basis'],
    ]);
  });
});
