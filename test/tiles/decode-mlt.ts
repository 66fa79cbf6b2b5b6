import { decodeTile, type Feature } from '@maplibre/mlt';

/** A feature of an MLT tile, in the form of `VectorTile`. */
export interface MltFeature {
  readonly id: number | undefined;
  /** Points, lines or closed rings, in tile units. */
  readonly paths: readonly (readonly [x: number, y: number])[][];
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Decodes MLT by the decoder that MapLibre GL JS uses; features by layer. */
export function decodeMlt(tile: Uint8Array): Record<string, MltFeature[]> {
  return Object.fromEntries(decodeTile(tile).map((table) => [table.name, table.getFeatures().map(featureOf)]));
}

function featureOf({ id, geometry, properties }: Feature): MltFeature {
  const present = Object.entries(properties).filter(([, value]) => value !== null && value !== undefined);
  return {
    id: id === null || id === undefined ? undefined : Number(id),
    paths: geometry.coordinates.map((path) => path.map(({ x, y }) => [x, y] as const)),
    properties: Object.fromEntries(present),
  };
}
