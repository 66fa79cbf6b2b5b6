/** Workbooks and drawings, read back and compared with the JSON. */
import type { Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { rowsProcess } from '../fixtures/rows/process.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { readDrawing, readWorkbook } from './office.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** Days of Excel before 1970. */
const EPOCH = 25_569;

describeEngines('files for an office', (engine) => {
  let test: TestApp;
  let app: Express;
  beforeAll(async () => {
    test = await openApp(engine.db);
    app = createApp({ ...test.services, processes: [...test.services.processes, rowsProcess()] });
  });
  afterAll(() => test?.close());

  const file = async (path: string) => {
    const { body, status, headers } = await request(app).get(path).responseType('blob');
    expect([path, status, status === 200 ? '' : String(body)]).toEqual([path, 200, '']);
    return { body: new Uint8Array(body), type: headers['content-type'], name: headers['content-disposition'] };
  };
  const rows = async (size: number) =>
    (await request(app).post('/processes/rows/execution').send({ inputs: { size } }).expect(200)).body.job as string;

  it('XLSX: parcels with numbers as numbers, codes as text, Vietnamese headers, the sum of the JSON', async () => {
    const filter = encodeURIComponent("main_use = 'ODT'");
    const { body, type } = await file(`/collections/land.parcel/items?f=xlsx&filter=${filter}&lang=vi`);
    expect(type).toBe(XLSX);
    const [sheet, ...others] = readWorkbook(body);
    expect(others).toEqual([]);
    const { body: described } = await request(app).get('/collections/land.parcel/schema?lang=vi');
    const titles = Object.values(sheet?.rows[0] ?? {});
    const columnOf = (name: string) =>
      Object.entries(sheet?.rows[0] ?? {}).find(([, title]) => title === described.properties[name].title)?.[0] ?? '';
    expect(titles).toContain(described.properties.legal_area_m2.title);
    const [wanted] = await engine.db.query<{ count: number; area: number }>(
      sql`SELECT count(*) AS count, sum(legal_area_m2)::float8 AS area FROM land.parcel WHERE main_use = 'ODT'`,
    );
    const values = sheet?.rows.slice(1) ?? [];
    expect(values.length).toBe(wanted?.count);
    expect(values.length).toBeGreaterThan(100);
    const areas = values.map((row) => row[columnOf('legal_area_m2')]);
    expect(areas.filter((each) => each !== undefined).every((each) => typeof each === 'number')).toBe(true);
    expect(areas.reduce<number>((sum, each) => sum + Number(each ?? 0), 0)).toBeCloseTo(wanted?.area ?? 0, 1);
    expect(typeof values[0]?.[columnOf('unit_code')]).toBe('string');
    const english = readWorkbook((await file('/collections/land.parcel/items?f=xlsx&limit=1&lang=en')).body);
    expect(Object.values(english[0]?.rows[0] ?? {})).not.toEqual(titles);
    expect(english[0]?.rows).toHaveLength(2);
  });

  it('XLSX of a result: the sheets of the process, one a layer, and the basis', async () => {
    const job = await rows(3);
    const sheets = readWorkbook((await file(`/jobs/${job}/results?f=xlsx&lang=vi`)).body);
    expect(sheets.map(({ name }) => name)).toEqual(['Tổng hợp', 'Ô vuông', 'Giá trị  lạ', 'None', 'Căn cứ']);
    const [summary, squares, odd, , basis] = sheets;
    expect(summary?.rows).toEqual([{ A: 'n' }, { A: 3 }]);
    expect(squares?.rows.slice(0, 2)).toEqual([
      { A: 'Số thứ tự', B: 'Số', C: 'Loại' },
      { A: 1, B: 3, C: 'lẻ/odd' },
    ]);
    const day = Date.parse('2026-01-31T00:00:00Z') / 86_400_000 + EPOCH;
    expect(odd?.rows[1]).toMatchObject({
      ...{ A: 1, B: '007', C: 'Đất ở "tại" <đô thị>; _x005F_x0041_', D: '9007199254740993', E: 0.1, F: true, G: day },
      // 17:30 in Greenwich is half past midnight of the next day in Vietnam.
      H: expect.closeTo(day + 1 + 0.5 / 24, 6),
    });
    expect(odd?.formats).toMatchObject({ G2: 'dd/mm/yyyy', H2: 'dd/mm/yyyy hh:mm' });
    expect(odd?.rows[2]).toEqual({ A: 2 });
    const pairs = (basis?.rows ?? []).map(({ A, B }) => [A, B]);
    expect(pairs).toEqual(
      expect.arrayContaining([
        ['Đầu vào: size', '3'],
        ['Ghi chú', 'Một ghi chú'],
        ['Mã tác vụ', job],
        ['Phân tích', 'Các dòng (rows 0.1.0)'],
      ]),
    );
  });

  it('DXF: closed polylines in VN-2000, a layer a class, areas of the table with their holes', async () => {
    const { body, type, name } = await file('/collections/land.parcel/items?f=dxf&limit=500');
    expect([type, name]).toEqual(['image/vnd.dxf', "attachment; filename*=UTF-8''land.parcel.dxf"]);
    const { polylines, layers } = readDrawing(Buffer.from(body).toString());
    expect(polylines.every(({ isClosed }) => isClosed)).toBe(true);
    const wanted = await engine.db.query<{ use: string; area: number }>(
      sql`SELECT main_use AS use, sum(ST_Area(geom))::float8 AS area FROM (SELECT main_use, geom FROM land.parcel ORDER BY id LIMIT 500) AS first_ones GROUP BY 1`,
    );
    expect(wanted.length).toBeGreaterThan(1);
    for (const { use, area } of wanted) {
      const own = polylines.filter(({ layer }) => layer === use);
      expect([use, own.reduce((sum, { signedArea }) => sum + signedArea, 0)]).toEqual([use, expect.closeTo(area, 3)]);
      expect(layers).toContain(use);
    }
  });

  it('DXF by another field: names that are valid, holes that are taken off, degrees refused', async () => {
    const job = await rows(3);
    const items = `/collections/result.${job}_squares/items`;
    const { polylines } = readDrawing(Buffer.from((await file(`${items}?f=dxf&by=kind`)).body).toString());
    expect(polylines.map(({ layer, signedArea }) => [layer, Math.round(signedArea * 1000) / 1000])).toEqual([
      ...[
        ['lẻ_odd', 100],
        ['lẻ_odd', -4],
      ],
      ...[
        ['chẵn', 100],
        ['chẵn', -4],
      ],
      ...[
        ['lẻ_odd', 100],
        ['lẻ_odd', -4],
      ],
    ]);
    expect(polylines[0]?.points[0]?.[0]).toBeGreaterThan(600_000);
    const refused = async (query: string) =>
      (await request(app).get(`${items}?f=dxf&${query}`).set('accept-language', 'en').expect(400)).body.detail;
    expect(await refused('by=nothing')).toMatch(/"by" must be a field of the layer: id, number, kind/);
    expect(await refused('crs=http://www.opengis.net/def/crs/EPSG/0/4326')).toMatch(/in metres such as EPSG:9210/);
    expect((await request(app).get(`${items}?f=xlsx&filter=number>`)).status).toBe(400);
    await request(app).get(`/jobs/${job}/results?f=pdf`).expect(400);
  });
});
