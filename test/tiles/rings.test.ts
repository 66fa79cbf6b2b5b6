import { afterAll, beforeAll, expect, it } from 'vitest';
import { discover } from '../../src/catalog/discover.ts';
import type { Catalog, Layer } from '../../src/catalog/layer.ts';
import { parseCql2Text } from '../../src/cql2/text.ts';
import { type Query, raw, sql } from '../../src/database/sql.ts';
import { bindFilters, type RowFilter } from '../../src/filter/filter.ts';
import { CRS84 } from '../../src/geo/crs.ts';
import { type TileAddress, tileAt } from '../../src/geo/tile.ts';
import { Derivation } from '../../src/tiles/derived/derivation.ts';
import { Encoder } from '../../src/tiles/encoder.ts';
import type { TileForm } from '../../src/tiles/tile-form.ts';
import { UNCUT } from '../../src/tiles/tile-shape.ts';
import { Tiles } from '../../src/tiles/tiles.ts';
import { createOddTables } from '../catalog/odd-tables.ts';
import { describeEngines } from '../engine.ts';
import { filled } from '../filled.ts';
import { type DecodedFeature, decodeTile, normalRing, signedArea, toWkt } from './decode.ts';

const ALL: RowFilter = { expression: parseCql2Text('TRUE'), crs: CRS84 };

/** A town, the country, and the rings of test/fixtures. */
const PLACES = [
  [106.680579, 10.987579],
  [106.919445, 11.104874],
  [106.6669, 11.1213],
] as const;
const ZOOMS = [8, 11, 13, 15, 18];
const TILES = ZOOMS.flatMap((z) => PLACES.map(([lon, lat]) => tileAt(z, lon, lat)));

