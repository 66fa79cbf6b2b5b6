import type { ListedLayer } from './api.ts';
import { boxCard } from './box-card.ts';
import { byId } from './dom.ts';
import { t } from './i18n.ts';
import { lassoOutline } from './lasso.ts';
import type { LazySketch } from './lazy-sketch.ts';
import type { Word } from './page-words.ts';
import type { Picked } from './picked.ts';

export interface SelectParts {
  readonly sketch: LazySketch;
  readonly layers: () => readonly ListedLayer[];
  /** Called before something is drawn. */
  readonly onDraw: () => void;
  /** Called with the features that are selected. */
  readonly onPick: (features: Picked) => void;
  readonly analyse: (features: Picked) => void;
  /** Shows a card. */
  readonly show: (render: () => HTMLElement) => void;
  readonly notify: (text: string | undefined) => void;
  readonly onFail: () => void;
}

const HINTS = { rectangle: 'boxHint', freehand: 'lassoHint' } as const satisfies Record<string, Word>;

/** The buttons that select features in a box or in a lasso. */
export class SelectTool {
  readonly #parts: SelectParts;

  constructor(parts: SelectParts) {
    this.#parts = parts;
    for (const shape of ['rectangle', 'freehand'] as const)
      byId(`select-${shape}`).addEventListener('click', () => {
        parts.onDraw();
        this.#draw(shape).catch(parts.onFail);
      });
  }

  async #draw(shape: keyof typeof HINTS): Promise<void> {
    const { sketch, notify } = this.#parts;
    const drawn = (area: GeoJSON.Geometry): void => {
      notify(undefined);
      if (area.type === 'Polygon') this.#show(shape === 'freehand' ? lassoOutline(area) : area);
    };
    await sketch.begin(shape, { drawn });
    notify(t(HINTS[shape]));
  }

  /** Shows what an area holds. */
  #show(area: GeoJSON.Polygon): void {
    const { layers, onPick, analyse, show } = this.#parts;
    show(() => boxCard({ area, layers: layers(), onPick, analyse }));
  }
}
