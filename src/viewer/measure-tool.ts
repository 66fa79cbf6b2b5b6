import { byId } from './dom.ts';
import type { Shape } from './draw.ts';
import { formatArea, formatLength } from './format.ts';
import { language, t } from './i18n.ts';
import type { LazySketch } from './lazy-sketch.ts';
import { areaOf, lengthOf } from './measure.ts';
import { toMetres } from './position.ts';

const SHAPES = ['linestring', 'polygon'] as const satisfies readonly Shape[];

/** The buttons that measure on the map, in the plane of VN-2000 as parcels are. */
export class MeasureTool {
  readonly #sketch: LazySketch;
  readonly #output = byId('measured');
  readonly #fail: () => void;
  #shape: Shape | undefined;

  constructor(sketch: LazySketch, fail: () => void) {
    this.#sketch = sketch;
    this.#fail = fail;
    for (const shape of SHAPES) byId(`measure-${shape}`).addEventListener('click', () => this.#press(shape));
    this.#mark();
  }

  /** Ends measuring, for instance because something else is drawn. */
  stop(): void {
    this.#shape = undefined;
    this.#output.hidden = true;
    this.#mark();
  }

  /** A second press ends it. */
  #press(shape: Shape): void {
    const isSame = this.#shape === shape;
    this.stop();
    this.#sketch.clear();
    if (isSame) return;
    this.#shape = shape;
    this.#mark();
    const write = (geometry: GeoJSON.Geometry): void => {
      this.#output.textContent = measuredText(geometry);
      this.#output.hidden = false;
    };
    this.#sketch.begin(shape, { drawn: write, changed: write }).catch(this.#fail);
  }

  #mark(): void {
    for (const shape of SHAPES) byId(`measure-${shape}`).setAttribute('aria-pressed', String(shape === this.#shape));
  }
}

function measuredText(geometry: GeoJSON.Geometry): string {
  const metres = (line: readonly GeoJSON.Position[]) => line.map(([lon = 0, lat = 0]) => toMetres([lon, lat]));
  if (geometry.type === 'LineString') return formatLength(lengthOf(metres(geometry.coordinates)), language());
  if (geometry.type !== 'Polygon') return '';
  const ring = metres(geometry.coordinates[0] ?? []);
  return `${formatArea(areaOf(ring), language())}, ${t('perimeter')} ${formatLength(lengthOf(ring), language())}`;
}
