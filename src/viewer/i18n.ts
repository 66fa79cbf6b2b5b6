import { PAGE_WORDS, type Pair, type Word } from './page-words.ts';

export type Language = 'vi' | 'en';

/** A text for people, in Vietnamese and in English. */
export interface Text {
  readonly vi: string;
  readonly en: string;
}

const STORED = 'diaba-language';
const listeners = new Set<() => void>();
let current: Language = 'vi';

export function language(): Language {
  return current;
}

/** Returns a word of the viewer in the current language. */
export function t(word: Word): string {
  return sayPair(PAGE_WORDS[word]);
}

/** Returns a pair in the current language. */
export function sayPair([vi, en]: Pair): string {
  return current === 'vi' ? vi : en;
}

/** Returns a text of the data in the current language. */
export function say(text: Text): string {
  return text[current];
}

/** Calls `react` after each change of language. */
export function onLanguage(react: () => void): void {
  listeners.add(react);
}

export function setLanguage(next: Language): void {
  current = next;
  localStorage.setItem(STORED, next);
  document.documentElement.lang = next;
  translatePage();
  for (const react of listeners) react();
}

/** Returns the initial language: `?lang=`, else the stored choice, else Vietnamese. */
export function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(STORED);
  return asked === 'en' ? 'en' : 'vi';
}

/** Translates index.html by its attributes `data-text`, `data-label` (aria-label) and `data-hint` (placeholder). */
function translatePage(): void {
  const each = (attribute: string, write: (element: HTMLElement, text: string) => void): void => {
    for (const found of document.querySelectorAll<HTMLElement>(`[${attribute}]`)) {
      write(found, t(found.getAttribute(attribute) as Word));
    }
  };
  each('data-text', (element, text) => element.replaceChildren(text));
  each('data-label', (element, text) => element.setAttribute('aria-label', text));
  each('data-hint', (element, text) => element.setAttribute('placeholder', text));
  document.title = `Địa Bạ – ${t('title')}`;
}
