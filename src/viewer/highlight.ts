import type { Map as MapView } from 'maplibre-gl';
import type { Hit } from './hits.ts';
import { setShapes } from './map.ts';

const PICK = '#0b5cad';
const WHITE = '#ffffff';

/** Outlines features: thinly those under the pointer, boldly the one whose card is open. */
export class Highlight {
  readonly #map: MapView;
  #layers: string[] = [];

  constructor(map: MapView) {
    this.#map = map;
  }

  /** Outlines the hits from their tiles, as a tile alone knows its drawn form. */
  show(hits: readonly Hit[], open: Hit | undefined): Promise<void> {
    this.clear();
    for (const hit of hits) {
      if (hit.source) this.#outline(hit, hit === open);
    }
    const drawn = hits.flatMap(({ source, geometry }, index) =>
      source || !geometry ? [] : [{ type: 'Feature' as const, properties: { isOpen: hits[index] === open }, geometry }],
    );
    return setShapes(this.#map, 'picked', drawn);
  }

  clear(): void {
    for (const id of this.#layers) if (this.#map.getLayer(id)) this.#map.removeLayer(id);
    this.#layers = [];
    void setShapes(this.#map, 'picked', []);
  }

  #outline({ layer, source, id, geometry }: Hit, isOpen: boolean): void {
    const number = Number(id);
    if (!source || !this.#map.getSource(source)) return;
    const common = {
      source,
      'source-layer': layer,
      filter: ['==', ['id'], Number.isSafeInteger(number) ? number : id] as ['==', ['id'], number | string],
    };
    const name = (part: string) => {
      const created = `hit ${layer}/${id} ${part}`;
      this.#layers.push(created);
      return created;
    };
    if (geometry && /Point/.test(geometry.type)) {
      const paint = {
        'circle-radius': isOpen ? 12 : 9,
        'circle-color': 'rgba(0,0,0,0)',
        'circle-stroke-color': PICK,
        'circle-stroke-width': isOpen ? 3 : 1.5,
      };
      this.#map.addLayer({ ...common, id: name('point'), type: 'circle', paint }, 'picked-halo');
      return;
    }
    const halo = { 'line-color': WHITE, 'line-width': isOpen ? 6 : 3.5, 'line-opacity': 0.85 };
    const line = { 'line-color': PICK, 'line-width': isOpen ? 3 : 1.4, 'line-dasharray': isOpen ? [1, 0] : [3, 2] };
    this.#map.addLayer({ ...common, id: name('halo'), type: 'line', paint: halo }, 'picked-halo');
    this.#map.addLayer({ ...common, id: name('line'), type: 'line', paint: line }, 'picked-halo');
  }
}
