import type { LayerSpecification, Map as MapView, StyleSpecification } from 'maplibre-gl';
import { button, element } from './dom.ts';
import { say, type Text, t } from './i18n.ts';
import type { Item, LayerState } from './layer-state.ts';
import { iconSwatch, layerSwatch, plainSwatch, type SymbolSheet } from './swatch.ts';
import { OTHER, type ShownTheme } from './themes.ts';

interface Group extends Text {
  readonly id: string;
  /** Id of its theme. */
  readonly theme: string;
  /** Layers whose features it shows by another name. */
  readonly covers?: readonly string[];
}

interface Entry extends Text {
  readonly colour?: string;
  readonly icon?: string;
  readonly value?: string;
}

interface LayerMetadata extends Partial<Text> {
  readonly group?: string;
  readonly casing?: string;
  readonly colours?: { readonly field?: string };
  readonly legend?: readonly Entry[];
}

/** A layer that no style draws: its title, and its colour on the map. */
export interface PlainEntry {
  readonly title: () => string;
  readonly colour: string;
}

/** The layers of the style's groups, as switches. */
export function styledItems(style: StyleSpecification): (Item & Text)[] {
  const { groups } = style.metadata as { groups: readonly Group[] };
  return groups.map((group) => {
    const layers = style.layers.filter((layer) => meta(layer).group === group.id);
    return { ...group, layers, isOn: layers.every((layer) => layer.layout?.visibility !== 'none') };
  });
}

/** Returns the layers that a style shows, by themselves or through another. */
export function styledLayers(style: StyleSpecification): ReadonlySet<string> {
  const { groups } = style.metadata as { groups: readonly Group[] };
  const drawn = style.layers.flatMap((each) => ('source-layer' in each ? (each['source-layer'] ?? []) : []));
  return new Set([...drawn, ...groups.flatMap(({ covers = [] }) => covers)]);
}

/** The tree of layers by theme, each with its switch, opacity and legend. */
export class Legend {
  readonly #map: MapView;
  readonly #container: HTMLElement;
  readonly #sprite: SymbolSheet;
  readonly #state: LayerState;
  readonly #isLost: (source: string) => boolean;
  readonly #groups: ReadonlyMap<string, Text>;
  readonly #plain = new Map<string, PlainEntry>();
  readonly #open = new Set(['parcel', 'station', 'finding']);
  #themes: readonly ShownTheme[] = [];
  /** Values of coloured fields that are on the map now, since a legend of 78 land uses is too long. */
  #seen: ReadonlySet<string> = new Set();
  #zoom = 0;

  constructor(parts: {
    map: MapView;
    style: StyleSpecification;
    sprite: SymbolSheet;
    container: HTMLElement;
    state: LayerState;
    /** Returns true if tiles of the source are missing. */
    isLost: (source: string) => boolean;
  }) {
    this.#map = parts.map;
    this.#container = parts.container;
    this.#sprite = parts.sprite;
    this.#state = parts.state;
    this.#isLost = parts.isLost;
    const items = styledItems(parts.style);
    this.#groups = new Map(items.map((item) => [item.id, item]));
    for (const item of items) this.#state.add(item);
    this.#map.on('idle', () => this.#look());
    this.render();
  }

  showThemes(themes: readonly ShownTheme[]): void {
    this.#themes = themes;
    this.#state.showThemes(themes);
    this.render();
  }

  /** Adds a layer that no style draws. */
  addPlain(id: string, entry: PlainEntry): void {
    this.#plain.set(id, entry);
    this.render();
  }

  removePlain(id: string): void {
    this.#plain.delete(id);
    this.render();
  }

