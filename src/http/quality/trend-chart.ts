import type { Language } from '../../lib/errors.ts';
import { DAY_MS } from '../../lib/time.ts';
import { type Html, html } from '../html/html.ts';
import { formatDay } from '../html/layout.ts';
import { lineChart } from '../html/line-chart.ts';
import type { QualityDocument } from './quality-shapes.ts';

const WORDS = {
  vi: {
    name: (aim: number) => `Điểm theo ngày (đường liền), mục tiêu ${aim}% (đường đứt)`,
    one: 'Biểu đồ có từ ngày thứ hai: mỗi ngày máy chủ ghi lại điểm một lần.',
    unknown: 'Chưa đủ số liệu để ước tính ngày sửa xong (cần ít nhất 7 ngày).',
    stalled: 'Bốn tuần qua số lỗi không giảm, nên chưa ước tính được ngày sửa xong.',
    done: 'Không còn lỗi nào.',
    measured: (days: number) => `Với tốc độ của bốn tuần qua, sửa hết lỗi sau khoảng ${days} ngày nữa.`,
  },
  en: {
    name: (aim: number) => `Score by day (solid line), the aim of ${aim} % (dashed)`,
    one: 'The chart begins on the second day: the server records the scores once a day.',
    unknown: 'Too few data for an estimate of the days left (at least 7 days are needed).',
    stalled: 'Findings have not become fewer in four weeks, so that there is no estimate of the days left.',
    done: 'No finding is left.',
    measured: (days: number) => `At the pace of the last four weeks all findings are mended in about ${days} days.`,
  },
};

/** Scores between which most lie, so that a chart shows their differences. */
const SPAN = [70, 100];

/** Draws the scores by day with the aim, and tells the days left to mend. */
export function trendChart({ trend, lines }: Pick<QualityDocument, 'trend' | 'lines'>, language: Language): Html {
  const words = WORDS[language];
  const { snapshots, state, daysLeft } = trend;
  const name = words.name(lines.aim);
  const days = snapshots.map(({ day }) => Date.parse(day));
  const chart = lineChart(
    {
      name,
      lines: [
        { values: snapshots.map(({ score }) => score), colour: '#0b5a4a', width: 2 },
        { values: snapshots.map(() => lines.aim), colour: '#5a6875', width: 1.5, dashes: '6 4' },
      ],
      labels: days.map((day) => formatDay(new Date(day).toISOString(), 'UTC', language).slice(0, 5)),
      places: days.map((day) => day / DAY_MS),
      span: SPAN,
    },
    language,
  );
  const pace = state === 'measured' ? words.measured(daysLeft ?? 0) : words[state];
  return html`${snapshots.length > 1 ? html`<p class="quiet">${name}</p>${chart}` : html`<p>${words.one}</p>`}<p>${pace}</p>`;
}
