import { element } from './dom.ts';
import { say, type Text } from './i18n.ts';

/** A theme as the style lists it. */
export interface ShownTheme {
  readonly id: string;
  readonly title: Text;
  readonly short: Text;
  /** Drawn below every other theme, whichever is chosen. */
  readonly isBackdrop: boolean;
  /** Hidden beside the others, and shown if it is the chosen one. */
  readonly isOptional: boolean;
}

/** The theme of results and of layers without one. It is shown with every other. */
export const OTHER = 'other';

export function isInTheme(theme: string, shown: readonly ShownTheme[]): boolean {
  return theme === OTHER || shown.some(({ id }) => id === theme);
}

/** The choice of a theme: a radio button each, before the one for all of them. */
export class ThemeChoice {
  readonly #container: HTMLElement;
  readonly #themes: readonly ShownTheme[];
  readonly #words: readonly HTMLElement[];
  #show: (themes: readonly ShownTheme[]) => void = () => {};

  constructor(container: HTMLElement, themes: readonly ShownTheme[]) {
    this.#container = container;
    this.#themes = themes;
    this.#words = themes.map(() => element('span', {}));
    const labels = themes.map(({ id }, index) =>
      element('label', {}, element('input', { type: 'radio', name: 'theme', value: id }), this.#words[index] as Node),
    );
    container.querySelector('label')?.before(...labels);
    this.render();
  }

  /** Id of the chosen theme; undefined: all. */
  get chosen(): string | undefined {
    const value = this.#container.querySelector<HTMLInputElement>('input:checked')?.value;
    return value === 'all' ? undefined : value;
  }

  /** Every theme, also those that are not shown. */
  get all(): readonly ShownTheme[] {
    return this.#themes;
  }

  /** Chooses a theme of that id, or all of them. */
  choose(id: string | undefined): void {
    const inputs = [...this.#container.querySelectorAll<HTMLInputElement>('input')];
    const input = inputs.find(({ value }) => value === id) ?? inputs.find(({ value }) => value === 'all');
    if (!input || input.checked) return;
    input.checked = true;
    this.#apply();
  }

  /** Writes the words in the language of now. */
  render(): void {
    for (const [index, { short }] of this.#themes.entries()) this.#words[index]?.replaceChildren(say(short));
  }

  /** Calls back with the themes to show: at once, and after every choice. */
  onChange(show: (themes: readonly ShownTheme[]) => void): void {
    this.#show = show;
    this.#container.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  #apply(): void {
    const { chosen } = this;
    this.#show(this.#themes.filter(({ id, isBackdrop }) => !chosen || isBackdrop || id === chosen));
  }
}
