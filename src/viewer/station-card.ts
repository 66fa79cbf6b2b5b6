import { explainFailure } from './api.ts';
import { type CardActions, cardActions } from './card-actions.ts';
import { element } from './dom.ts';
import { formatInstant, formatNumber } from './format.ts';
import { language, say, t } from './i18n.ts';
import { kindName } from './kinds.ts';
import { averagingName, seriesFigure } from './series-figure.ts';
import { type Assessed, readSeries, type Station, type StationParameter } from './station-api.ts';

/** Renders a monitoring station: one of three states, each parameter, and the series of one of them. */
export function stationCard(station: Station, actions: CardActions): HTMLElement {
  const { code, name, kind, observedAt, isStale, aqi, parameters } = station;
  const figure = element('div', { class: 'series', 'aria-live': 'polite' });
  return element(
    'article',
    { class: 'card' },
    element('h2', {}, name),
    element('p', { class: 'subtitle' }, `${kindName(kind)} · ${code}`),
    ...(kind === 'air' ? [aqiBadge(aqi)] : []),
    assessment(station.assessment),
    element(
      'p',
      { class: isStale ? 'doubt' : 'note' },
      observedAt ? `${t('observedAt')} ${formatInstant(observedAt, language())}` : t('neverObserved'),
      isStale ? ` – ${t('stale')}` : undefined,
    ),
    cardActions(actions),
    ...(parameters.length > 0 ? [parameterTable(parameters), seriesChoice(parameters, figure), figure] : []),
  );
}

function aqiBadge(aqi: Station['aqi']): HTMLElement {
  const hourly = aqi?.hourly;
  if (!hourly) return element('p', { class: 'note' }, t('aqiMissing'));
  const badge = element(
    'p',
    { class: 'aqi' },
    element('strong', {}, hourly.index),
    ` ${t('aqi')} · ${say(hourly.class)}`,
  );
  badge.style.borderColor = hourly.colour;
  return badge;
}

const LOOKS = { exceeded: 'alert', within: 'fine', not_assessed: 'note' } as const;

function assessment({ state, title, why, since, exceeded, compared }: Station['assessment']): HTMLElement {
  const named = state === 'exceeded' ? exceeded : compared;
  return element(
    'p',
    { class: LOOKS[state] },
    say(title),
    named.length > 0 ? `: ${named.join(', ')}` : undefined,
    why ? ` (${say(why)})` : undefined,
    since ? `; ${t('since')} ${formatInstant(since, language())}` : undefined,
  );
}

function parameterTable(parameters: readonly StationParameter[]): HTMLElement {
  const heads = [t('parameter'), t('value'), t('state')].map((text, index) =>
    element('th', { scope: 'col', class: index === 1 ? 'number' : undefined }, text),
  );
  const rows = parameters.map((each) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, each.code),
      element('td', { class: 'number' }, measuredText(each)),
      element('td', { class: LOOKS[each.state] }, stateOf(each), ...limitsOf(each)),
    ),
  );
  return element(
    'table',
    {},
    element('caption', {}, t('latestValues')),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  );
}

function measuredText({ value, unit }: StationParameter): string {
  if (value === null) return '–';
  return `${formatNumber(value, language(), 2)}${unit === '-' ? '' : ` ${unit}`}`;
}

/** Renders the averages that are over their limits, each with the limit. */
function limitsOf({ limits }: StationParameter): HTMLElement[] {
  const words = limits
    .filter(({ state }) => state === 'exceeded')
    .map(({ averaging, value, minimum, maximum }) => {
      const isBelow = minimum !== null && value !== null && value < minimum;
      const [measured, limit] = [value ?? 0, (isBelow ? minimum : maximum) ?? 0].map((each) =>
        formatNumber(each, language(), Number.isInteger(each) ? 0 : 1),
      );
      return `${averagingName(averaging)}: ${measured} ${isBelow ? '<' : '>'} ${limit}`;
    });
  return words.length > 0 ? [element('small', {}, words.join('; '))] : [];
}

function stateOf({ title, why, since }: Assessed): string {
  const more = since ? `, ${t('since')} ${formatInstant(since, language())}` : why ? ` (${say(why)})` : '';
  return `${say(title)}${more}`;
}

/** Renders the choice of a parameter; what exceeds its limit is chosen at first. */
function seriesChoice(parameters: readonly StationParameter[], figure: HTMLElement): HTMLElement {
  const first = parameters.find(({ state }) => state === 'exceeded') ?? parameters[0];
  const options = parameters.map(({ code, name, series }) =>
    element('option', { value: series, selected: code === first?.code }, `${code} – ${say(name)}`),
  );
  const select = element('select', { id: 'series-choice' }, ...options);
  let asked = 0;
  const show = async (): Promise<void> => {
    asked += 1;
    const mine = asked;
    figure.replaceChildren(element('p', { class: 'note', role: 'status' }, t('loading')));
    const shown = await readSeries(select.value).then(seriesFigure, (error: unknown) => [
      element('p', { class: 'error' }, explainFailure(error)),
    ]);
    if (mine === asked) figure.replaceChildren(...shown);
  };
  select.addEventListener('change', () => void show());
  void show();
  return element('p', { class: 'buffer' }, element('label', { for: 'series-choice' }, t('series')), select);
}
