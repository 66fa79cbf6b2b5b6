import type { Map as MapView } from 'maplibre-gl';
import type { ListedLayer } from './api.ts';
import type { LayerState } from './layer-state.ts';
import type { Legend } from './legend.ts';
import { addPlain, type PlainLook, plainColour, removePlain } from './plain-layers.ts';
import type { ResultLink } from './processes-api.ts';
import { OTHER, type ShownTheme } from './themes.ts';

const RESULT = '#1e3a8a';

export interface PlainParts {
  readonly map: MapView;
  readonly state: LayerState;
  readonly legend: Legend;
  readonly themes: readonly ShownTheme[];
  /** Layers that the style draws. */
  readonly styled: ReadonlySet<string>;
  readonly titleOf: (layer: string) => string;
}

interface Added {
  readonly id: string;
  readonly theme: string;
  readonly look: PlainLook;
  readonly zooms?: ListedLayer['zooms'];
  readonly isOn: boolean;
  readonly title: () => string;
}

/** The layers that no style draws: those that appear in the database, and those of a result. */
export class PlainTree {
  readonly #parts: PlainParts;
  readonly #listed = new Set<string>();
  readonly #results = new Map<string, string>();

  constructor(parts: PlainParts) {
    this.#parts = parts;
  }

  /** Shows layers that appeared, and removes those that are gone. */
  list(listed: readonly ListedLayer[]): void {
    const { styled, themes, titleOf } = this.#parts;
    const plain = new Map(listed.filter(({ id }) => !styled.has(id)).map((layer) => [layer.id, layer]));
    for (const id of this.#listed) if (!plain.has(id)) this.#remove(id);
    for (const [id, { isComputed, zooms }] of plain) {
      if (this.#listed.has(id)) continue;
      this.#listed.add(id);
      const theme = themes.find((each) => id.startsWith(`${each.id}.`))?.id ?? OTHER;
      const look = { colour: plainColour(id), fill: 0.25, width: 1.4 };
      this.#add({ id, theme, look, zooms, isOn: !isComputed, title: () => titleOf(id) });
    }
  }

  /** Shows the layers of a result in place of those of the previous. */
  showResult(links: readonly ResultLink[]): void {
    this.clearResult();
    for (const { rel, href, title } of links) {
      const id = decodeURIComponent(new URL(href, document.baseURI).pathname.split('/').at(-1) ?? '');
      if (rel !== 'collection' || id === '' || this.#results.has(id)) continue;
      this.#results.set(id, title ?? id);
      // The first layer is what was asked for; others have colours of their own.
      const isFirst = this.#results.size === 1;
      const colour = isFirst ? RESULT : plainColour(title ?? id);
      // Parts of several plans lie over each other, and the map must stay readable below.
      const look = { colour, fill: isFirst ? 0.2 : 0.08, width: isFirst ? 2.2 : 1 };
      this.#add({ id, theme: OTHER, look, isOn: true, title: () => this.#results.get(id) ?? id });
    }
  }

  clearResult(): void {
    for (const id of this.#results.keys()) this.#remove(id);
    this.#results.clear();
  }

  /** Title of a layer of the result; undefined for any other. */
  resultTitle(id: string): string | undefined {
    return this.#results.get(id);
  }

  #add({ id, theme, look, zooms, isOn, title }: Added): void {
    const { map, state, legend } = this.#parts;
    const layers = addPlain(map, id, look, zooms);
    state.add({ id, theme, layers, isOn });
    legend.addPlain(id, { title, colour: look.colour });
  }

  #remove(id: string): void {
    const { map, state, legend } = this.#parts;
    this.#listed.delete(id);
    state.remove(id);
    removePlain(map, id);
    legend.removePlain(id);
  }
}
