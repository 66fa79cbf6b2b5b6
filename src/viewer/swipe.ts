import { Map as MapView, type StyleSpecification } from 'maplibre-gl';
import type { Activity } from './activity.ts';
import { byId, element } from './dom.ts';
import { onLanguage, say, type Text, t } from './i18n.ts';
import type { LayerState } from './layer-state.ts';
import { styledItems } from './legend.ts';
import type { SwipeView } from './link.ts';
import { SingleLabels } from './single-labels.ts';

const PLANS = /^planning-/;
/** Percent that a key moves the border. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -2,
  ArrowRight: 2,
  PageDown: -10,
  PageUp: 10,
  Home: -100,
  End: 100,
};

export interface SwipeParts {
  readonly map: MapView;
  readonly style: StyleSpecification;
  readonly state: LayerState;
  readonly activity: Activity;
  readonly onChange: () => void;
}

/**
 * Compares a plan with the present: the plan is drawn on a second map, which is cut at a border and follows the first.
 * The first shows the same place without plans.
 */
export class Swipe {
  readonly #parts: SwipeParts;
  readonly #plans: readonly (Text & { readonly id: string })[];
  readonly #button = byId('swipe');
  readonly #border = byId('swipe-border');
  readonly #choice = byId<HTMLSelectElement>('swipe-plan');
  readonly #container = byId('plan-map');
  #over: MapView | undefined;
  /** Ends the wait for the second map. */
  #settled: (() => void) | undefined;
  #percent = 50;

  constructor(parts: SwipeParts) {
    this.#parts = parts;
    this.#plans = styledItems(parts.style).filter(({ id }) => PLANS.test(id));
    this.#button.addEventListener('click', () => this.#press());
    this.#choice.addEventListener('change', () => this.#open(this.#choice.value));
    this.#border.addEventListener('keydown', (event) => {
      const step = STEPS[event.key];
      if (step === undefined) return;
      event.preventDefault();
      this.#move(this.#percent + step);
    });
    this.#border.addEventListener('pointerdown', ({ pointerId }) => this.#border.setPointerCapture(pointerId));
    this.#border.addEventListener('pointermove', ({ pointerId, clientX }) => {
      if (!this.#border.hasPointerCapture(pointerId)) return;
      const { left, width } = parts.map.getContainer().getBoundingClientRect();
      this.#move(((clientX - left) / width) * 100);
    });
    parts.map.on('move', () => this.#follow());
    onLanguage(() => this.#translate());
    this.#translate();
  }

  /** The plan and the border, for the link; undefined while nothing is compared. */
  get view(): SwipeView | undefined {
    return this.#over && { plan: this.#choice.value, percent: Math.round(this.#percent) };
  }

  /** Compares what a link holds. */
  restore(view: SwipeView | undefined): void {
    if (view && this.#plans.some(({ id }) => id === view.plan)) {
      this.#percent = view.percent;
      this.#choice.value = view.plan;
      this.#open(view.plan);
    } else this.#close();
  }

  /** The maps that show something at a pixel, the first map before the other. */
  mapsAt({ x }: { readonly x: number }): MapView[] {
    const { map } = this.#parts;
    const border = (map.getContainer().clientWidth * this.#percent) / 100;
    return this.#over && x > border ? [map, this.#over] : [map];
  }

  #press(): void {
    if (this.#over) this.#close();
    else this.#open(this.#choice.value);
    this.#parts.onChange();
  }

  #open(plan: string): void {
    const { map, style, state, activity } = this.#parts;
    this.#over?.remove();
    this.#show(true);
    const layers = styledItems(style).find(({ id }) => id === plan)?.layers ?? [];
    const shown = layers.map((layer) => ({ ...layer, layout: { ...layer.layout, visibility: 'visible' } }));
    const names = new Set(layers.flatMap((layer) => ('source' in layer ? [String(layer.source)] : [])));
    const sources = Object.fromEntries(Object.entries(style.sources).filter(([name]) => names.has(name)));
    const over = new MapView({
      ...{ container: this.#container, interactive: false, attributionControl: false },
      ...{ center: map.getCenter(), zoom: map.getZoom(), bearing: map.getBearing(), maxZoom: 20 },
      style: { ...style, sources, layers: shown as StyleSpecification['layers'] },
    });
    this.#over = over;
    over.on('idle', () => this.#settled?.());
    over.on(
      'style.load',
      () =>
        new SingleLabels(
          over,
          style.layers.filter(({ id }) => over.getLayer(id)),
          (work) => activity.during(work),
        ),
    );
    state.hide(
      'swipe',
      this.#plans.map(({ id }) => id),
    );
    this.#settle();
    this.#parts.onChange();
  }

  #close(): void {
    if (!this.#over) return;
    this.#over.remove();
    this.#over = undefined;
    this.#settled?.();
    this.#parts.state.hide('swipe', []);
    this.#show(false);
  }

  #show(isShown: boolean): void {
    this.#button.setAttribute('aria-pressed', String(isShown));
    for (const id of ['swipe-border', 'swipe-words', 'plan-map']) byId(id).hidden = !isShown;
    this.#move(this.#percent);
  }

  #move(percent: number): void {
    this.#percent = Math.min(Math.max(percent, 0), 100);
    this.#border.style.left = `${this.#percent}%`;
    this.#border.setAttribute('aria-valuenow', String(Math.round(this.#percent)));
    this.#container.style.clipPath = `inset(0 0 0 ${this.#percent}%)`;
    if (this.#over) this.#parts.onChange();
  }

  #follow(): void {
    const { map } = this.#parts;
    if (!this.#over) return;
    this.#over.jumpTo({ center: map.getCenter(), zoom: map.getZoom(), bearing: map.getBearing() });
    this.#settle();
  }

  /** The picture is whole when the second map is, too. */
  #settle(): void {
    if (!this.#over || this.#settled) return;
    const settled = new Promise<void>((resolve) => {
      this.#settled = () => {
        this.#settled = undefined;
        resolve();
      };
    });
    void this.#parts.activity.during(settled);
  }

  #translate(): void {
    const { value } = this.#choice;
    this.#choice.replaceChildren(...this.#plans.map((plan) => element('option', { value: plan.id }, say(plan))));
    if (value) this.#choice.value = value;
    this.#border.setAttribute('aria-label', t('swipeBorder'));
  }
}
