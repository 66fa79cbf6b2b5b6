import type { LayerSpecification, Map as MapView } from 'maplibre-gl';
import type { LayerChange } from './link.ts';
import { scaleOpacity } from './opacity.ts';
import { isInTheme, type ShownTheme } from './themes.ts';

/** A switch of the layer tree, and what it draws. */
export interface Item {
  readonly id: string;
  /** Id of its theme. */
  readonly theme: string;
  readonly layers: readonly LayerSpecification[];
  /** True if it is on unless the person chose otherwise. */
  readonly isOn: boolean;
}

/** Lies below the shapes that the person drew or picked. */
export const BELOW_SHAPES = 'buffer-area';

const OPACITIES = {
  background: ['background-opacity'],
  fill: ['fill-opacity'],
  line: ['line-opacity'],
  circle: ['circle-opacity', 'circle-stroke-opacity'],
  symbol: ['icon-opacity', 'text-opacity'],
} as const;

/** Holds which layers are on, how opaque they are and which lie on top, and applies it to the map. */
export class LayerState {
  readonly #map: MapView;
  readonly #onChange: () => void;
  readonly #items = new Map<string, Item>();
  #changes = new Map<string, LayerChange>();
  #top: readonly string[] = [];
  #themes: readonly ShownTheme[] = [];
  /** Items that a tool hides, by the tool. */
  readonly #hidden = new Map<string, readonly string[]>();

  constructor(map: MapView, onChange: () => void) {
    this.#map = map;
    this.#onChange = onChange;
  }

  get items(): readonly Item[] {
    return [...this.#items.values()];
  }

  get changes(): ReadonlyMap<string, LayerChange> {
    return this.#changes;
  }

  /** Ids of the layers that were brought to the top, the topmost first. */
  get top(): readonly string[] {
    return this.#top;
  }

  /** Adds a switch. Its layers are on the map already. */
  add(item: Item): void {
    this.#items.set(item.id, item);
    this.#apply(item);
    this.#raiseAll();
  }

  remove(id: string): void {
    this.#items.delete(id);
  }

  isOn(item: Item): boolean {
    return this.#changes.get(item.id)?.isOn ?? this.#isUsuallyOn(item);
  }

  /** An optional theme is on if it is shown alone over the backdrop. */
  #isUsuallyOn({ isOn, theme }: Item): boolean {
    const [only, ...others] = this.#themes.filter(({ isBackdrop }) => !isBackdrop);
    return isOn || (only?.isOptional === true && only.id === theme && others.length === 0);
  }

  opacityOf(id: string): number {
    return this.#changes.get(id)?.opacity ?? 1;
  }

  /** Hides items for a tool, whatever the person chose; none shows them as chosen. */
  hide(tool: string, ids: readonly string[]): void {
    this.#hidden.set(tool, ids);
    for (const item of this.#items.values()) this.#apply(item);
  }

  /** True if the layer is on and its theme is shown. */
  isVisible(item: Item): boolean {
    return (
      ![...this.#hidden.values()].flat().includes(item.id) && this.isOn(item) && isInTheme(item.theme, this.#themes)
    );
  }

  showThemes(themes: readonly ShownTheme[]): void {
    this.#themes = themes;
    for (const item of this.#items.values()) this.#apply(item);
  }

  switch(item: Item, isOn: boolean): void {
    this.#change(item, { isOn: isOn === this.#isUsuallyOn(item) ? undefined : isOn });
  }

  fade(item: Item, opacity: number): void {
    this.#change(item, { opacity: opacity === 1 ? undefined : opacity });
  }

  /** Draws the layer above all others, or where the style has it. */
  raise(id: string, isOnTop: boolean): void {
    const others = this.#top.filter((each) => each !== id);
    this.#top = isOnTop ? [id, ...others] : others;
    this.#raiseAll();
    this.#onChange();
  }

  /** Applies what a link holds. */
  restore(changes: ReadonlyMap<string, LayerChange>, top: readonly string[]): void {
    this.#changes = new Map(changes);
    this.#top = top;
    for (const item of this.#items.values()) this.#apply(item);
    this.#raiseAll();
  }

  #change(item: Item, change: { [K in keyof LayerChange]: LayerChange[K] | undefined }): void {
    const merged = Object.entries({ ...this.#changes.get(item.id), ...change });
    const differing = merged.filter(([, value]) => value !== undefined);
    if (differing.length > 0) this.#changes.set(item.id, Object.fromEntries(differing));
    else this.#changes.delete(item.id);
    this.#apply(item);
    this.#onChange();
  }

  #apply(item: Item): void {
    const visibility = this.isVisible(item) ? 'visible' : 'none';
    const opacity = this.opacityOf(item.id);
    for (const layer of item.layers) {
      if (!this.#map.getLayer(layer.id)) continue;
      this.#map.setLayoutProperty(layer.id, 'visibility', visibility);
      const names = OPACITIES[layer.type as keyof typeof OPACITIES] ?? [];
      for (const name of names) {
        const own = (layer.paint as Record<string, unknown> | undefined)?.[name] ?? 1;
        this.#map.setPaintProperty(layer.id, name, scaleOpacity(own, opacity) as number);
      }
    }
  }

  #raiseAll(): void {
    const { layers } = this.#map.getStyle();
    const styled = [...this.#items.values()].flatMap(({ layers: own }) => own.map(({ id }) => id));
    const raised = this.#top.toReversed().flatMap((id) => this.#items.get(id)?.layers.map((layer) => layer.id) ?? []);
    const wanted = [...styled.filter((id) => !raised.includes(id)).sort(inOrderOf(this.#order(styled))), ...raised];
    const present = layers.map(({ id }) => id).filter((id) => styled.includes(id));
    const known = wanted.filter((id) => present.includes(id));
    if (known.join() === present.join()) return;
    for (const id of known) this.#map.moveLayer(id, BELOW_SHAPES);
  }

  /** The order in which the layers were first drawn, from below. */
  #first: string[] = [];
  #order(styled: readonly string[]): readonly string[] {
    const now = this.#map.getStyle().layers.map(({ id }) => id);
    if (this.#first.length === 0) this.#first = now;
    this.#first.push(...styled.filter((id) => !this.#first.includes(id)));
    return this.#first;
  }
}

function inOrderOf(order: readonly string[]): (a: string, b: string) => number {
  return (a, b) => order.indexOf(a) - order.indexOf(b);
}
