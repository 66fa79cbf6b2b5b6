import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OverlayTheme, OverlayValues } from '../../src/analysis/overlay/outputs.ts';
import { overlaySheets } from '../../src/analysis/overlay/overlay-sheets.ts';
import type { OverlayRow } from '../../src/analysis/parts/row-schema.ts';
import { describeEngines } from '../engine.ts';
import { openApp, type TestApp } from '../http/app.ts';
import { fillGrid, GRID } from './grid.ts';

/** Squares of 100 m. Parcel 1 crosses two zones, 2 lies in two at once, 3 in one with a hole, 4 in none. */
const [X, Y] = [GRID.x, GRID.y];
const zone = (name: string, plan: string, wkt: string) =>
  `('${plan}', '${name}', 'khu ${name}', 'ODT', '2021-2030', 'QĐ 1', ST_Multi(ST_GeomFromText('${wkt}', 9210)))`;
const box = (west: number, south: number, east: number, north: number) =>
  `(${X + west} ${Y + south}, ${X + east} ${Y + south}, ${X + east} ${Y + north}, ${X + west} ${Y + north}, ${X + west} ${Y + south})`;

describeEngines('overlay of odd zones', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await fillGrid(engine.db, 4);
    await engine.db.script(`TRUNCATE land.planning_zone, environment.protection_corridor RESTART IDENTITY;
      INSERT INTO land.planning_zone (plan, zone_code, name, land_use_code, period, decision, geom) VALUES
        ${zone('A', 'land_use', `POLYGON(${box(0, 0, 40, 100)})`)},
        ${zone('B', 'land_use', `POLYGON(${box(40, 0, 160, 100)})`)},
        ${zone('C', 'land_use', `POLYGON(${box(130, 0, 200, 100)})`)},
        ${zone('D', 'land_use', `POLYGON(${box(200, 0, 300, 100)}, ${box(220, 20, 240, 40)})`)},
        ${zone('S', 'construction', `POLYGON(${box(0, 0, 100, 0.05)})`)};
      INSERT INTO environment.protection_corridor (name, kind, preset_id, distance_m, geom) VALUES
        ('kênh', 'water', 'water_river_10', 10, ST_Multi(ST_GeomFromText('POLYGON(${box(0, 0, 100, 10)})', 9210))),
        ('đường', 'road', 'road_13', 13, ST_Multi(ST_GeomFromText('POLYGON(${box(0, 5, 100, 15)})', 9210)))`);
    test = await openApp(engine.db);
  });
  afterAll(() => test?.close());

  const post = (inputs: object) =>
    request(test.app).post('/processes/overlay/execution').set('accept-language', 'en').send({ inputs });
  const run = async (inputs: object) => {
    const { body, status } = await post(inputs);
    expect(status, JSON.stringify(body)).toBe(200);
    return body as OverlayValues & { job: string };
  };
  const brief = (rows: readonly OverlayRow[], theme: string) =>
    rows.filter((row) => row.theme === theme).map(({ kind, code, areaM2, percent }) => [kind, code, areaM2, percent]);
  const LAND_USE = 'land.planning_zone/land_use';

  it('divides a parcel among two zones of a plan', async () => {
    const { rows, place } = await run({ parcel: 1 });
    expect(place).toMatchObject({ count: 1, areaM2: 10_000, srid: 9210 });
    expect(brief(rows, LAND_USE)).toEqual([
      ['zone', 'B', 6000, 60],
      ['zone', 'A', 4000, 40],
    ]);
    expect(rows[0]).toMatchObject({ decision: 'QĐ 1', period: '2021-2030', basis: 'QĐ 1', name: { vi: 'khu B' } });
  });

  it('counts ground that two zones of a plan claim once, and names both', async () => {
    const { rows, notes } = await run({ parcel: 2 });
    expect(brief(rows, LAND_USE)).toEqual([
      ['zone', 'C', 4000, 40],
      ['zone', 'B', 3000, 30],
      ['overlap', 'B + C', 3000, 30],
    ]);
    expect(JSON.stringify(notes)).toContain('several zones of one plan');
  });

  it('leaves the hole of a zone uncovered, and a parcel in no zone as a whole', async () => {
    expect(brief((await run({ parcel: 3 })).rows, LAND_USE)).toEqual([
      ['zone', 'D', 9600, 96],
      ['uncovered', null, 400, 4],
    ]);
    expect(brief((await run({ parcel: 4 })).rows, LAND_USE)).toEqual([['uncovered', null, 10_000, 100]]);
  });

  it('sets slivers apart, which count in the sum and concern nobody', async () => {
    const { rows, themes } = await run({ parcel: 1 });
    expect(brief(rows, 'land.planning_zone/construction')).toEqual([
      ['slivers', null, 5, 0.05],
      ['uncovered', null, 9995, 99.95],
    ]);
    expect(stateOf(themes, 'land.planning_zone/construction')).toBe('not_concerned');
  });

  it('measures corridors each by itself, with the certainty of their rules', async () => {
    const { rows } = await run({ parcel: 1 });
    const corridors = rows.filter(({ layer }) => layer === 'environment.protection_corridor');
    expect(corridors.map(({ code, areaM2, basisStatus }) => [code, areaM2, basisStatus])).toEqual([
      ['water_river_10', 1000, 'checked'],
      ['road_13', 1000, 'unchecked'],
    ]);
    expect(corridors[1]?.basisStatusText?.vi).toBe('chưa đối chiếu');
  });

  const stateOf = (themes: readonly OverlayTheme[], theme: string) =>
    themes.find((each) => each.theme === theme)?.state;

  it('ends every theme in one of three states', async () => {
    const { themes, coverage } = await run({ parcel: 4 });
    expect(stateOf(themes, LAND_USE)).toBe('no_data');
    // Parcel 4 lies in the eastern unit, where no construction plan and no corridor is recorded.
    expect(stateOf(themes, 'land.planning_zone/construction')).toBe('no_data');
    expect(stateOf(themes, 'environment.protection_corridor')).toBe('no_data');
    expect(stateOf((await run({ parcel: 5 })).themes, 'environment.protection_corridor')).toBe('not_concerned');
    expect(stateOf((await run({ parcel: 1 })).themes, LAND_USE)).toBe('concerned');
    expect(stateOf(themes, 'base.unit')).toBe('concerned');
    expect(coverage.find(({ plan }) => plan === 'land_use')).toMatchObject({ percent: 0, measure: 'area' });
  });

  it('says in both languages how little of an area has parcels', async () => {
    const geometry = { type: 'Polygon', coordinates: [square(X - 600, Y, 1000, 100)] };
    const { coverage } = await run({ geometry, crs: 'EPSG:9210', layers: ['land.parcel'] });
    expect(coverage).toEqual([
      expect.objectContaining({
        layer: 'land.parcel',
        percent: 40,
        sentence: {
          vi: 'Chỉ 40% vùng này có dữ liệu thửa: 0 thửa không có nghĩa là không có đất.',
          en: 'Only 40% of this area has parcel data: 0 parcels does not mean that there is no land.',
        },
      }),
    ]);
  });

  it('takes a drawn shape, a point and features, and sums several', async () => {
    const drawn = { type: 'Polygon', coordinates: [square(X + 30, Y, 20, 100)] };
    expect(brief((await run({ geometry: drawn, crs: 'EPSG:9210' })).rows, LAND_USE)).toEqual([
      ['zone', 'A', 1000, 50],
      ['zone', 'B', 1000, 50],
    ]);
    const point = { type: 'Point', coordinates: [X + 150, Y + 50] };
    expect(brief((await run({ geometry: point, crs: 'EPSG:9210' })).rows, LAND_USE)).toEqual([
      ['zone', 'B', 0, 100],
      ['zone', 'C', 0, 100],
    ]);
    const { rows, place } = await run({ features: { layer: 'land.parcel', ids: [1, 2, 3, 4] } });
    expect(place).toMatchObject({ count: 4, areaM2: 40_000 });
    const sum = rows.filter(({ theme }) => theme === LAND_USE).reduce((total, { areaM2 }) => total + areaM2, 0);
    expect(sum).toBeCloseTo(40_000, 1);
    expect(rows.find(({ code }) => code === 'B')).toMatchObject({ count: 2, areaM2: 9000 });
  });

  it('refuses a line, two places, an unknown parcel, and an unknown layer', async () => {
    const line = {
      type: 'LineString',
      coordinates: [
        [X, Y],
        [X + 10, Y + 10],
      ],
    };
    for (const inputs of [
      { geometry: line, crs: 'EPSG:9210' },
      { features: { layer: 'base.road', ids: [1] } },
      { parcel: 1, features: { layer: 'land.parcel', ids: [1] } },
      { parcel: 999_999 },
      { parcel: 1, layers: ['land.nothing'] },
      { parcel: 1, within: 5001 },
    ]) {
      const { status, body } = await post(inputs);
      expect(status, JSON.stringify([inputs, body])).toBe(400);
      expect(body.detail).toBeTruthy();
    }
  });

  it('gives the sheets of a workbook in both languages', async () => {
    const values = await run({ parcel: 2 });
    const [summary, rows, coverage] = overlaySheets(values, 'vi');
    expect([summary?.title, rows?.title, coverage?.title]).toEqual(['Tổng hợp', 'Chi tiết', 'Độ phủ dữ liệu']);
    expect(summary?.rows[0]).toEqual(['Quy hoạch sử dụng đất', 'có liên quan']);
    expect(rows?.rows[0]?.slice(0, 5)).toEqual(['Quy hoạch sử dụng đất', 'C', 'khu C', 4000, 40]);
    for (const sheet of overlaySheets(values, 'en')) {
      for (const row of sheet.rows) expect(row).toHaveLength(sheet.columns.length);
    }
  });
});

function square(west: number, south: number, width: number, height: number): number[][] {
  const [east, north] = [west + width, south + height];
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}
