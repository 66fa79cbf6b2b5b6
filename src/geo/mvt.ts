import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Feature, Geometry } from 'geojson';
import GeoJSONVT, { type LegacyFeature } from 'geojson-vt';
import { TILE_BUFFER, TILE_EXTENT, type TileAddress } from './tile.ts';

/** Only a whole, non-negative `id` can be a feature id of MVT. */
export type TileFeature = Feature<Geometry | null, Record<string, string | number | boolean | null>>;

/** Features of one MVT layer. */
export interface TileLayer {
  readonly name: string;
  readonly features: readonly TileFeature[];
}

type Ring = [number, number][];

/** The tile of features whose geometries are in whole tile units already, as MVT 2.1 has them; undefined where there are none. */
export function encodeFeatures(layers: readonly TileLayer[]): Uint8Array | undefined {
  return encodeLayers(layers.map(({ name, features }) => [name, features.filter(hasGeometry).map(toTileFeature)]));
}

/** Cuts features into tiles of any zoom from 0 to 18, simplified below 18 as geojson-vt does. */
export class TileIndex {
  readonly #layers: { name: string; index: GeoJSONVT }[];

  /** @param layers with geometries in longitude and latitude (WGS 84) */
  constructor(layers: readonly TileLayer[]) {
    this.#layers = layers.map(({ name, features }) => ({
      name,
      index: new GeoJSONVT(
        { type: 'FeatureCollection', features: features.filter(hasGeometry) },
        {
          maxZoom: 18,
          indexMaxZoom: 4,
          tolerance: 3,
          extent: TILE_EXTENT,
          buffer: TILE_BUFFER,
        },
      ),
    }));
  }

  /** The encoded tile; undefined where it is empty. */
  encode({ z, x, y }: TileAddress): Uint8Array | undefined {
    return encodeLayers(
      this.#layers.map(({ name, index }) => [name, dropCollapsed(index.getTile(z, x, y)?.features ?? [])]),
    );
  }
}

function encodeLayers(layers: readonly (readonly [name: string, features: LegacyFeature[]])[]): Uint8Array | undefined {
  const filled = layers.filter(([, features]) => features.length > 0);
  if (filled.length === 0) return undefined;
  for (const [, features] of filled) for (const feature of features) feature.tags = writableTags(feature.tags);
  const tiles = Object.fromEntries(filled.map(([name, features]) => [name, { features }]));
  return fromGeojsonVt(tiles as never, { version: 2, extent: TILE_EXTENT });
}

/** A feature as geojson-vt gives it: the coordinates of points, or lines and rings, of all parts one after the other. */
function toTileFeature({ id, properties, geometry }: WithGeometry): LegacyFeature {
  const common = { tags: properties, ...(id === undefined ? {} : { id }) };
  switch (geometry.type) {
    case 'Point':
      return { ...common, type: 1, geometry: [geometry.coordinates] } as LegacyFeature;
    case 'MultiPoint':
      return { ...common, type: 1, geometry: geometry.coordinates } as LegacyFeature;
    case 'LineString':
      return { ...common, type: 2, geometry: [geometry.coordinates] } as LegacyFeature;
    case 'MultiLineString':
      return { ...common, type: 2, geometry: geometry.coordinates } as LegacyFeature;
    case 'Polygon':
      return { ...common, type: 3, geometry: geometry.coordinates } as LegacyFeature;
    case 'MultiPolygon':
      return { ...common, type: 3, geometry: geometry.coordinates.flat() } as LegacyFeature;
    case 'GeometryCollection':
      throw new Error('a collection has no place in a tile');
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

type WithGeometry = Feature<Geometry, TileFeature['properties'] & object>;

function hasGeometry(feature: TileFeature): feature is WithGeometry {
  return feature.geometry !== null;
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
