import { explainFailure, read } from './api.ts';
import { element } from './dom.ts';
import { formatNumber } from './format.ts';
import { language, say, type Text, t } from './i18n.ts';

/** A part of a place by a plan, a corridor or a unit. Rows of one plan add up to the place. */
export interface ZoneRow {
  readonly theme: string;
  readonly kind: 'zone' | 'overlap' | 'slivers' | 'uncovered' | 'near';
  readonly plan: string | null;
  readonly code: string | null;
  readonly name: Text;
  readonly areaM2: number;
  readonly percent: number;
  readonly distanceM?: number;
  readonly decision: string | null;
  readonly period: string | null;
  readonly basis: string | null;
  readonly basisStatusText: Text | null;
}

/** The answer of `overlay`, and of the zones of a parcel. */
export interface Zones {
  readonly themes: readonly { readonly theme: string; readonly title: Text; readonly stateText: Text }[];
  readonly rows: readonly ZoneRow[];
  readonly coverage: readonly { readonly sentence?: Text }[];
  readonly notes: readonly Text[];
}

/** Renders the plans and corridors of a parcel; it fills in when the server has answered. */
export function parcelZones(id: number): HTMLElement {
  const section = element('section', { class: 'zones', 'aria-live': 'polite' });
  const write = (...parts: HTMLElement[]): void => section.replaceChildren(element('h3', {}, t('zones')), ...parts);
  write(element('p', { class: 'note', role: 'status' }, t('loading')));
  read<Zones>(`/parcels/${id}/zones`)
    .then((zones) => write(...zoneParts(zones)))
    .catch((error: unknown) => write(element('p', { class: 'error' }, `${t('zonesFailed')} ${explainFailure(error)}`)));
  return section;
}

/** Renders each theme: its rows with m² and %, or one line that says why there are none. */
export function zoneParts({ themes, rows, coverage, notes }: Zones): HTMLElement[] {
  const texts = [...coverage.flatMap(({ sentence }) => sentence ?? []), ...notes];
  return [
    ...themes.map(({ theme, title, stateText }) => {
      const own = rows.filter((row) => row.theme === theme);
      if (own.length > 0) return themeTable(say(title), own);
      return element('p', { class: 'theme' }, element('strong', {}, say(title)), `: ${say(stateText)}`);
    }),
    ...texts.map((each) => element('p', { class: 'note' }, say(each))),
  ];
}

function themeTable(title: string, rows: readonly ZoneRow[]): HTMLElement {
  const lines = rows.map((row) => {
    const number = (value: number, digits: number) => formatNumber(value, language(), digits);
    const isNear = row.kind === 'near';
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, ...nameParts(row)),
      element('td', { class: 'number' }, isNear ? `${number(row.distanceM ?? 0, 0)} m` : number(row.areaM2, 1)),
      element('td', { class: 'number' }, isNear ? t('distanceAway') : `${number(row.percent, 1)}%`),
    );
  });
  const heads = [t('zoneName'), 'm²', t('share')].map((text, index) =>
    element('th', { scope: 'col', class: index > 0 ? 'number' : undefined }, text),
  );
  return element(
    'table',
    {},
    element('caption', {}, title),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...lines),
  );
}

/** A code of a plan is what people know a zone by; other codes are the database's own. */
function nameParts({ plan, code, name, kind, decision, period, basis, basisStatusText }: ZoneRow): (Node | string)[] {
  const source = [decision ?? basis, period, basisStatusText && say(basisStatusText)].filter(Boolean).join(' · ');
  const isCoded = plan !== null && code !== null && kind === 'zone';
  return [
    ...(isCoded ? [element('abbr', {}, code), ' '] : []),
    say(name),
    ...(source === '' ? [] : [element('small', {}, source)]),
  ];
}
