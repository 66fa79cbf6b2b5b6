import { describe, expect, it } from 'vitest';
import { readFeatureText, readGeometry } from '../../src/geo/geojson.ts';
import { Problem } from '../../src/lib/errors.ts';
import { cpuTimeOf } from '../cpu-time.ts';

function told(value: unknown, most?: number): string {
  try {
    readGeometry(value, 'here', most);
  } catch (error) {
    if (error instanceof Problem) return error.detail.en;
    throw error;
  }
  return 'nothing';
}

const line = (coordinates: unknown) => ({ type: 'LineString', coordinates });

describe('readGeometry', () => {
  it('counts vertices before anything else', () => {
    const four = Array(4).fill([1, 2]);
    expect(told(line(four), 4)).toBe('nothing');
    expect(told(line([...four, [1, 2]]), 4)).toBe('"here" has 5 vertices; the most is 4. Simplify or split it.');
    const two = { type: 'GeometryCollection', geometries: [line(four), line(four)] };
    expect(told(two, 8)).toBe('nothing');
    expect(told(two, 7)).toMatch(/8 vertices/);
  });

  it('tells the first position that is none, of whichever number', () => {
    const wrong = Array(90_000).fill(['1', 2]);
    const took = cpuTimeOf(() => {
      expect(told(line(wrong))).toBe('"here.coordinates[0][0]" must be a number.');
      expect(told(line([[1, 2], [3, 4, 5, 6, 7], ...wrong]))).toMatch(/"here.coordinates\[1\]" must have/);
      expect(told({ type: 'GeometryCollection', geometries: [line([[1, 2], [3]])] })).toMatch(
        /"here.geometries\[0\].coordinates\[1\]" must have/,
      );
    });
    // Described one by one, they take seconds.
    expect(took).toBeLessThan(1000);
  });

  it('reads no deeper than coordinates go', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 50_000; level++) deep = [deep];
    expect(told({ type: 'Polygon', coordinates: deep })).toMatch(/must/);
  });
});

it('reads numbers of more than 15 digits as text, which a page shows whole', () => {
  const text =
    '{"type":"Feature","geometry":null,"properties":{"a":123456789012345,"b":1234567890123456,"c":"1234567890123456: 1"}}';
  const { properties } = readFeatureText<Record<string, unknown>>(text);
  expect(properties).toEqual({ a: 123456789012345, b: '1234567890123456', c: '1234567890123456: 1' });
});
