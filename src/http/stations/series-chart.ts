import type { Language } from '../../lib/errors.ts';
import type { Series } from '../../stations/station.ts';
import type { Html } from '../html/html.ts';
import { lineChart } from '../html/line-chart.ts';
import { localText } from './time-parameter.ts';

const LIMIT = { colour: '#b00020', width: 1.5, dashes: '6 4' } as const;

/**
 * Draws a series as SVG: the values with gaps where there are none, and the limits as steps. Values over their limit
 * have dots. Returns undefined if there is no value.
 */
export function seriesChart({ values, parameter, average }: Series, language: Language): Html | undefined {
  const lines = [
    { values: values.map(({ value }) => value), colour: '#0b5a4a', width: 1.8 },
    { values: values.map(({ maximum }) => maximum), ...LIMIT },
    { values: values.map(({ minimum }) => minimum), ...LIMIT },
  ];
  return lineChart(
    {
      name: `${parameter.code}, ${average}${parameter.unit === '-' ? '' : `, ${parameter.unit}`}`,
      lines,
      labels: values.map(({ at }) => shortMoment(at)),
      dots: {
        at: values.flatMap(({ value, state }, index) => (value !== null && state === 'exceeded' ? [index] : [])),
        colour: LIMIT.colour,
      },
      span: [0],
    },
    language,
  );
}

/** Returns the day without its year, and the time. */
function shortMoment(at: string): string {
  const [date = '', time = ''] = localText(at).split(' ');
  return `${date.slice(0, 5)} ${time}`;
}
