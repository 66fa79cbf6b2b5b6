import { VectorTile, type VectorTileLayer } from '@mapbox/vector-tile';
import { LRUCache } from 'lru-cache';
import { PbfReader } from 'pbf';
import type { StyledFeature } from './compiled-style.ts';

/** Tile units, y down. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface DecodedFeature extends StyledFeature {
  /** Points, lines or rings. Outer rings run clockwise on screen, holes the other way (MVT 2.1). */
  readonly geometry: readonly (readonly Point[])[];
}

/** Encoded size of the tiles whose features are cached. Each takes part in the labels of nine neighbours. */
const CACHE_BYTES = 12_000_000;
const cache = new LRUCache<string, DecodedTile>({ maxSize: CACHE_BYTES });

/** A tile that decodes each layer on first use. */
export class DecodedTile {
  /** Derived values that are cached as long as the tile: anchors of labels. */
  readonly notes = new Map<string, unknown>();
  readonly #layers: Readonly<Record<string, VectorTileLayer>>;
  readonly #features = new Map<string, readonly DecodedFeature[]>();

  constructor(body: Uint8Array) {
    this.#layers = new VectorTile(new PbfReader(body)).layers;
  }

  features(layer: string): readonly DecodedFeature[] {
    const features = this.#features.get(layer) ?? decode(this.#layers[layer]);
    this.#features.set(layer, features);
    return features;
  }
}

/** @param digest of the body */
export function decodeTile(digest: string, body: Uint8Array): DecodedTile {
  const tile = cache.get(digest) ?? new DecodedTile(body);
  cache.set(digest, tile, { size: body.length + 1 });
  return tile;
}

function decode(layer: VectorTileLayer | undefined): DecodedFeature[] {
  return Array.from({ length: layer?.length ?? 0 }, (_, index) => {
    const feature = (layer as VectorTileLayer).feature(index);
    const { type, id, properties } = feature;
    return { type, id, properties, geometry: feature.loadGeometry() };
  });
}