  render(): void {
    const focused = document.activeElement?.id;
    const { scrollTop } = this.#container;
    // What lies below every theme is read last.
    const themes = [...this.#themes].sort((a, b) => Number(a.isBackdrop) - Number(b.isBackdrop));
    const other = { id: OTHER, title: { vi: t('otherLayers'), en: t('otherLayers') } };
    const sections = [...themes, other].flatMap(({ id, title }) => {
      const items = this.#state.items.filter(({ theme }) => theme === id);
      if (items.length === 0) return [];
      return element('section', {}, element('h2', {}, say(title)), ...items.map((item) => this.#renderItem(item)));
    });
    this.#container.replaceChildren(...sections);
    this.#container.scrollTop = scrollTop;
    if (focused && this.#container.querySelector(`[id="${focused}"]`)) document.getElementById(focused)?.focus();
  }

  #titleOf({ id }: Item): string {
    const group = this.#groups.get(id);
    return group ? say(group) : (this.#plain.get(id)?.title() ?? id);
  }

  #renderItem(item: Item): HTMLElement {
    const title = this.#titleOf(item);
    const input = element('input', {
      type: 'checkbox',
      id: `group-${item.id}`,
      checked: this.#state.isOn(item),
    });
    input.addEventListener('change', () => this.#state.switch(item, input.checked));
    const details = element(
      'details',
      { open: this.#open.has(item.id) },
      element('summary', { 'aria-label': `${title}: ${t('tabLayers')}`, id: `more-${item.id}` }),
      this.#renderEntries(item),
      this.#renderControls(item, title),
    );
    details.addEventListener('toggle', () => (details.open ? this.#open.add(item.id) : this.#open.delete(item.id)));
    return element('div', { class: 'group' }, element('label', {}, input, title), details);
  }

  #renderControls(item: Item, title: string): HTMLElement {
    const opacity = element('input', {
      type: 'range',
      id: `opacity-${item.id}`,
      min: '0',
      max: '100',
      step: '5',
      value: String(Math.round(this.#state.opacityOf(item.id) * 100)),
      'aria-label': `${t('opacity')}: ${title}`,
    });
    opacity.addEventListener('input', () => this.#state.fade(item, Number(opacity.value) / 100));
    const isOnTop = this.#state.top.includes(item.id);
    const raise = button(
      t('onTop'),
      () => {
        this.#state.raise(item.id, !isOnTop);
        this.render();
      },
      { id: `raise-${item.id}`, 'aria-pressed': String(isOnTop), 'aria-label': `${t('onTop')}: ${title}` },
    );
    return element('div', { class: 'controls' }, element('span', {}, t('opacity')), opacity, raise);
  }

  #renderEntries(item: Item): HTMLElement {
    const plain = this.#plain.get(item.id);
    if (plain) return element('ul', { class: 'entries' }, entryItem(plainSwatch(plain.colour), plain.title()));
    const items = item.layers.flatMap((layer) => this.#entriesOf(layer, item));
    return items.length > 0
      ? element('ul', { class: 'entries' }, ...items)
      : element('p', { class: 'note' }, t(this.#reasonOf(item)));
  }

  /** Returns the reason why a layer has no entry: its zooms, lost tiles, or nothing there. */
  #reasonOf({ layers }: Item): 'zoomForLayer' | 'tilesMissing' | 'nothingHere' {
    const coloured = layers.filter((layer) => meta(layer).colours?.field);
    if (coloured.every(({ minzoom = 0 }) => this.#map.getZoom() < minzoom)) return 'zoomForLayer';
    const isLost = coloured.some((layer) => 'source' in layer && this.#isLost(String(layer.source)));
    return isLost ? 'tilesMissing' : 'nothingHere';
  }

  #entriesOf(layer: LayerSpecification, { layers }: Item): HTMLElement[] {
    const { vi, en, legend, colours, casing } = meta(layer);
    const under = layers.find(({ id }) => id === casing);
    const own = vi && en ? [entryItem(layerSwatch(layer, under, this.#sprite), say({ vi, en }))] : [];
    const listed = (legend ?? []).filter(({ value }) => !colours?.field || this.#seen.has(`${layer.id}:${value}`));
    return [
      ...own,
      ...listed.map((entry) => {
        const swatch = element('span', { class: layer.type === 'circle' ? 'swatch round' : 'swatch' });
        if (entry.colour) swatch.style.background = entry.colour;
        const words = colours?.field ? `${entry.value} – ${say(entry)}` : say(entry);
        return entryItem(entry.icon ? iconSwatch(entry.icon, this.#sprite) : swatch, words);
      }),
    ];
  }

  #look(): void {
    const coloured = this.#state.items.flatMap(({ layers }) => layers).filter((layer) => meta(layer).colours?.field);
    const seen = new Set<string>();
    for (const feature of this.#map.queryRenderedFeatures({ layers: coloured.map(({ id }) => id) })) {
      const field = (feature.layer.metadata as LayerMetadata).colours?.field ?? '';
      seen.add(`${feature.layer.id}:${String(feature.properties[field])}`);
    }
    const zoom = this.#map.getZoom();
    const isSame = seen.size === this.#seen.size && [...seen].every((value) => this.#seen.has(value));
    if (isSame && zoom === this.#zoom) return;
    this.#seen = seen;
    this.#zoom = zoom;
    this.render();
  }
}

function meta(layer: LayerSpecification): LayerMetadata {
  return (layer.metadata ?? {}) as LayerMetadata;
}

function entryItem(swatch: HTMLElement, words: string): HTMLElement {
  return element('li', {}, swatch, words);
}
