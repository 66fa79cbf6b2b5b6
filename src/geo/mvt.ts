import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Feature, Geometry } from 'geojson';
import GeoJSONVT, { type LegacyFeature } from 'geojson-vt';
import { TILE_BUFFER, TILE_EXTENT, type TileAddress } from './tile.ts';

/** A feature of a tile. Its `id` becomes the MVT feature id if it is a whole, non-negative number. */
export type TileFeature = Feature<Geometry | null, Record<string, string | number | boolean | null>>;

/** Features of one MVT layer. */
export interface TileLayer {
  readonly name: string;
  readonly features: readonly TileFeature[];
}

type Ring = [number, number][];

/**
 * Encodes features as an MVT 2.1 tile. Their geometries must be in whole tile units already. Returns undefined if there
 * are no features.
 */
export function encodeFeatures(layers: readonly TileLayer[]): Uint8Array | undefined {
  return encodeLayers(layers.map(({ name, features }) => [name, features.filter(hasGeometry).map(toTileFeature)]));
}

/** Cuts features into tiles of zooms 0 to 18, simplified below 18 as geojson-vt does. */
export class TileIndex {
  readonly #layers: { name: string; index: GeoJSONVT }[];

  /** @param layers geometries in longitude and latitude (WGS 84) */
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

  /** Returns the encoded tile; undefined if it is empty. */
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

/** Converts a feature to the form of geojson-vt: points, lines and rings of all parts in one list. */
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

/**
 * Turns whole numbers beyond the range of a double into text. As varints they would overflow, and readers would alter
 * them.
 */
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

/**
 * Drops lines and rings that collapsed in rounding, and features left empty. They draw nothing and are invalid in MVT.
 */
function dropCollapsed(features: LegacyFeature[]): LegacyFeature[] {
  return features.flatMap((feature): LegacyFeature[] => {
    if (feature.type === 1) return [feature];
    const rings = feature.geometry.map(dropRepeated);
    const remaining = feature.type === 2 ? rings.filter((line) => line.length > 1) : withoutEmptyRings(rings);
    return remaining.length ? [{ ...feature, geometry: remaining }] : [];
  });
}

function dropRepeated(line: Ring): Ring {
  return line.filter((point, index) => {
    const before = line[index - 1];
    return !before || before[0] !== point[0] || before[1] !== point[1];
  });
}

/**
 * Drops outer rings without area, together with their holes. geojson-vt winds outer rings one way and holes the other.
 */
function withoutEmptyRings(rings: Ring[]): Ring[] {
  let hasOuter = false;
  return rings.filter((ring) => {
    const area = doubledArea(ring);
    if (area > 0) hasOuter = true;
    else if (area < 0) return hasOuter;
    return area !== 0;
  });
}

/**
 * Returns twice the signed area in tile units. It is positive if the ring runs clockwise on screen (y down), as outer
 * rings do.
 */
function doubledArea(ring: Ring): number {
  return ring.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length] as [number, number];
    return sum + x * nextY - nextX * y;
  }, 0);
}
