import { expect, it } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { describeEngines } from '../../engine.ts';

const LEVEL = 10;
/**
 * A street of a dissolved network, in half tile units. In metres GEOS failed on it: "side location conflict". One such
 * street took the low zooms of a province of 1.2 million parcels.
 */
const STREET = `POLYGON((2485190 257307,2485189 257307,2485189 257311,2485194 257313,2485196 257313,2485189 257309,
  2485198 257305,2485200 257305,2485216 257313,2485218 257313,2485216 257312,2485216 257311,2485208 257308,2485224 257280,
  2485207 257307,2485200 257304,2485200 257302,2485190 257307))`;

describeEngines('the lattice of a mosaic', (engine) => {
  it('has valid polygons with whole corners, also where a shape is thinner than a unit', async () => {
    const [found] = await engine.db.query(sql`
      WITH unit AS (SELECT tile.width(${LEVEL}::int) / 4096 AS size),
      given AS (SELECT size, ST_Scale(ST_GeomFromText(${STREET}, 3857), size / 2, size / 2) AS geom FROM unit),
      parts AS (SELECT size, part FROM given, tile.on_lattice(given.geom, size) AS part)
      SELECT count(*) > 0 AS some, bool_and(ST_IsValid(part)) AS valid, bool_and(ST_SRID(part) = 3857) AS mercator,
        bool_and(ST_IsPolygonCW(part)) AS clockwise,
        bool_and((SELECT max(greatest(abs(ST_X(c) / size - round(ST_X(c) / size)), abs(ST_Y(c) / size - round(ST_Y(c) / size))))
          FROM ST_DumpPoints(part) AS point, LATERAL (SELECT point.geom AS c) AS corner) < 1e-6) AS whole
      FROM parts`);
    expect(found).toEqual({ some: true, valid: true, mercator: true, clockwise: true, whole: true });
  });
});
