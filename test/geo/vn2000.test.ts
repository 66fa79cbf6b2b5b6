import { expect, it } from 'vitest';
import { vn2000ToWgs84, wgs84ToVn2000 } from '../../src/geo/vn2000.ts';

/** Positions in SRID 9210, and their official transformation (EPSG:6960). */
const VECTORS = [
  { at: [598_000, 1_214_000], lon: 106.648492002, lat: 10.9764653849 },
  { at: [611_500, 1_206_500], lon: 106.7717721492, lat: 10.9082766863 },
  { at: [592_000, 1_233_500], lon: 106.5941006825, lat: 11.1529078498 },
  { at: [567_500, 1_246_500], lon: 106.3700511941, lat: 11.2709836498 },
  { at: [614_500, 1_250_000], lon: 106.8006180172, lat: 11.301411439 },
  { at: [605_000, 1_191_500], lon: 106.7118839596, lat: 10.7728675511 },
] as const;

/** A millimetre in degrees. */
const MILLIMETRE = 9e-9;

it.each(VECTORS)('agrees with the official shift at $at', ({ at, lon, lat }) => {
  const position = vn2000ToWgs84(at, 105.75);
  expect(Math.abs(position[0] - lon)).toBeLessThan(MILLIMETRE);
  expect(Math.abs(position[1] - lat)).toBeLessThan(MILLIMETRE);
  const back = wgs84ToVn2000(position, 105.75);
  expect(Math.hypot(back[0] - at[0], back[1] - at[1])).toBeLessThan(0.001);
});
