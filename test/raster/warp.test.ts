import { expect, it } from 'vitest';
import type { BBox } from '../../src/geo/bbox.ts';
import { lonLatToMercator } from '../../src/geo/tile.ts';
import { vn2000ToWgs84 } from '../../src/geo/vn2000.ts';
import { mercatorBounds, type Pixels, warp } from '../../src/raster/warp.ts';

const SIDE = 240;

/** Returns a picture in which red counts columns, green rows. */
function gradient(): Pixels {
  const data = new Uint8Array(SIDE * SIDE * 4);
  for (let index = 0; index < SIDE * SIDE; index++) {
    data.set([index % SIDE, Math.floor(index / SIDE), 7, 255], index * 4);
  }
  return { data, width: SIDE, height: SIDE };
}

const degrees = (lon: number, lat: number) => lonLatToMercator(lon, lat);
const zone = (x: number, y: number) => lonLatToMercator(...vn2000ToWgs84([x, y], 105.75));

it.each<[string, BBox, typeof degrees]>([
  ['degrees over one commune', [106.6, 10.9, 106.7, 11], degrees],
  ['degrees over all of Vietnam', [102, 8, 110, 24], degrees],
  ['VN-2000 over a province', [560_000, 1_200_000, 650_000, 1_280_000], zone],
  ['VN-2000 over the south', [300_000, 900_000, 800_000, 1_600_000], zone],
])('puts every pixel where it lies: %s', async (_, bounds, toMercator) => {
  const target = { bounds, width: 100, height: 90, toMercator };
  const box = mercatorBounds(target);
  const { data } = await warp(gradient(), box, target);
  for (let row = 0; row < 90; row++) {
    for (let column = 0; column < 100; column++) {
      const [x, y] = toMercator(
        bounds[0] + ((column + 0.5) / 100) * (bounds[2] - bounds[0]),
        bounds[3] - ((row + 0.5) / 90) * (bounds[3] - bounds[1]),
      );
      const [red = 0, green = 0, blue, opacity] = data.subarray((row * 100 + column) * 4);
      expect(Math.abs(red - (((x - box[0]) / (box[2] - box[0])) * SIDE - 0.5))).toBeLessThan(0.6);
      expect(Math.abs(green - (((box[3] - y) / (box[3] - box[1])) * SIDE - 0.5))).toBeLessThan(0.6);
      expect([blue, opacity]).toEqual([7, 255]);
    }
  }
});

it('shows nothing where there is no picture, and mixes no colour of it in', async () => {
  const target = {
    bounds: [0, 0, 2, 1] as BBox,
    width: 200,
    height: 100,
    toMercator: (x: number, y: number) => [x, y] as const,
  };
  const { data } = await warp({ data: new Uint8Array([9, 8, 7, 255]), width: 1, height: 1 }, [0, 0, 1, 1], target);
  expect([...data.subarray(0, 4)]).toEqual([9, 8, 7, 255]);
  expect([...data.subarray(199 * 4, 200 * 4)]).toEqual([0, 0, 0, 0]);
});
