import type { Map as MapView } from 'maplibre-gl';
import { readItem } from './api.ts';
import { PARCELS } from './hits.ts';
import type { LonLat } from './link.ts';

/** Pixels around the pointer in which a corner attracts it. */
const REACH = 12;
/** Parcels whose corners are held. */
const MOST = 400;

/**
 * The corners of the parcels that are drawn near the pointer. Tiles round them to 15 cm and cut parcels at their edges,
 * so that the corners are those of the server.
 */
export class ParcelCorners {
  readonly #map: MapView;
  readonly #onRead: () => void;
  /** ParcelCorners of each parcel; undefined while they are read. */
  readonly #known = new Map<string, readonly LonLat[] | undefined>();
  #layers: readonly string[] = [];

  /** @param onRead called when corners near the pointer have arrived */
  constructor(map: MapView, onRead: () => void) {
    this.#map = map;
    this.#onRead = onRead;
  }

  /** Looks up which style layers draw parcels now, and forgets corners that may have moved. */
  look(): void {
    this.#known.clear();
    const ids = this.#map.getLayersOrder();
    this.#layers = ids.filter((id) => this.#map.getLayer(id)?.sourceLayer === PARCELS);
  }

  /** Returns the corner nearest to a pixel, of those within reach that are read. */
  near({ x, y }: { readonly x: number; readonly y: number }): LonLat | undefined {
    let [nearest, least]: [LonLat | undefined, number] = [undefined, REACH];
    for (const id of this.#parcelsAt(x, y)) {
      if (!this.#known.has(id)) this.#read(id);
      for (const corner of this.#known.get(id) ?? []) {
        const pixel = this.#map.project([...corner]);
        const distance = Math.hypot(pixel.x - x, pixel.y - y);
        if (distance < least) [nearest, least] = [corner, distance];
      }
    }
    return nearest;
  }

  #parcelsAt(x: number, y: number): ReadonlySet<string> {
    const around: [[number, number], [number, number]] = [
      [x - REACH, y - REACH],
      [x + REACH, y + REACH],
    ];
    const layers = this.#layers.filter((id) => this.#map.getLayer(id));
    const found = layers.length > 0 ? this.#map.queryRenderedFeatures(around, { layers: [...layers] }) : [];
    // What was dissolved for a low zoom has no id.
    return new Set(found.flatMap(({ id }) => (id === undefined ? [] : String(id))));
  }

  #read(id: string): void {
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(id, undefined);
    readItem(PARCELS, id).then(
      ({ geometry }) => {
        this.#known.set(id, cornersOf(geometry));
        this.#onRead();
      },
      // Asked at every movement, a server that is gone would be asked a hundred times.
      () => this.#known.set(id, []),
    );
  }
}

/** Returns each corner of the rings of an area. */
export function cornersOf(geometry: GeoJSON.Geometry | null): LonLat[] {
  if (geometry?.type !== 'Polygon' && geometry?.type !== 'MultiPolygon') return [];
  const areas = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return areas.flat().flatMap((ring) => ring.slice(1).map(([lon = 0, lat = 0]) => [lon, lat] as const));
}
