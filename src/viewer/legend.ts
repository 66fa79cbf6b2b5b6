import type { LayerSpecification, Map as MapView, StyleSpecification } from 'maplibre-gl';
import { element } from './dom.ts';
import { say, type Text, t } from './i18n.ts';
import { iconSwatch, layerSwatch, type SymbolSheet } from './swatch.ts';
import type { ShownTheme } from './themes.ts';

interface Group extends Text {
  readonly id: string;
  /** Id of its theme. */
  readonly theme: string;
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

/** Switches of layers by theme, each with its legend, built from the metadata of the style. */
export class Legend {
  readonly #map: MapView;
  readonly #container: HTMLElement;
  readonly #sprite: SymbolSheet;
  readonly #layers: readonly LayerSpecification[];
  readonly #groups: readonly Group[];
  /** Groups that are switched on. A hidden theme hides them nevertheless. */
  readonly #on: Set<string>;
  readonly #open = new Set(['parcel', 'station']);
  #themes: readonly ShownTheme[] = [];
  /** Values of coloured fields that are on the map now, since a legend of 78 land uses is too long. */
  #seen: ReadonlySet<string> = new Set();

  constructor(map: MapView, style: StyleSpecification, sprite: SymbolSheet, container: HTMLElement) {
    this.#map = map;
    this.#container = container;
    this.#sprite = sprite;
    this.#layers = style.layers;
    this.#groups = (style.metadata as { groups: readonly Group[] }).groups;
    const hidden = style.layers
      .filter((layer) => layer.layout?.visibility === 'none')
      .map((layer) => meta(layer).group);
    this.#on = new Set(this.#groups.map(({ id }) => id).filter((id) => !hidden.includes(id)));
    map.on('idle', () => this.#look());
    this.render();
  }

  showThemes(themes: readonly ShownTheme[]): void {
    this.#themes = themes;
    this.#apply();
    this.render();
  }

  render(): void {
    const focused = document.activeElement?.id;
    // What lies below every theme is read last.
    const themes = [...this.#themes].sort((a, b) => Number(a.isBackdrop) - Number(b.isBackdrop));
    const sections = themes.map(({ id, title }) =>
      element(
        'section',
        {},
        element('h2', {}, say(title)),
        ...this.#groups.filter((group) => group.theme === id).map((group) => this.#renderGroup(group)),
      ),
    );
    this.#container.replaceChildren(...sections);
    if (focused?.startsWith('group-')) document.getElementById(focused)?.focus();
  }

  #renderGroup(group: Group): HTMLElement {
    const input = element('input', { type: 'checkbox', id: `group-${group.id}`, checked: this.#on.has(group.id) });
    input.addEventListener('change', () => {
      if (input.checked) this.#on.add(group.id);
      else this.#on.delete(group.id);
      this.#apply();
    });
    const details = element(
      'details',
      { open: this.#open.has(group.id) },
      element('summary', { 'aria-label': `${say(group)}: ${t('tabLayers')}` }),
      this.#renderEntries(group),
    );
    details.addEventListener('toggle', () => (details.open ? this.#open.add(group.id) : this.#open.delete(group.id)));
    return element('div', { class: 'group' }, element('label', {}, input, say(group)), details);
  }

  #renderEntries(group: Group): HTMLElement {
    const layers = this.#layers.filter((layer) => meta(layer).group === group.id);
    const items = layers.flatMap((layer) => this.#entriesOf(layer));
    const isCoarse = group.id === 'parcel' && items.length === 0;
    return isCoarse
      ? element('p', { class: 'note' }, t('zoomForParcels'))
      : element('ul', { class: 'entries' }, ...items);
  }

  #entriesOf(layer: LayerSpecification): HTMLElement[] {
    const { vi, en, legend, colours, casing } = meta(layer);
    const under = this.#layers.find(({ id }) => id === casing);
    const own = vi && en ? [item(layerSwatch(layer, under, this.#sprite), { vi, en })] : [];
    const listed = (legend ?? []).filter(({ value }) => !colours?.field || this.#seen.has(`${layer.id}:${value}`));
    return [
      ...own,
      ...listed.map((entry) => {
        const swatch = element('span', { class: layer.type === 'circle' ? 'swatch round' : 'swatch' });
        if (entry.colour) swatch.style.background = entry.colour;
        const words = colours?.field
          ? { vi: `${entry.value} – ${entry.vi}`, en: `${entry.value} – ${entry.en}` }
          : entry;
        return item(entry.icon ? iconSwatch(entry.icon, this.#sprite) : swatch, words);
      }),
    ];
  }

  #apply(): void {
    for (const layer of this.#layers) {
      const group = this.#groups.find(({ id }) => id === meta(layer).group);
      if (!group) continue;
      const visible = this.#on.has(group.id) && this.#themes.some(({ id }) => id === group.theme);
      this.#map.setLayoutProperty(layer.id, 'visibility', visible ? 'visible' : 'none');
    }
  }

  #look(): void {
    const coloured = this.#layers.filter((layer) => meta(layer).colours?.field);
    const seen = new Set<string>();
    for (const feature of this.#map.queryRenderedFeatures({ layers: coloured.map(({ id }) => id) })) {
      const field = (feature.layer.metadata as LayerMetadata).colours?.field ?? '';
      seen.add(`${feature.layer.id}:${String(feature.properties[field])}`);
    }
    const changed = seen.size !== this.#seen.size || [...seen].some((value) => !this.#seen.has(value));
    this.#seen = seen;
    if (changed) this.render();
  }
}

function meta(layer: LayerSpecification): LayerMetadata {
  return (layer.metadata ?? {}) as LayerMetadata;
}

function item(swatch: HTMLElement, text: Text): HTMLElement {
  return element('li', {}, swatch, say(text));
}
