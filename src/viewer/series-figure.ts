import { element } from './dom.ts';
import { formatInstant, formatNumber } from './format.ts';
import { language, say, t } from './i18n.ts';
import type { Series, SeriesValue } from './station-api.ts';

const WIDTH = 320;
const HEIGHT = 150;
const LEFT = 40;
const BOTTOM = 18;
const TOP = 8;
const NAMESPACE = 'http://www.w3.org/2000/svg';

type Read = (value: SeriesValue) => number | null;

/** Maps the index of a value, and a value, to pixels. */
interface Scale {
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
  readonly highest: number;
}

/** Returns the name of an averaging period: `24h` is "trung bình 24 giờ". */
export function averagingName(averaging: string): string {
  const [, hours] = /^(\d+)h$/.exec(averaging) ?? [];
  return hours ? `${t('average')} ${hours} ${t('hours')}` : t(averaging === 'year' ? 'averageYear' : 'singleValue');
}

/** Renders a series: a chart with its limits, and the same values as a table. */
export function seriesFigure({ parameter, average, values }: Series): HTMLElement[] {
  const measured = values.filter(({ value }) => value !== null);
  if (measured.length === 0) return [element('p', { class: 'note' }, t('noValues'))];
  const unit = parameter.unit === '-' ? '' : ` (${parameter.unit})`;
  const title = `${say(parameter.name)}${unit}, ${averagingName(average)}`;
  const hasLimit = values.some(({ minimum, maximum }) => minimum !== null || maximum !== null);
  const rows = measured
    .toReversed()
    .map(({ at, value, state }) =>
      element(
        'tr',
        { class: state === 'exceeded' ? 'alert' : undefined },
        element('th', { scope: 'row' }, formatInstant(at, language())),
        element('td', { class: 'number' }, formatNumber(value ?? 0, language(), 2)),
      ),
    );
  const table = element('table', {}, element('caption', {}, title), element('tbody', {}, ...rows));
  return [
    element(
      'figure',
      {},
      chart(values, title),
      element('figcaption', { class: 'note' }, hasLimit ? `${title}; ${t('dashedLimit')}` : title),
    ),
    element('details', {}, element('summary', {}, t('asTable')), table),
  ];
}

function chart(values: readonly SeriesValue[], title: string): SVGElement {
  const scale = fit(values);
  const { x, y, highest } = scale;
  const picture = shape('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': title, class: 'chart' });
  for (const value of [0, highest / 2, highest]) {
    picture.append(shape('path', { d: `M${LEFT} ${y(value)}H${WIDTH}`, class: 'grid' }));
    const digits = highest < 10 ? 1 : 0;
    const words = formatNumber(value, language(), digits);
    picture.append(shape('text', { x: LEFT - 5, y: y(value) + 3, 'text-anchor': 'end' }, words));
  }
  const ends = [0, values.length - 1].map((index) => [index, values[index]?.at ?? ''] as const);
  for (const [index, at] of ends) {
    const anchor = index === 0 ? 'start' : 'end';
    const words = formatInstant(at, language()).slice(0, language() === 'vi' ? 5 : 10);
    picture.append(shape('text', { x: x(index), y: HEIGHT - 4, 'text-anchor': anchor }, words));
  }
  const limits: readonly Read[] = [({ maximum }) => maximum, ({ minimum }) => minimum];
  for (const limit of limits) picture.append(shape('path', { d: path(values, limit, scale), class: 'limit' }));
  picture.append(shape('path', { d: path(values, ({ value }) => value, scale), class: 'values' }));
  return picture;
}

function fit(values: readonly SeriesValue[]): Scale {
  const shown = values.flatMap(({ value, minimum, maximum }) => [value ?? 0, minimum ?? 0, maximum ?? 0]);
  const highest = Math.max(...shown) * 1.05 || 1;
  const across = (WIDTH - LEFT) / Math.max(values.length - 1, 1);
  return {
    highest,
    x: (index) => rounded(LEFT + index * across),
    y: (value) => rounded(TOP + (1 - value / highest) * (HEIGHT - TOP - BOTTOM)),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Returns a path through the values, interrupted where there are none. */
function path(values: readonly SeriesValue[], readValue: Read, { x, y }: Scale): string {
  let isDrawing = false;
  return values
    .map((each, index) => {
      const value = readValue(each);
      const command = isDrawing ? 'L' : 'M';
      isDrawing = value !== null;
      return value === null ? '' : `${command}${x(index)} ${y(value)}`;
    })
    .join('');
}

function shape(tag: string, attributes: Readonly<Record<string, string | number>>, text?: string): SVGElement {
  const created = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, String(value));
  if (text !== undefined) created.textContent = text;
  return created;
}
