import { readFileSync } from 'node:fs';
import { expect, inject, it, vi } from 'vitest';
import { openEngine } from '../../src/database/embedded-engine.ts';

it('reads the names of all functions of PostGIS once, however many are looked up', async () => {
  const db = await openEngine({ folder: undefined, snapshot: readFileSync(inject('snapshot')) }, () => {});
  const keys = vi.spyOn(Object, 'keys');
  try {
    const { rows } =
      await db.query(`SELECT ST_Area(geom)::int AS area, ST_NPoints(geom) AS points, ST_SRID(geom) AS srid,
      ST_Perimeter(geom)::int AS perimeter, ST_IsValid(geom) AS valid FROM (SELECT ST_MakeEnvelope(0, 0, 3, 2, 9210) AS geom) AS box`);
    expect(rows).toEqual([{ area: 6, points: 5, srid: 9210, perimeter: 10, valid: true }]);
    const lists = keys.mock.results.filter(({ value }) => value.length > 10_000);
    expect(lists.length).toBeLessThanOrEqual(1);
    expect(Object.keys).toBe(keys);
  } finally {
    keys.mockRestore();
    await db.close();
  }
}, 240_000);
