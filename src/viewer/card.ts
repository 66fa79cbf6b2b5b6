import type { ParcelFeature } from './api.ts';
import { type CardActions, cardActions } from './card-actions.ts';
import { element } from './dom.ts';
import { formatArea, formatDate, formatNumber } from './format.ts';
import { language, t } from './i18n.ts';
import type { Word } from './page-words.ts';
import { parcelTitle } from './picked.ts';
import { parcelZones } from './zones-section.ts';

type Row = readonly [word: Word, value: string | Node | undefined];

/** Renders a parcel's card. */
export function parcelCard(parcel: ParcelFeature, actions: CardActions): HTMLElement {
  const { sheet, number, unit, uses, legalAreaM2, measuredAreaM2, ...more } = parcel.properties;
  const difference = legalAreaM2 !== null && measuredAreaM2 !== null ? measuredAreaM2 - legalAreaM2 : undefined;
  const formerly = more.formerly.map((each) =>
    element(
      'li',
      {},
      `${t('parcel')} ${each.number}, ${t('sheet')} ${each.sheet} – ${each.unit.name}`,
      each.until ? ` (${t('until')} ${formatDate(each.until, language())})` : undefined,
    ),
  );
  return element(
    'article',
    { class: 'card' },
    element('h2', {}, parcelTitle({ sheet, number })),
    element('p', { class: 'subtitle' }, unit.name),
    cardActions(actions),
    usesTable(uses),
    parcelZones(parcel.id),
    list([
      ['legalArea', legalAreaM2 === null ? '–' : formatArea(legalAreaM2, language())],
      ['measuredArea', measuredAreaM2 === null ? '–' : formatArea(measuredAreaM2, language())],
      [
        'difference',
        difference === undefined ? undefined : `${difference > 0 ? '+' : ''}${formatNumber(difference, language())} m²`,
      ],
      ['address', more.address ?? undefined],
      ['formerly', formerly.length > 0 ? element('ul', {}, ...formerly) : undefined],
      ['status', t(more.status)],
      ['surveyedOn', more.surveyedOn ? formatDate(more.surveyedOn, language()) : undefined],
      ['nationalId', more.nationalId ? element('code', {}, more.nationalId) : undefined],
    ]),
    element('p', { class: 'note' }, t('reference')),
  );
}

function usesTable(uses: ParcelFeature['properties']['uses']): HTMLElement {
  const rows = uses.map((use) =>
    element(
      'tr',
      {},
      element(
        'th',
        { scope: 'row' },
        chip(use.colour),
        element('abbr', {}, use.code),
        ` ${language() === 'vi' ? use.nameVi : use.nameEn}`,
      ),
      element('td', { class: 'number' }, use.areaM2 === null ? '–' : `${formatNumber(use.areaM2, language())} m²`),
    ),
  );
  return element('table', { class: 'uses' }, element('caption', {}, t('uses')), element('tbody', {}, ...rows));
}

/** Renders a small square in the colour of a land use. */
export function chip(colour: string): HTMLElement {
  const created = element('span', { class: 'chip' });
  created.style.background = colour;
  return created;
}

function list(rows: readonly Row[]): HTMLElement {
  const shown = rows.filter(([, value]) => value !== undefined);
  return element('dl', {}, ...shown.flatMap(([word, value]) => [element('dt', {}, t(word)), element('dd', {}, value)]));
}
