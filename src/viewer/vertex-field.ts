import { explainFailure } from './api.ts';
import { byId } from './dom.ts';
import { say, t } from './i18n.ts';
import type { LonLat } from './link.ts';
import { search } from './search-api.ts';

export interface VertexActions {
  readonly add: (place: LonLat) => void;
  readonly finish: () => void;
}

/** The field in which a corner of a sketch is typed, in any form that the search understands, and what was understood. */
export class VertexField {
  readonly #actions: VertexActions;
  readonly #form = byId<HTMLFormElement>('vertex');
  readonly #input = byId<HTMLInputElement>('vertex-text');
  readonly #said = byId('vertex-said');
  #asking = new AbortController();

  constructor(actions: VertexActions) {
    this.#actions = actions;
    byId('vertex-finish').addEventListener('click', () => actions.finish());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.#input.value.trim();
      if (text === '') actions.finish();
      else void this.#ask(text);
    });
  }

  show(isShown: boolean): void {
    this.#asking.abort();
    this.#form.hidden = !isShown;
    this.#input.value = '';
    this.#say('');
  }

  async #ask(text: string): Promise<void> {
    this.#asking.abort();
    const mine = new AbortController();
    this.#asking = mine;
    try {
      const { coordinates: [place] = [], message } = await search(text, mine.signal, ['coordinate']);
      if (mine.signal.aborted) return;
      if (!place) return this.#say(message ? say(message) : t('notCoordinates'), 'error');
      this.#input.value = '';
      this.#say(message ? say(message) : '');
      this.#actions.add([place.lon, place.lat]);
    } catch (error) {
      if (!mine.signal.aborted) this.#say(explainFailure(error), 'error');
    }
  }

  #say(text: string, kind = 'note'): void {
    this.#said.textContent = text;
    this.#said.className = kind;
  }
}
