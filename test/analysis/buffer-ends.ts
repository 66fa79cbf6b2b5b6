import { expect, it } from 'vitest';
import { type BufferAsking, expectNear, lineOf, point } from './buffer-asking.ts';
import { GRID } from './grid.ts';

/** Tests of rings, flat ends and a distance of nothing. */
export function testBufferEnds({ refused, run }: BufferAsking): void {
  it('takes 0 m of an area, which is the area itself, and of nothing else', async () => {
    const parcel = await run({ features: { layer: 'land.parcel', ids: [1] }, distance: 0 });
    expect(parcel.buffer.properties.areaM2).toBeCloseTo(GRID.side ** 2, 1);
    // Of more than 100 vertices, so that its edge is buffered in pieces.
    const ring = Array.from({ length: 201 }, (_, i) => [
      602_000 + 50 * Math.cos((i % 200) * (Math.PI / 100)),
      1_222_000 + 50 * Math.sin((i % 200) * (Math.PI / 100)),
    ]);
    const round = await run({ geometry: { type: 'Polygon', coordinates: [ring] }, crs: 'EPSG:9210', distance: 0 });
    expect(round.buffer.properties.areaM2).toBeCloseTo(100 * 50 ** 2 * Math.sin(Math.PI / 100), 1);
  });

  it('leaves out the source of a ring: an area, or a line as wide as it is', async () => {
    const around = await run({ features: { layer: 'land.parcel', ids: [50, 51] }, distance: 10, ring: true });
    expectNear(around.buffer.properties.areaM2, 600 * 10 + Math.PI * 100);
    expect(around.buffer.properties.ring).toBe(true);
    expect(around.notes.map(({ en }: { en: string }) => en).join()).toMatch(/Only the ground around/);
    const hit = await run({
      features: { layer: 'land.parcel', ids: [50, 51] },
      distance: 10,
      ring: true,
      relation: 'clipped',
    });
    const inside = around.layers[0].byLandUse.reduce((sum: number, { areaM2 }: { areaM2: number }) => sum + areaM2, 0);
    expect(inside).toBeCloseTo(around.buffer.properties.areaM2, 0);
    // The two parcels touch the ring, and have no ground in it.
    expect([around.layers[0].count, hit.layers[0].count]).toEqual([12, 10]);
    // Of more than 100 vertices with a hole, so that its edges are buffered in pieces.
    const turn = (radius: number) =>
      Array.from({ length: 201 }, (_, i) => [
        602_000 + radius * Math.cos((i % 200) * (Math.PI / 100)),
        1_222_000 + radius * Math.sin((i % 200) * (Math.PI / 100)),
      ]);
    const hollow = { type: 'Polygon', coordinates: [turn(50), turn(30).reverse()] };
    const both = await run({ geometry: hollow, crs: 'EPSG:9210', distance: 5, ring: true });
    expectNear(both.buffer.properties.areaM2, Math.PI * (55 ** 2 - 50 ** 2 + 30 ** 2 - 25 ** 2));
    const road = await run({ features: { layer: 'base.road', ids: [1] }, preset: 'road_9', ring: true });
    expectNear(road.buffer.properties.areaM2, 3000 * 2 * 9 + Math.PI * (19 ** 2 - 10 ** 2));
    expect(road.buffer.properties.halfWidthM).toEqual({ min: 10, max: 10 });
  });

  it('ends lines flat if asked to, and joins those that continue each other', async () => {
    const drawn = { geometry: lineOf([602_000, 1_222_000], [602_100, 1_222_000]), crs: 'EPSG:9210', caps: 'flat' };
    expectNear((await run({ ...drawn, distance: 30 })).buffer.properties.areaM2, 100 * 60);
    expect((await run({ ...drawn, distance: 30 })).buffer.properties).toMatchObject({ caps: 'flat', ring: false });
    expect((await run({ ...drawn, distance: 0.5 })).buffer.properties.areaM2).toBeCloseTo(100, 2);
    // A corner drawn as two lines that meet has the same round outer side as one line.
    const [a, b, c] = [
      [602_000, 1_222_000],
      [602_100, 1_222_000],
      [602_100, 1_222_100],
    ] as const;
    const corner = 2 * 100 * 60 - 30 ** 2 + (Math.PI / 4) * 30 ** 2;
    const split = {
      type: 'MultiLineString',
      coordinates: [
        [a, b],
        [c, b],
      ],
    };
    for (const geometry of [split, lineOf([...a], [...b], [...c])]) {
      expectNear((await run({ ...drawn, geometry, distance: 30 })).buffer.properties.areaM2, corner);
    }
    const wide = await run({ features: { layer: 'base.road', ids: [1] }, preset: 'road_9', caps: 'flat', ring: true });
    expectNear(wide.buffer.properties.areaM2, 3000 * 2 * 9);
    expect(wide.buffer.properties.halfWidthM).toEqual({ min: 10, max: 10 });
    // Vertices nearer to the end than the distance do not round it.
    const dense = lineOf(...Array.from({ length: 101 }, (_, i) => [602_000 + i, 1_222_000]));
    expectNear((await run({ ...drawn, geometry: dense, distance: 30 })).buffer.properties.areaM2, 100 * 60);
  });

  it('refuses a ring of nothing and flat ends of areas, and says what would be right', async () => {
    const parcel = { features: { layer: 'land.parcel', ids: [1] } };
    expect(await refused({ ...parcel, distance: 5, caps: 'flat' })).toMatch(/"flat" goes with lines only/);
    expect(await refused({ geometry: point, crs: 'EPSG:9210', distance: 5, caps: 'flat' })).toMatch(/lines only/);
    expect(await refused({ ...parcel, distance: 0, ring: true })).toMatch(/must be ≥ 0.01 if "ring"/);
    expect(await refused({ geometry: point, crs: 'EPSG:9210', distance: 5, ring: true })).toMatch(/"ring" needs areas/);
    const road = { features: { layer: 'base.road', ids: [1] }, distance: 5 };
    expect(await refused({ ...road, ring: true })).toMatch(/lines of known width/);
    expect(await refused({ ...road, distance: 0 })).toMatch(/must be ≥ 0.01 around points and lines/);
  });
}
