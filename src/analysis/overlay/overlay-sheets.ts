import type { Language } from '../../lib/errors.ts';
import { coverageSheet } from '../coverage/coverage-sheet.ts';
import type { ResultSheet } from '../process.ts';
import type { OverlayValues } from './outputs.ts';

const WORDS = {
  vi: {
    themes: ['Chủ đề', 'Kết luận'],
    summary: 'Tổng hợp',
    rows: 'Chi tiết',
    columns: [
      'Chủ đề',
      'Ký hiệu',
      'Tên',
      'Diện tích (m²)',
      '%',
      'Cách (m)',
      'Số đối tượng',
      'Quyết định',
      'Thời kỳ',
      'Căn cứ',
      'Tình trạng căn cứ',
    ],
  },
  en: {
    themes: ['Theme', 'Conclusion'],
    summary: 'Summary',
    rows: 'Rows',
    columns: [
      'Theme',
      'Code',
      'Name',
      'Area (m²)',
      '%',
      'Distance (m)',
      'Features',
      'Decision',
      'Period',
      'Basis',
      'Status of the basis',
    ],
  },
};

const TYPES = [
  'string',
  'string',
  'string',
  'number',
  'number',
  'number',
  'integer',
  'string',
  'string',
  'string',
  'string',
] as const;

/** Returns the sheets of an overlay: the state of each theme, the rows, the coverage. */
export function overlaySheets({ themes, rows, coverage }: OverlayValues, language: Language): readonly ResultSheet[] {
  const words = WORDS[language];
  const titles = new Map(themes.map(({ theme, title }) => [theme, title[language]]));
  return [
    {
      title: words.summary,
      columns: words.themes.map((title) => ({ title, type: 'string', width: 32 })),
      rows: themes.map(({ title, stateText }) => [title[language], stateText[language]]),
    },
    {
      title: words.rows,
      columns: words.columns.map((title, index) => ({ title, type: TYPES[index] ?? 'string' })),
      rows: rows.map((row) => [
        ...[titles.get(row.theme) ?? row.theme, row.code, row.name[language], row.areaM2, row.percent],
        ...[row.distanceM ?? null, row.count, row.decision, row.period, row.basis],
        row.basisStatusText?.[language] ?? null,
      ]),
    },
    coverageSheet(coverage, language),
  ];
}
