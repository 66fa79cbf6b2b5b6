import { expect, it } from 'vitest';
import { bufferSheets } from '../../src/analysis/buffer/buffer-sheets.ts';
import { sql } from '../../src/database/sql.ts';
import { filled } from '../filled.ts';
import { type BufferAsking, point, RADIUS } from './buffer-asking.ts';

/** Tests of the planning within a buffer. */
export function testBufferZones({ engine, run }: BufferAsking): void {
  it('lists areas of planning zones by plan, which have no sum', async () => {
    await engine.db.script(`TRUNCATE land.planning_zone RESTART IDENTITY;
      INSERT INTO land.planning_zone (plan, zone_code, name, period, decision, geom)
      SELECT plan, 'Z' || x, 'z', '2021-2030', decision, ST_Multi(ST_MakeEnvelope(602000 + x, 1222000, 602010 + x, 1222010, 9210))
      FROM (VALUES ('land_use', 'QĐ 1'), ('construction', NULL)) AS given (plan, decision), generate_series(0, 20, 10) AS x
      WHERE plan = 'land_use' OR x < 20`);
    const body = await run({ geometry: point, crs: 'EPSG:9210', distance: RADIUS, layers: ['land.planning_zone'] });
    expect(body.layers[0]).toMatchObject({ count: 5 });
    expect(body.layers[0]).not.toHaveProperty('areaM2');
    expect(body.layers[0].byPlan).toEqual([
      { plan: 'land_use', decision: 'QĐ 1', period: '2021-2030', count: 3, areaM2: 300 },
      { plan: 'construction', decision: null, period: '2021-2030', count: 2, areaM2: 200 },
    ]);
    const rest = body.buffer.properties.areaM2 - 300;
    expect(body.zones.slice(0, 4)).toEqual([
      ...['Z0', 'Z10', 'Z20'].map((code) =>
        expect.objectContaining({
          plan: 'land_use',
          kind: 'zone',
          code,
          decision: 'QĐ 1',
          count: 1,
          areaM2: 100,
          percent: 0.01,
        }),
      ),
      expect.objectContaining({
        plan: 'land_use',
        kind: 'uncovered',
        code: null,
        count: 0,
        areaM2: expect.closeTo(rest, 1),
      }),
    ]);
    expect(body.zones).toHaveLength(7);
    const sheet = bufferSheets(body, 'vi').find(({ title }) => title === 'Theo quy hoạch');
    expect(sheet?.rows[0]).toEqual(['Quy hoạch sử dụng đất', '2021-2030', 'QĐ 1', 'Z0', 'z', 1, 100, 0.01]);
    expect((await run({ geometry: point, crs: 'EPSG:9210', distance: 10 })).zones).toEqual([]);
  });

  it('gives the ground of a crowd of zones as plain SQL does, and counts what two of them claim once', async () => {
    await engine.db.script(`TRUNCATE land.planning_zone RESTART IDENTITY;
      INSERT INTO land.planning_zone (plan, zone_code, name, period, decision, geom)
      SELECT 'land_use', 'Z' || (x + y) % 3, 'khu ' || (x + y) % 3, '2021-2030', 'QĐ 1',
        ST_Multi(ST_MakeEnvelope(601500 + x * 30, 1221500 + y * 30, 601530 + x * 30, 1221530 + y * 30, 9210))
      FROM generate_series(0, 29) AS x, generate_series(0, 29) AS y;
      INSERT INTO land.planning_zone (plan, zone_code, name, period, decision, geom) VALUES
        ('land_use', 'T', 'khu chồng', '2021-2030', 'QĐ 2', ST_Multi(ST_MakeEnvelope(601995, 1221995, 602005, 1222005, 9210)))`);
    const inputs = { geometry: point, crs: 'EPSG:9210', distance: 300, layers: ['land.planning_zone'] };
    const { zones, buffer } = await run(inputs);
    const theirs = await engine.db.query<{ code: string; count: number; area: number }>(sql`
      SELECT zone_code AS code, count(*) AS count, sum(ST_Area(ST_Intersection(ST_Difference(geom, ST_MakeEnvelope(601995, 1221995, 602005, 1222005, 9210)), circle))) AS area
      FROM land.planning_zone, (SELECT ST_Buffer(ST_SetSRID(ST_MakePoint(602037, 1222041), 9210), 300, 'quad_segs=64') AS circle) AS given
      WHERE ST_Intersects(geom, circle) AND zone_code <> 'T' GROUP BY 1 ORDER BY 3 DESC`);
    const own = zones.filter(({ kind }: { kind: string }) => kind === 'zone');
    expect(own.map(({ code }: { code: string }) => code)).toEqual(theirs.map(({ code }) => code));
    for (const [index, { area }] of filled(theirs).entries()) expect(own[index].areaM2).toBeCloseTo(area, 1);
    const overlaps = zones.filter(({ kind }: { kind: string }) => kind === 'overlap');
    expect(overlaps.reduce((sum: number, { areaM2 }: { areaM2: number }) => sum + areaM2, 0)).toBeCloseTo(100, 1);
    expect(overlaps[0].code).toMatch(/Z\d \+ T/);
    const landUse = zones.filter(({ plan }: { plan: string }) => plan === 'land_use');
    expect(landUse.reduce((sum: number, { areaM2 }: { areaM2: number }) => sum + areaM2, 0)).toBeCloseTo(
      buffer.properties.areaM2,
      1,
    );
  });
}
