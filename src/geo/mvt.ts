import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Feature, Geometry } from 'geojson';
import type { LegacyFeature } from 'geojson-vt';
import { TILE_EXTENT } from './tile.ts';

/** A feature of a tile. Its `id` becomes the MVT feature id if it is a whole, non-negative number. */
export type TileFeature = Feature<Geometry | null, Record<string, string | number | boolean | null>>;

/** Features of one MVT layer. */
export interface TileLayer {
  readonly name: string;
  readonly features: readonly TileFeature[];
}

/**
 * Encodes features as an MVT 2.1 tile. Their geometries must be in whole tile units already. Returns undefined if there
 * are no features.
 */
export function encodeFeatures(layers: readonly TileLayer[]): Uint8Array | undefined {
  return encodeLayers(layers.map(({ name, features }) => [name, features.filter(hasGeometry).map(toTileFeature)]));
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
