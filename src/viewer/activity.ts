import type { Map as MapView } from 'maplibre-gl';

/** Says on the page, as `data-idle`, that nothing moves, loads or waits to be written: the picture is whole. */
export class Activity {
  readonly #map: MapView;
  #works = 0;

  constructor(map: MapView) {
    this.#map = map;
    map.on('idle', () => this.#show(true));
    for (const event of ['render', 'movestart', 'dataloading'] as const) map.on(event, () => this.#show(false));
  }

  /** Waits for work that changes the page, and for the frame that shows it. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#works += 1;
    this.#show(false);
    try {
      return await work;
    } finally {
      this.#works -= 1;
      this.#show(false);
      this.#map.triggerRepaint();
    }
  }

  #show(isMapIdle: boolean): void {
    document.body.dataset.idle = String(isMapIdle && this.#works === 0);
  }
}
