import { type ListedLayer, listLayers } from './api.ts';
import { language } from './i18n.ts';

const POLL_MS = 3000;

/** The layers that the server lists now. It is asked every 3 seconds; an unchanged list costs a 304. */
export class Catalog {
  #listed = new Map<string, ListedLayer>();
  #shown = '';
  readonly #onChange: (layers: readonly ListedLayer[]) => void;

  constructor(onChange: (layers: readonly ListedLayer[]) => void) {
    this.#onChange = onChange;
  }

  /** Reads the list, and again from time to time while the page is visible. */
  async open(): Promise<void> {
    await this.read();
    setInterval(() => {
      if (document.visibilityState === 'visible') void this.read();
    }, POLL_MS);
  }

  get layers(): readonly ListedLayer[] {
    return [...this.#listed.values()];
  }

  titleOf(id: string): string {
    return this.#listed.get(id)?.title ?? id;
  }

  /** Reads the list now. After a failure the previous list stays. */
  async read(): Promise<void> {
    const asked = language();
    const layers = await listLayers(asked).catch(() => undefined);
    if (!layers || asked !== language()) return;
    const state = JSON.stringify(layers);
    if (state === this.#shown) return;
    this.#shown = state;
    this.#listed = new Map(layers.map((layer) => [layer.id, layer]));
    this.#onChange(layers);
  }
}
