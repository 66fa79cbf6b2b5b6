import { explainFailure } from './api.ts';
import { button, element } from './dom.ts';
import { formatNumber } from './format.ts';
import { PARCELS } from './hits.ts';
import { language, say, t } from './i18n.ts';
import type { FeatureName } from './link.ts';
import { parcelTitle } from './picked.ts';
import { type CornerPolygon, type OtherQuestion, type SearchAnswer, type SearchHit, search } from './search-api.ts';

/** Letters from which the box asks while a person types, and how long it waits for the next letter. */
const FIRST_LETTERS = 3;
const PAUSE_MS = 250;
/** Square metres below which a parcel only touches a polygon: a strip of centimetres. */
const TOUCH_M2 = 0.5;

export interface SearchParts {
  readonly form: HTMLFormElement;
  readonly input: HTMLInputElement;
  readonly results: HTMLElement;
  /** Called with the features of a chosen hit. */
  readonly onFeature: (feature: FeatureName) => void;
  /** Called with the place of a chosen hit that is no feature, or has several. */
  readonly onPlace: (hit: SearchHit) => void;
  readonly onPolygon: (geometry: GeoJSON.Geometry) => void;
}

/** Opens the search box. It asks while a person types, and lists hits or explains why there are none. */
export function openSearch(parts: SearchParts): void {
  const { form, input, results } = parts;
  let asking = new AbortController();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  /** A pasted list of several lines, which the box itself cannot hold. */
  let pasted: string | undefined;
  const close = (): void => {
    results.hidden = true;
  };
  const ask = async (text: string, isFinal: boolean): Promise<void> => {
    clearTimeout(waiting);
    asking.abort();
    const mine = new AbortController();
    asking = mine;
    if (isFinal) tell(results, t('searching'));
    try {
      const answer = await search(text, mine.signal);
      const again = (q: string) => void ask(q, true);
      if (!mine.signal.aborted) renderAnswer(answer, { ...parts, close, again, isFinal });
    } catch (error) {
      if (!mine.signal.aborted) tell(results, explainFailure(error), 'error');
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = pasted ?? input.value.trim();
    if (text === '') return tell(results, t('searchExample'));
    void ask(text, true);
  });
  input.addEventListener('input', () => {
    pasted = undefined;
    clearTimeout(waiting);
    const text = input.value.trim();
    if (text.length >= FIRST_LETTERS) waiting = setTimeout(() => void ask(text, false), PAUSE_MS);
    else close();
  });
  input.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text') ?? '';
    if (!text.trim().includes('\n')) return;
    event.preventDefault();
    pasted = text;
    input.value = inOneLine(text);
    void ask(text, true);
  });
  input.addEventListener('focus', () => {
    if (input.value === '') tell(results, t('searchExample'));
  });
  leaveBy(form, close);
}

/** Moves by arrow keys; Escape, and a click elsewhere, close the results. */
function leaveBy(form: HTMLFormElement, close: () => void): void {
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') moveFocus(event, form);
  });
  document.addEventListener('pointerdown', (event) => {
    if (!form.contains(event.target as Node)) close();
  });
}

/** Returns a list of several lines as the box can show it. */
function inOneLine(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, ' | ')
    .slice(0, 200);
}

function tell(results: HTMLElement, text: string, kind = 'note'): void {
  results.replaceChildren(element('p', { class: kind }, text));
  results.hidden = false;
}

interface Shown extends SearchParts {
  readonly close: () => void;
  readonly again: (q: string) => void;
  /** True if the person asked; false while they type. */
  readonly isFinal: boolean;
}

function renderAnswer(answer: SearchAnswer, shown: Shown): void {
  const { hits, numberMatched, message, didYouMean = [], suggestions = [], polygon } = answer;
  const choose = (hit: SearchHit): void => {
    shown.close();
    const [id] = hit.ids;
    if (hit.collection && id !== undefined && hit.ids.length === 1) shown.onFeature({ layer: hit.collection, id });
    else shown.onPlace(hit);
  };
  const count = `${t('found')} ${formatNumber(numberMatched, language(), 0)}`;
  const heading = message ? say(message) : hits.length > 0 ? count : t('noneFound');
  shown.results.replaceChildren(
    element('p', { class: hits.length > 0 ? 'note' : 'error' }, heading),
    ...questions(t('didYouMean'), didYouMean, shown.again),
    ...(polygon ? [renderPolygon(polygon, shown)] : []),
    ...(polygon ? [] : [element('ul', {}, ...hits.map((hit) => element('li', {}, hitButton(hit, choose))))]),
    ...questions(t('tryThis'), suggestions, shown.again),
  );
  shown.results.hidden = false;
  if (!shown.isFinal) return;
  if (polygon) shown.onPolygon(polygon.geometry);
  else if (hits.length === 1 && hits[0] && didYouMean.length === 0) choose(hits[0]);
}

function questions(title: string, list: readonly OtherQuestion[], again: (q: string) => void): HTMLElement[] {
  if (list.length === 0) return [];
  const items = list.map(({ label, q }) =>
    element(
      'li',
      {},
      button(say(label), () => again(q)),
    ),
  );
  return [element('p', { class: 'note' }, title), element('ul', {}, ...items)];
}

function hitButton(hit: SearchHit, choose: (hit: SearchHit) => void): HTMLElement {
  const item = button('', () => choose(hit));
  item.replaceChildren(element('strong', {}, say(hit.title)), element('small', {}, say(hit.subtitle)));
  return item;
}

/** Lists the parcels under the corners of a list. Those that only touch it are counted. */
function renderPolygon({ parcels }: CornerPolygon, { close, onFeature }: Shown): HTMLElement {
  const number = (value: number) => formatNumber(value, language());
  const under = parcels.filter(({ areaM2 }) => areaM2 >= TOUCH_M2);
  const items = under.map(({ id, number: name, sheet, unit, areaM2, percentOfPolygon, percentOfParcel }) => {
    const share = `${number(areaM2)} m² · ${number(percentOfPolygon)}% ${t('ofPolygon')} · ${number(percentOfParcel)}% ${t('ofParcel')}`;
    const item = button('', () => {
      close();
      onFeature({ layer: PARCELS, id: String(id) });
    });
    item.replaceChildren(
      element('strong', {}, parcelTitle({ sheet, number: name })),
      element('small', {}, `${unit} · ${share}`),
    );
    return element('li', {}, item);
  });
  const touching = parcels.length - under.length;
  return element(
    'div',
    {},
    element('ul', {}, ...items),
    touching > 0 ? element('p', { class: 'note' }, `${t('touchingParcels')}: ${touching}`) : undefined,
  );
}

/** Moves the focus by arrow keys from the box through the results. */
function moveFocus(event: KeyboardEvent, form: HTMLElement): void {
  const stops = [...form.querySelectorAll<HTMLElement>('input, .results button')];
  const now = stops.indexOf(document.activeElement as HTMLElement);
  const next = stops[now + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
