import { afterAll, beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Layer } from '../../src/catalog/layer.ts';
import { raw } from '../../src/database/sql.ts';
import { meridianOf } from '../../src/geo/crs.ts';
import { type TileAddress, tileAt, tileBounds, tileUnit } from '../../src/geo/tile.ts';
import { wgs84ToVn2000 } from '../../src/geo/vn2000.ts';
import { Derivation } from '../../src/tiles/derived/derivation.ts';
import { Encoder } from '../../src/tiles/encoder.ts';
import { Tiles } from '../../src/tiles/tiles.ts';
import { describeBareEngines } from '../engine.ts';
import { decodeTile } from './decode.ts';

/**
 * Points in EPSG:9210 (easting, northing), with longitude and latitude in WGS 84, and EPSG:3857. They follow the
 * official seven parameters (QĐ 05/2007/QĐ-BTNMT). South of 11.04° N PROJ by itself is 0.8 m off.
 */
const POINTS = [
  { vn2000: [598_000, 1_214_000], lonLat: [106.648492002, 10.9764653849], mercator: [11_872_055.8235, 1_229_438.0118] },
  {
    vn2000: [611_500, 1_206_500],
    lonLat: [106.7717721492, 10.9082766863],
    mercator: [11_885_779.3067, 1_221_706.7144],
  },
  {
    vn2000: [592_000, 1_233_500],
    lonLat: [106.5941006825, 11.1529078498],
    mercator: [11_866_001.0095, 1_249_451.5342],
  },
  {
    vn2000: [567_500, 1_246_500],
    lonLat: [106.3700511941, 11.2709836498],
    mercator: [11_841_059.9346, 1_262_851.4162],
  },
  { vn2000: [614_500, 1_250_000], lonLat: [106.8006180172, 11.301411439], mercator: [11_888_990.4141, 1_266_305.4163] },
  { vn2000: [605_000, 1_191_500], lonLat: [106.7118839596, 10.7728675511], mercator: [11_879_112.584, 1_206_359.1468] },
] as const;

/** VN-2000 TM-3 of 105°45', 107°45', 104°30' and 106°15'. */
const ZONES = [9210, 5899, 9207, 9212];
const ZOOM = 22;

describeBareEngines('places that the law gives', (engine) => {
  const encoder = new Encoder();
  let derivation: Derivation;
  let layers: Layer[];

  beforeAll(async () => {
    const tables = [...ZONES, 4326].map((srid) => {
      const rows = POINTS.map(({ vn2000, lonLat }, index) => {
        const meridian = meridianOf(srid);
        const [x, y] = srid === 9210 ? vn2000 : meridian === undefined ? lonLat : wgs84ToVn2000(lonLat, meridian);
        return `(${index + 1}, 'SRID=${srid};POINT(${x} ${y})')`;
      });
      return `CREATE TABLE golden.in_${srid} (id integer PRIMARY KEY, geom geometry(Point, ${srid})); INSERT INTO golden.in_${srid} VALUES ${rows.join()};
        CREATE VIEW golden.seen_${srid} AS SELECT * FROM golden.in_${srid};`;
    });
    await engine.db.script(`CREATE SCHEMA golden; ${tables.join('\n')}`);
    const catalog = await discover(engine.db, ['golden']);
    layers = [...catalog.layers.values()];
    derivation = new Derivation(engine.db);
    await derivation.ensure(catalog);
  });
  afterAll(() => Promise.all([encoder.close(), derivation.close()]));

  /** Returns the point of each layer in a tile, in EPSG:3857. */
  async function placesIn(tile: TileAddress): Promise<Record<string, number[]>> {
    const { body } = await new Tiles(engine.db, encoder, derivation).render(layers, tile, {});
    const [west, , , north] = tileBounds(tile);
    const unit = tileUnit(tile.z);
    return Object.fromEntries(
      Object.entries(body ? decodeTile(body) : {}).map(([name, features]) => {
        const { x, y } = features[0]?.rings[0]?.[0] ?? { x: Number.NaN, y: Number.NaN };
        return [name, [west + x * unit, north - y * unit]];
      }),
    );
  }

  it.each(POINTS)('are where tiles show them, to 3 mm: $vn2000', async ({ lonLat, mercator }) => {
    const places = await placesIn(tileAt(ZOOM, lonLat[0], lonLat[1]));
    expect(Object.keys(places).sort()).toEqual(layers.map(({ id }) => id).sort());
    for (const [name, place] of Object.entries(places)) {
      const error = Math.hypot(place[0]! - mercator[0], place[1]! - mercator[1]);
      expect(error, `${name} is ${error.toFixed(4)} m off`).toBeLessThan(0.003);
    }
  });

  it('come from derived rows and from the tables', async () => {
    expect(layers.map((layer) => derivation.stateOf(layer).isDerived)).toEqual(layers.map(({ isTable }) => isTable));
    expect(await engine.db.query(raw('SELECT count(*)::int AS count FROM tile."golden.in_9210"'))).toEqual([
      { count: POINTS.length },
    ]);
  });
});
