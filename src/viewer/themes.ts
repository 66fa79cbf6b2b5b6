import { element } from './dom.ts';
import { say, type Text } from './i18n.ts';

/** A theme as the style lists it. */
export interface ShownTheme {
  readonly id: string;
  readonly title: Text;
  readonly short: Text;
  /** Drawn below every other theme, whichever is chosen. */
  readonly isBackdrop: boolean;
}

/** The choice of a theme: a radio button each, before the one for all of them. */
export class ThemeChoice {
  readonly #container: HTMLElement;
  readonly #themes: readonly ShownTheme[];
  readonly #words: readonly HTMLElement[];

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

  /** Writes the words in the language of now. */
  render(): void {
    for (const [index, { short }] of this.#themes.entries()) this.#words[index]?.replaceChildren(say(short));
  }

  /** Calls back with the themes to show: at once, and after every choice. */
  onChange(show: (themes: readonly ShownTheme[]) => void): void {
    const apply = () => {
      const chosen = this.#container.querySelector<HTMLInputElement>('input:checked')?.value;
      const isShown = ({ id, isBackdrop }: ShownTheme) => chosen === 'all' || isBackdrop || id === chosen;
      show(this.#themes.filter(isShown));
    };
    this.#container.addEventListener('change', apply);
    apply();
  }
}
