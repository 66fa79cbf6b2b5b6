import { byId } from './dom.ts';

export type Tab = 'layers' | 'info' | 'analysis';
const TABS: readonly Tab[] = ['layers', 'info', 'analysis'];

/** Returns true if the panel is a sheet at the bottom of the map, by the same width as in page.css. */
export function isPhone(): boolean {
  return matchMedia('(max-width: 720px)').matches;
}

/** The tabs beside the map. On a phone they are a sheet at its bottom that folds down to the tabs. */
export class Panel {
  readonly #panel = byId('panel');
  readonly #toggle = byId('toggle');
  readonly #onShow: (tab: Tab) => void;
  #current: Tab = 'layers';

  constructor(onShow: (tab: Tab) => void) {
    this.#onShow = onShow;
    for (const tab of TABS) byId(`tab-${tab}`).addEventListener('click', () => this.#press(tab));
    byId('tabs').addEventListener('keydown', (event) => {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? TABS.length - 1 : 0;
      const next = step && TABS[(TABS.indexOf(this.#current) + step) % TABS.length];
      if (!next) return;
      this.show(next);
      byId(`tab-${next}`).focus();
    });
    this.#toggle.addEventListener('click', () => this.fold(!this.folded));
    this.fold(isPhone());
    this.#select('layers');
  }

  get folded(): boolean {
    return this.#panel.classList.contains('folded');
  }

  fold(folded: boolean): void {
    this.#panel.classList.toggle('folded', folded);
    this.#toggle.setAttribute('aria-expanded', String(!folded));
  }

  show(tab: Tab): void {
    this.#select(tab);
    this.fold(false);
    this.#onShow(tab);
  }

  #press(tab: Tab): void {
    if (tab === this.#current && !this.folded && isPhone()) this.fold(true);
    else this.show(tab);
  }

  #select(tab: Tab): void {
    this.#current = tab;
    for (const each of TABS) {
      const chosen = each === tab;
      byId(`tab-${each}`).setAttribute('aria-selected', String(chosen));
      byId(`tab-${each}`).tabIndex = chosen ? 0 : -1;
      byId(each).hidden = !chosen;
    }
  }
}
