import type { Map as MapView } from 'maplibre-gl';
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode } from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';

export type Shape = 'point' | 'linestring' | 'polygon';

const COLOUR = '#c2410c';
const WHITE = '#ffffff';

/** Draws one shape at a time; a new one replaces the previous. */
export class Sketch {
  readonly #draw: TerraDraw;
  #active = false;

  constructor(map: MapView, onDrawn: (geometry: GeoJSON.Geometry) => void) {
    const points = { pointColor: COLOUR, pointOutlineColor: WHITE, pointWidth: 6, pointOutlineWidth: 2 } as const;
    const closing = {
      closingPointColor: WHITE,
      closingPointOutlineColor: COLOUR,
      closingPointWidth: 6,
      closingPointOutlineWidth: 2,
    } as const;
    this.#draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map }),
      modes: [
        new TerraDrawPointMode({ styles: points }),
        new TerraDrawLineStringMode({ styles: { ...closing, lineStringColor: COLOUR, lineStringWidth: 3 } }),
        new TerraDrawPolygonMode({
          styles: { ...closing, fillColor: COLOUR, fillOpacity: 0.15, outlineColor: COLOUR, outlineWidth: 2.5 },
        }),
      ],
    });
    this.#draw.start();
    this.#draw.on('finish', (id) => {
      const drawn = this.#draw.getSnapshotFeature(id);
      // The click that ends a shape also reaches the map, where only the next one may open a card.
      setTimeout(() => {
        this.#active = false;
      }, 50);
      this.#draw.setMode('static');
      if (drawn) onDrawn(drawn.geometry);
    });
  }

  /** True while clicks draw. */
  get active(): boolean {
    return this.#active;
  }

  begin(shape: Shape): void {
    this.clear();
    this.#active = true;
    this.#draw.setMode(shape);
  }

  clear(): void {
    this.#active = false;
    this.#draw.setMode('static');
    this.#draw.clear();
  }
}