describeEngines('rings of polygons in tiles', (engine) => {
  const encoder = new Encoder();
  let catalog: Catalog;
  let derivation: Derivation;
  let derived: Tiles;
  let direct: Tiles;

  beforeAll(async () => {
    await createOddTables(engine.db);
    catalog = await discover(engine.db, ['base', 'land', 'environment', 'odd']);
    derivation = new Derivation(engine.db);
    await derivation.ensure(catalog);
    derived = new Tiles(engine.db, encoder, derivation);
    direct = new Tiles(engine.db, encoder);
  });
  afterAll(() => Promise.all([encoder.close(), derivation.close()]));

  const polygonLayers = () =>
    [...catalog.layers.values()].filter(
      ({ geometry: { dimension } }) => dimension === 'polygon' || dimension === 'mixed',
    );

  async function polygonsOf(
    tiles: Tiles,
    tile: TileAddress,
    form: TileForm = {},
  ): Promise<(DecodedFeature & { layer: string })[]> {
    const { body } = await tiles.render(polygonLayers(), tile, { form });
    const layers = Object.entries(body ? decodeTile(body) : {});
    return layers.flatMap(([layer, features]) =>
      features.filter(({ type }) => type === 3).map((feature) => ({ ...feature, layer })),
    );
  }

  /** Valid shapes seen so far: most of them come again, from other rows and in other tiles. */
  const valid = new Set<string>();

  /** Returns violations of MVT 2.1, 4.3.3.3, in short. */
  async function faultsOf(features: readonly (DecodedFeature & { layer: string })[]): Promise<string[]> {
    const named = features.map(({ layer, id, rings }) => ({ name: `${layer} ${id}`, rings, wkt: toWkt(rings) }));
    const wrong = named.filter(({ rings }) => signedArea(rings[0] ?? []) <= 0).map(({ name }) => name);
    const unknown = named.filter(({ wkt }) => !valid.has(wkt));
    const rows = await engine.db.query<{ reason: string }>(sql`
      SELECT ST_IsValidReason(ST_GeomFromText(wkt)) AS reason
      FROM unnest(${unknown.map(({ wkt }) => wkt)}::text[]) WITH ORDINALITY AS t (wkt, index) ORDER BY index`);
    const invalid: string[] = [];
    for (const [index, { name, wkt }] of unknown.entries()) {
      if (rows[index]?.reason === 'Valid Geometry') valid.add(wkt);
      else invalid.push(`${name} ${rows[index]?.reason}`);
    }
    return [...wrong, ...invalid];
  }

  it.each([
    ['derived rows', () => derived, () => ({})],
    ['the tables', () => direct, () => ({})],
    ['a filter', () => derived, () => ({ filters: bindFilters(ALL, polygonLayers()) })],
  ] as const)(
    'run as MVT has them and are valid, holes within their exteriors, out of %s',
    async (_, tilesOf, formOf: () => TileForm) => {
      const form = formOf();
      let count = 0;
      for (const tile of TILES) {
        const features = await polygonsOf(tilesOf(), tile, form);
        expect(await faultsOf(features), JSON.stringify(tile)).toEqual([]);
        count += features.length;
      }
      expect(count).toBeGreaterThan(1500);
    },
    240_000,
  );

  it('are those of ST_AsMVTGeom, corner by corner', async ({ skip }) => {
    if (!engine.db.capabilities.mvt) return skip();
    const counts = { rows: 0, mosaic: 0, otherMosaic: 0 };
    const areas = { mosaic: 0, longWay: 0 };
    for (const tile of TILES) {
      const made = await polygonsOf(derived, tile);
      for (const layer of filled(polygonLayers().filter((each) => each.isTable))) {
        const query = longWay(layer, tile);
        if (!query) continue;
        const shapes = await engine.db.query<{ id: number | string; shape: string }>(query);
        const long = shapes.map(({ id, shape }) => ({ id, rings: ringsOf(JSON.parse(shape)) }));
        const own = made.filter((feature) => feature.layer === layer.id);
        const expected = long.map(textOf);
        const found = own.map(textOf);
        if (isMosaic(layer, tile)) {
          counts.mosaic += expected.length;
          counts.otherMosaic += expected.filter((polygon) => !found.includes(polygon)).length;
          areas.mosaic += areaOf(own);
          areas.longWay += areaOf(long);
        } else {
          expect(found.sort(), `${layer.id} ${JSON.stringify(tile)}`).toEqual(expected.sort());
          counts.rows += expected.length;
        }
      }
    }
    expect(counts.rows).toBeGreaterThan(1500);
    expect(counts.mosaic).toBeGreaterThan(100);
    // An edge that passes a corner at exactly half a unit may or may not be snapped through it: a triangle of one unit.
    expect(counts.otherMosaic / counts.mosaic).toBeLessThan(0.02);
    expect(areas.mosaic / areas.longWay).toBeCloseTo(1, 4);
  }, 240_000);

  const isMosaic = ({ mosaic }: Layer, { z }: TileAddress) => mosaic !== undefined && z <= mosaic.top;

  /** Selects the polygons of a layer's derived rows, or of its mosaic, by `ST_AsMVTGeom` alone. */
  function longWay(layer: Layer, tile: TileAddress): Query | undefined {
    const { id, zooms } = layer;
    const { z, x, y } = tile;
    if (z < zooms.min) return undefined;
    const isDissolved = isMosaic(layer, tile);
    const from = isDissolved
      ? `tile."mosaic ${id}" WHERE level = ${z}`
      : `tile."${id.replaceAll('"', '""')}" WHERE "diaba zoom" <= ${z}`;
    const isSimplified = z < 15 && !isDissolved;
    return sql`SELECT id, ST_AsGeoJSON(shape, 0, 0) AS shape FROM (
      SELECT id, ST_AsMVTGeom(CASE WHEN uncut AND ${isSimplified} THEN ST_Simplify(m, unit / 2, true) ELSE m END, box, 4096, 64, NOT uncut) AS shape
      FROM (SELECT ${raw(isDissolved ? '0' : '"diaba id"')} AS id, "diaba mercator" AS m FROM ${raw(from)}) AS row,
        LATERAL (SELECT ST_TileEnvelope(${z}::int, ${x}::int, ${y}::int) AS box) AS b, LATERAL (SELECT (ST_XMax(box) - ST_XMin(box)) / 4096 AS unit) AS u,
        LATERAL (SELECT m @ ST_Expand(box, ${UNCUT} * unit) AS uncut) AS c
      WHERE m && ST_Expand(box, 64 * unit)) AS made WHERE ST_Dimension(shape) = 2 AND NOT ST_IsEmpty(shape)`;
  }
});

type Ring = DecodedFeature['rings'][number];

function ringsOf({
  type,
  coordinates,
}: {
  type: string;
  coordinates: [number, number][][] | [number, number][][][];
}): Ring[] {
  const rings = (type === 'Polygon' ? coordinates : coordinates.flat()) as [number, number][][];
  return rings.map((ring) => ring.map(([x, y]) => ({ x, y })));
}

interface Drawn {
  readonly id?: number | string | undefined;
  readonly rings: readonly Ring[];
}

function textOf({ id, rings }: Drawn): string {
  return `${id ?? 0} ${rings.map(normalRing).sort()}`;
}

/** Returns an area in square tile units. */
function areaOf(polygons: readonly Drawn[]): number {
  return polygons.flatMap(({ rings }) => rings).reduce((sum, ring) => sum + signedArea(ring), 0);
}
