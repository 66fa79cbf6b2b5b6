import type { Map as MapView } from 'maplibre-gl';
import { byId } from './dom.ts';
import type { Receiver, Shape, Sketch } from './draw.ts';
import { VertexField } from './vertex-field.ts';

/** Draws shapes, by the pointer, by typed corners or by keys. The library for it, 46 KB, is loaded with the first one. */
export class LazySketch {
  readonly #map: MapView;
  readonly #field: VertexField;
  #sketch: Promise<Sketch> | undefined;
  #opened: Sketch | undefined;
  #isOpening = false;

  constructor(map: MapView) {
    this.#map = map;
    this.#field = new VertexField({
      add: (place) => this.#opened?.add(place),
      finish: () => this.#opened?.finish(),
    });
    byId('undo').addEventListener('click', () => this.#opened?.undo());
    addEventListener('keydown', (event) => {
      const isInField = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if ((event.ctrlKey || event.metaKey) && event.key === 'z' && !isInField) this.#opened?.undo();
    });
    map.getCanvas().addEventListener('keydown', (event) => {
      if (event.key !== ' ' || !this.active) return;
      event.preventDefault();
      this.#opened?.addMiddle();
    });
  }

  /** True while clicks draw. */
  get active(): boolean {
    return this.#isOpening || this.#opened?.active === true;
  }

  async begin(shape: Shape, receiver: Receiver): Promise<void> {
    delete document.body.dataset.drawing;
    this.#isOpening = true;
    this.#sketch ??= import('./draw.ts').then(({ Sketch }) => new Sketch(this.#map));
    try {
      this.#opened = await this.#sketch;
      if (!this.#isOpening) return;
      const drawn = (geometry: GeoJSON.Geometry): void => {
        this.#field.show(false);
        receiver.drawn(geometry);
      };
      this.#opened.begin(shape, { ...receiver, drawn });
      // The pointer becomes a cross only when clicks draw.
      document.body.dataset.drawing = 'true';
      byId('undo').hidden = shape !== 'linestring' && shape !== 'polygon';
      this.#field.show(shape !== 'freehand');
    } catch (error) {
      this.#sketch = undefined;
      throw error;
    } finally {
      this.#isOpening = false;
    }
  }

  clear(): void {
    this.#isOpening = false;
    delete document.body.dataset.drawing;
    byId('undo').hidden = true;
    this.#field.show(false);
    this.#opened?.clear();
  }
}
