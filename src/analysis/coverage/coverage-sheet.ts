import type { Language } from '../../lib/errors.ts';
import type { ResultSheet } from '../process.ts';
import type { Coverage } from './coverage-schema.ts';

const COVERAGE_TITLES = {
  vi: { title: 'Độ phủ dữ liệu', columns: ['Lớp', '% vùng có dữ liệu', 'Cũ nhất', 'Mới nhất', 'Lưu ý'] },
  en: { title: 'Coverage', columns: ['Layer', '% of the area with data', 'Oldest', 'Newest', 'Note'] },
} as const;

/** Returns the sheet of the coverage of an answer. */
export function coverageSheet(coverage: readonly Coverage[], language: Language): ResultSheet {
  const { title, columns } = COVERAGE_TITLES[language];
  const [layer, percent, oldest, newest, note] = columns;
  return {
    title,
    columns: [
      { title: layer, type: 'string', width: 32 },
      { title: percent, type: 'number' },
      { title: oldest, type: 'date' },
      { title: newest, type: 'date' },
      { title: note, type: 'string', width: 80 },
    ],
    rows: coverage.map((each) => [
      each.title[language],
      each.percent,
      each.oldest,
      each.newest,
      each.sentence?.[language] ?? null,
    ]),
  };
}
