import {
  explainFailure,
  followSuggestion,
  type ParcelFeature,
  type ParcelList,
  parcelsAt,
  searchParcels,
} from './api.ts';
import { button, element } from './dom.ts';
import { formatArea, readPair } from './format.ts';
import { language, say, t } from './i18n.ts';

export interface SearchParts {
  readonly form: HTMLFormElement;
  readonly input: HTMLInputElement;
  readonly results: HTMLElement;
  /** CRS of coordinates in metres, e.g. `EPSG:9210`. */
  readonly crs: string;
  readonly onPick: (parcel: ParcelFeature) => void;
  /** Called with a point that was searched for, in degrees. */
  readonly onPoint: (lon: number, lat: number) => void;
}

/** Opens the search box. It accepts words, numbers or coordinates, and lists parcels or explains why there are none. */
export function openSearch(parts: SearchParts): void {
  const { form, input, results } = parts;
  let asking = new AbortController();
  const close = (): void => {
    results.hidden = true;
  };
  const show = (list: ParcelList): void => renderList(list, parts, ask, close);
  async function ask(question: () => Promise<ParcelList | ParcelFeature>): Promise<void> {
    asking.abort();
    const mine = new AbortController();
    asking = mine;
    tell(results, t('searching'));
    try {
      const answer = await question();
      if (!mine.signal.aborted) show('features' in answer ? answer : { features: [answer] });
    } catch (error) {
      if (!mine.signal.aborted) tell(results, explainFailure(error), 'error');
    }
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text === '') return tell(results, t('searchExample'));
    void ask(() => answerText(text, parts, asking.signal));
  });
  input.addEventListener('focus', () => {
    if (input.value === '') tell(results, t('searchExample'));
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') moveFocus(event, form);
  });
  document.addEventListener('pointerdown', (event) => {
    if (!form.contains(event.target as Node)) close();
  });
}

function answerText(text: string, { crs }: SearchParts, signal: AbortSignal): Promise<ParcelList> {
  const pair = readPair(text);
  if (!pair) return searchParcels(text, signal);
  return parcelsAt(pair.x, pair.y, pair.degrees ? 'CRS84' : crs);
}

function tell(results: HTMLElement, text: string, kind = 'note'): void {
  results.replaceChildren(element('p', { class: kind }, text));
  results.hidden = false;
}

function renderList(
  list: ParcelList,
  { results, onPick, onPoint }: SearchParts,
  ask: (question: () => Promise<ParcelList | ParcelFeature>) => Promise<void>,
  close: () => void,
): void {
  const { features, message, suggestions, understood } = list;
  const choose = (parcel: ParcelFeature): void => {
    close();
    onPick(parcel);
  };
  if (understood?.point) onPoint(understood.point.lon, understood.point.lat);
  const heading =
    features.length > 0
      ? `${t('found')} ${features.length} ${t('parcelsUnit')}`
      : message
        ? say(message)
        : t('noneFound');
  results.replaceChildren(
    element('p', { class: features.length > 0 ? 'note' : 'error' }, heading),
    element('ul', {}, ...features.map((parcel) => element('li', {}, resultButton(parcel, choose)))),
  );
  if (suggestions?.length) {
    const items = suggestions.map(({ label, href }) =>
      element(
        'li',
        {},
        button(say(label), () => void ask(() => followSuggestion(href))),
      ),
    );
    results.append(element('p', { class: 'note' }, t('tryThis')), element('ul', {}, ...items));
  }
  results.hidden = false;
  if (features.length === 1 && features[0]) choose(features[0]);
}

function resultButton(parcel: ParcelFeature, choose: (parcel: ParcelFeature) => void): HTMLElement {
  const { sheet, number, unit, uses, legalAreaM2, formerly, matched } = parcel.properties;
  const item = button('', () => choose(parcel));
  const codes = uses.map(({ code }) => code).join('+');
  const area = legalAreaM2 === null ? undefined : formatArea(legalAreaM2, language());
  const old = matched === 'former' ? formerly[0] : undefined;
  item.replaceChildren(
    element('strong', {}, `${t('parcel')} ${number}, ${t('sheet')} ${sheet}`),
    element('span', {}, ` ${unit.name}`),
    element('small', {}, [codes, area].filter(Boolean).join(' · ')),
    old
      ? element(
          'small',
          {},
          `${t('formerly')}: ${t('parcel')} ${old.number}, ${t('sheet')} ${old.sheet}, ${old.unit.name}`,
        )
      : '',
  );
  return item;
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
