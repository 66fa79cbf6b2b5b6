import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

export const PARCEL_LAYER = 'land.parcel';

/** What a tile tells of a parcel. */
export interface DrawnParcel {
  /** The field that every edit raises. */
  readonly value: number;
  /** Tile units: moves with the geometry. */
  readonly corner: { readonly x: number; readonly y: number } | undefined;
}

/** The parcels of a tile that are asked for, by id. */
export function readParcels(tile: Uint8Array, ids: ReadonlySet<number>): Map<number, DrawnParcel> {
  const found = new Map<number, DrawnParcel>();
  const layer = tile.length ? new VectorTile(new PbfReader(tile)).layers[PARCEL_LAYER] : undefined;
  for (let index = 0; index < (layer?.length ?? 0); index++) {
    const feature = layer?.feature(index);
    const id = Number(feature?.properties.id ?? feature?.id);
    if (!feature || !ids.has(id)) continue;
    const corner = feature.loadGeometry()[0]?.[0];
    found.set(id, { value: Number(feature.properties.legal_area_m2), corner });
  }
  return found;
}
