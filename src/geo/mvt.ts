import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Feature, Geometry } from 'geojson';
import GeoJSONVT, { type LegacyFeature } from 'geojson-vt';
import { TILE_BUFFER, TILE_EXTENT, type TileAddress } from './tile.ts';

/** Geometry in longitude and latitude (WGS 84). Only a whole, non-negative `id` can be a feature id of MVT. */
export type TileFeature = Feature<Geometry | null, Record<string, string | number | boolean | null>>;

/** Features of one MVT layer. */
export interface TileLayer {
  readonly name: string;
  readonly features: readonly TileFeature[];
}

type Ring = [number, number][];

/**
 * Cuts features into tiles. With one zoom, nothing is simplified: what comes out is what `ST_AsMVTGeom` makes, to within
 * one tile unit (MVT 2.1).
 */
export class TileIndex {
  readonly #layers: { name: string; index: GeoJSONVT }[];

  /**
   * @param zoom the one zoom to be asked for, of features that are cut already; undefined: any from 0 to 18, cut, and
   * simplified below 18 as geojson-vt does
   */
  constructor(layers: readonly TileLayer[], zoom?: number) {
    this.#layers = layers.map(({ name, features }) => ({
      name,
      index: new GeoJSONVT(
        { type: 'FeatureCollection', features: features.filter(hasGeometry) },
        {
          maxZoom: zoom ?? 18,
          indexMaxZoom: zoom === undefined ? 4 : 0,
          tolerance: zoom === undefined ? 3 : 0,
          extent: TILE_EXTENT,
          buffer: zoom === undefined ? TILE_BUFFER : TILE_EXTENT,
        },
      ),
    }));
  }

  /** The encoded tile; undefined where it is empty. */
  encode({ z, x, y }: TileAddress): Uint8Array | undefined {
    const pieces = this.#layers.flatMap(({ name, index }) => {
      const tile = index.getTile(z, x, y);
      const kept = tile ? dropCollapsed(tile.features) : [];
      const features = z <= LAST_COPIED_ZOOM ? kept.filter(touchesTile) : kept;
      return tile && features.length ? [[name, { ...tile, features }] as const] : [];
    });
    if (pieces.length === 0) return undefined;
    for (const [, { features }] of pieces) for (const feature of features) feature.tags = writableTags(feature.tags);
    return fromGeojsonVt(Object.fromEntries(pieces) as never, { version: 2, extent: TILE_EXTENT });
  }
}

/** Whole numbers that a double does not hold become text: as varints they would not fit, and readers would change them. */
function writableTags(tags: LegacyFeature['tags']): LegacyFeature['tags'] {
  const isTooLarge = (value: unknown) => Number.isInteger(value) && !Number.isSafeInteger(value);
  if (!tags || !Object.values(tags).some(isTooLarge)) return tags;
  return Object.fromEntries(
    Object.entries(tags).map(([name, value]) => [name, isTooLarge(value) ? String(value) : value]),
  );
}

function hasGeometry(feature: TileFeature): feature is Feature<Geometry, TileFeature['properties'] & object> {
  return feature.geometry !== null;
}

/**
 * Features may reach a whole tile out of theirs here, so up to this zoom geojson-vt adds their copies beyond the
 * antimeridian; from the next on, those lie three tiles away.
 */
const LAST_COPIED_ZOOM = 1;

function touchesTile({ type, geometry }: LegacyFeature): boolean {
  const points = (type === 1 ? geometry : geometry.flat()) as Ring;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const reaches = (values: readonly number[]) =>
    values.some((value) => value >= -TILE_BUFFER) && values.some((value) => value <= TILE_EXTENT + TILE_BUFFER);
  return reaches(xs) && reaches(ys);
}

/** Lines and rings that rounding has collapsed draw nothing and are invalid in MVT; with them go their empty features. */
function dropCollapsed(features: LegacyFeature[]): LegacyFeature[] {
  return features.flatMap((feature): LegacyFeature[] => {
    if (feature.type === 1) return [feature];
    const rings = feature.geometry.map(dropRepeated);
    const kept = feature.type === 2 ? rings.filter((line) => line.length > 1) : keepRings(rings);
    return kept.length ? [{ ...feature, geometry: kept }] : [];
  });
}

function dropRepeated(line: Ring): Ring {
  return line.filter((point, index) => {
    const before = line[index - 1];
    return !before || before[0] !== point[0] || before[1] !== point[1];
  });
}

/** Outer rings with an area, and the holes of those. geojson-vt winds outer rings one way and holes the other. */
function keepRings(rings: Ring[]): Ring[] {
  let outerKept = false;
  return rings.filter((ring) => {
    const area = doubledArea(ring);
    if (area > 0) outerKept = true;
    else if (area < 0) return outerKept;
    return area !== 0;
  });
}

/** Twice the signed area in tile units, positive where the ring runs clockwise on screen (y down), as outer rings do. */
function doubledArea(ring: Ring): number {
  return ring.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length] as [number, number];
    return sum + x * nextY - nextX * y;
  }, 0);
}
