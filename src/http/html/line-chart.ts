import type { Language } from '../../lib/errors.ts';
import { type Html, html } from './html.ts';
import { shownNumber } from './layout.ts';

const CHART_WIDTH = 960;
const CHART_HEIGHT = 320;
const LEFT = 62;
const RIGHT = 14;
const TOP = 14;
const BOTTOM = 34;
/** Lines across the chart, and marks below it, at most. */
const LINES = 6;
const MARKS = 8;

/** A line of a chart: a value for each position, or null for a gap. */
export interface ChartLine {
  readonly values: readonly (number | null)[];
  readonly colour: string;
  readonly width: number;
  /** SVG `stroke-dasharray`; absent: a solid line. */
  readonly dashes?: string;
}

export interface LineChart {
  readonly name: string;
  readonly lines: readonly ChartLine[];
  /** Text below each position. */
  readonly labels: readonly string[];
  /** Places of the positions on the axis, ascending; absent: evenly spaced. */
  readonly places?: readonly number[];
  /** Positions of the first line with a dot, and the colour of dots. */
  readonly dots?: { readonly at: readonly number[]; readonly colour: string };
  /** Values that the axis shows at least. */
  readonly span: readonly number[];
}

/** Maps positions and values to pixels. */
interface ChartScale {
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Draws lines as SVG, with gaps where there are no values. Returns undefined if the first line has none. */
export function lineChart(chart: LineChart, language: Language): Html | undefined {
  const { name, lines, dots } = chart;
  const [first] = lines;
  if (!first || first.values.every((value) => value === null)) return undefined;
  const scale = fitScale(chart);
  return html`<svg class="chart" viewBox="0 0 ${CHART_WIDTH} ${CHART_HEIGHT}" role="img" aria-label="${name}">
<title>${name}</title>
${scale.ticks.map((tick) => tickLine(tick, scale, language))}
${marks(chart, scale)}
${lines.map((line) => drawLine(line, scale))}
${dots?.at.map((index) => html`<circle cx="${scale.x(index)}" cy="${scale.y(first.values[index] ?? 0)}" r="2.5" fill="${dots.colour}"/>`)}</svg>`;
}

function fitScale({ lines, labels, places, span }: LineChart): ChartScale {
  const shown = [...lines.flatMap(({ values }) => values).filter((each) => each !== null), ...span];
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const step = niceStep((high - low || 1) / (LINES - 1));
  const bottom = Math.floor(low / step) * step;
  const top = Math.max(Math.ceil(high / step) * step, bottom + step);
  const count = Math.round((top - bottom) / step);
  const placeOf = (index: number) => (places?.[index] ?? index) - (places?.[0] ?? 0);
  const across = (CHART_WIDTH - LEFT - RIGHT) / Math.max(placeOf(labels.length - 1), 1);
  return {
    x: (index) => tenth(LEFT + placeOf(index) * across),
    y: (value) => tenth(TOP + ((top - value) / (top - bottom)) * (CHART_HEIGHT - TOP - BOTTOM)),
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((bottom + index * step).toPrecision(12))),
  };
}

/** Returns the smallest of 1, 2, 5 times a power of ten that is not below the number. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function drawLine({ values, colour, width, dashes }: ChartLine, scale: ChartScale): Html {
  return html`<path d="${valuePath(values, scale)}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"${dashes !== undefined && html` stroke-dasharray="${dashes}"`}/>`;
}

/** Returns a path through the values, interrupted where there are none. A value between two gaps is a dot. */
function valuePath(values: readonly (number | null)[], { x, y }: ChartScale): string {
  let isDrawing = false;
  return values
    .map((value, index) => {
      const command = isDrawing ? 'L' : 'M';
      isDrawing = value !== null;
      if (value === null) return '';
      return command === 'M' ? `M${x(index)} ${y(value)}h.1` : `L${x(index)} ${y(value)}`;
    })
    .join('');
}

function tickLine(tick: number, { y }: ChartScale, language: Language): Html {
  return html`<path d="M${LEFT} ${y(tick)}H${CHART_WIDTH - RIGHT}" stroke="#d9dfe5"/>
<text x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${shownNumber(tick, language)}</text>`;
}

function marks({ labels }: LineChart, { x }: ChartScale): Html[] {
  const every = Math.ceil(labels.length / MARKS);
  return labels.flatMap((label, index) => {
    if (index % every !== 0) return [];
    const anchor = index === 0 ? 'start' : x(index) > CHART_WIDTH - 60 ? 'end' : 'middle';
    return [
      html`<path d="M${x(index)} ${CHART_HEIGHT - BOTTOM}v5" stroke="#5a6875"/>
<text x="${x(index)}" y="${CHART_HEIGHT - BOTTOM + 20}" text-anchor="${anchor}">${label}</text>`,
    ];
  });
}
