import type { ParcelFeature } from './api.ts';
import { button, element } from './dom.ts';
import { formatArea, formatDate, formatInstant, formatNumber } from './format.ts';
import { language, t, type Word } from './i18n.ts';

type Row = readonly [word: Word, value: string | Node | undefined];

/** Buttons under a card. */
export interface CardActions {
  readonly zoom: () => void;
  readonly buffer: () => void;
  /** URL that opens the map at this parcel. */
  readonly link: string;
}

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
    element('h2', {}, `${t('parcel')} ${number}, ${t('sheet')} ${sheet}`),
    element('p', { class: 'subtitle' }, unit.name),
    usesTable(uses),
    list([
      ['legalArea', legalAreaM2 === null ? '–' : formatArea(legalAreaM2, language())],
      ['measuredArea', measuredAreaM2 === null ? '–' : formatArea(measuredAreaM2, language())],
      [
        'difference',
        difference === undefined ? undefined : `${difference > 0 ? '+' : ''}${formatNumber(difference, language())} m²`,
      ],
      ['address', more.address ?? undefined],
      ['unitNow', `${unit.name} (${unit.code})`],
      ['formerly', formerly.length > 0 ? element('ul', {}, ...formerly) : undefined],
      ['status', t(more.status)],
      ['surveyedOn', more.surveyedOn ? formatDate(more.surveyedOn, language()) : undefined],
      ['nationalId', more.nationalId ? element('code', {}, more.nationalId) : undefined],
    ]),
    element(
      'div',
      { class: 'actions' },
      button(t('zoomTo'), actions.zoom),
      button(t('bufferThis'), actions.buffer),
      copyButton(actions.link),
    ),
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

function copyButton(link: string): HTMLElement {
  const created = button(t('copyLink'), () => {
    const said = (): void => {
      created.textContent = t('copied');
      setTimeout(() => {
        created.textContent = t('copyLink');
      }, 2000);
    };
    // Outside https and localhost there is no clipboard, so the link is shown for copying by hand.
    if (navigator.clipboard) void navigator.clipboard.writeText(link).then(said);
    else window.prompt(t('copyLink'), link);
  });
  return created;
}

function list(rows: readonly Row[]): HTMLElement {
  const shown = rows.filter(([, value]) => value !== undefined);
  return element('dl', {}, ...shown.flatMap(([word, value]) => [element('dt', {}, t(word)), element('dd', {}, value)]));
}

type Properties = Readonly<Record<string, unknown>>;

function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

/** Returns the display name of a kind or plan. */
export function kindName(kind: string): string {
  return KINDS[kind]?.[language() === 'vi' ? 0 : 1] ?? kind;
}

const KINDS: Readonly<Record<string, readonly [vi: string, en: string]>> = {
  air: ['Không khí xung quanh', 'Ambient air'],
  surface_water: ['Nước mặt', 'Surface water'],
  groundwater: ['Nước dưới đất', 'Groundwater'],
  wastewater: ['Nước thải', 'Wastewater'],
  stack: ['Khí thải ống khói', 'Stack emission'],
  noise: ['Tiếng ồn', 'Noise'],
  emission: ['Khí thải', 'Emission'],
  landfill: ['Bãi chôn lấp', 'Landfill'],
  incinerator: ['Lò đốt rác', 'Incinerator'],
  transfer: ['Trạm trung chuyển', 'Transfer station'],
  hazardous: ['Chất thải nguy hại', 'Hazardous waste'],
  composting: ['Nhà máy làm phân bón', 'Composting plant'],
  water: ['Hành lang bảo vệ nguồn nước', 'Water protection corridor'],
  road: ['Hành lang an toàn đường bộ', 'Road safety corridor'],
  power: ['Hành lang an toàn lưới điện', 'Power line corridor'],
  rail: ['Hành lang an toàn đường sắt', 'Railway corridor'],
  environment: ['Khoảng cách an toàn môi trường', 'Environmental safety distance'],
  land_use: ['Quy hoạch sử dụng đất', 'Land-use plan'],
  construction: ['Quy hoạch xây dựng', 'Construction plan'],
};

function kindOf(properties: Properties): string | undefined {
  const kind = textOf(properties, 'kind') ?? textOf(properties, 'plan');
  return kind && kindName(kind);
}

/** Renders a monitoring station's card from the properties in its tile. */
export function stationCard(properties: Properties): HTMLElement {
  const aqi = textOf(properties, 'aqi');
  const observed = textOf(properties, 'observed_at');
  return element(
    'article',
    { class: 'card' },
    element('h2', {}, textOf(properties, 'name') ?? t('station')),
    element('p', { class: 'subtitle' }, kindOf(properties) ?? t('station')),
    aqi
      ? aqiBadge(aqi, properties)
      : properties.kind === 'air'
        ? element('p', { class: 'note' }, t('aqiMissing'))
        : undefined,
    assessment(properties),
    list([
      ['code', textOf(properties, 'code')],
      ['observedAt', observed && formatInstant(observed, language())],
    ]),
  );
}

/** Renders one of three states, since "nothing compared" differs from "nothing exceeded". */
function assessment(properties: Properties): HTMLElement {
  const exceeded = textOf(properties, 'exceeded');
  const compared = textOf(properties, 'compared');
  if (exceeded) return element('p', { class: 'alert' }, `${t('exceeded')}: ${exceeded}`);
  if (compared) return element('p', { class: 'fine' }, `${t('exceededNone')}: ${compared}`);
  return element('p', { class: 'note' }, t('notAssessed'));
}

function aqiBadge(aqi: string, properties: Properties): HTMLElement {
  const badge = element(
    'p',
    { class: 'aqi' },
    element('strong', {}, aqi),
    ` ${t('aqi')} · ${textOf(properties, `aqi_class_${language()}`) ?? ''}`,
  );
  const colour = textOf(properties, 'aqi_colour');
  if (colour) badge.style.borderColor = colour;
  return badge;
}

/** Renders the card of any other clickable feature. */
export function featureCard(properties: Properties): HTMLElement {
  const measure = (name: string, unit: string): string | undefined => {
    const value = Number(properties[name] ?? Number.NaN);
    return Number.isNaN(value)
      ? undefined
      : `${formatNumber(value, language(), Number.isInteger(value) ? 0 : 1)} ${unit}`;
  };
  const perDay = language() === 'vi' ? 'ngày' : 'day';
  return element(
    'article',
    { class: 'card' },
    element('h2', {}, textOf(properties, 'name') ?? kindOf(properties)),
    element('p', { class: 'subtitle' }, kindOf(properties)),
    list([
      ['code', textOf(properties, 'zone_code')],
      ['uses', textOf(properties, 'land_use_code')],
      ['period', textOf(properties, 'period')],
      ['decision', textOf(properties, 'decision')],
      ['flow', measure('flow_m3_day', `m³/${perDay}`)],
      ['receivingWater', textOf(properties, 'receiving_water')],
      ['capacity', measure('capacity_t_day', `t/${perDay}`)],
      ['width', measure('distance_m', 'm')],
    ]),
  );
}
