import type { Language } from '../../lib/errors.ts';
import type { WorkbookSheet } from '../../transfer/office/office-request.ts';
import type { QualityDocument } from './quality-shapes.ts';
import { unitName } from './score-words.ts';

/** A value of the sheet of rules. */
export type RuleColumn = string | number | null;

interface RuleSheet extends WorkbookSheet {
  readonly rows: readonly (readonly RuleColumn[])[];
}

const TITLES = {
  vi: {
    rules: 'Điểm theo quy tắc',
    units: 'Theo phường, xã',
    mending: 'Nên sửa trước',
    trend: 'Diễn biến',
    findings: 'Lỗi',
    notes: 'Ghi chú',
  },
  en: {
    rules: 'Scores by rule',
    units: 'By commune',
    mending: 'What to mend first',
    trend: 'Trend',
    findings: 'Findings',
    notes: 'Notes',
  },
};

type QualityColumn = readonly [
  vi: string,
  en: string,
  type: 'string' | 'number' | 'integer' | 'date' | 'datetime',
  width?: number,
];

const RULE_COLUMNS: readonly QualityColumn[] = [
  ['Cơ sở dữ liệu', 'Database', 'string', 22],
  ['Lớp', 'Layer', 'string', 22],
  ['Tiêu chí', 'Criterion', 'string', 14],
  ['Quy tắc', 'Rule', 'string', 20],
  ['Tên quy tắc', 'Title', 'string', 44],
  ['Trọng số', 'Weight', 'number'],
  ['Đã đánh giá', 'Assessed', 'number'],
  ['Chưa đạt', 'Fail', 'number'],
  ['Lỗi', 'Findings', 'integer'],
  ['Đã xác nhận', 'Acknowledged', 'integer'],
  ['Điểm (%)', 'Score (%)', 'number'],
  ['Đơn vị', 'Unit', 'string', 14],
  ['Lý do chưa đánh giá', 'Why not assessed', 'string', 40],
];

function sheetOf(
  title: string,
  { columns, language }: { readonly columns: readonly QualityColumn[]; readonly language: Language },
  rows: readonly (readonly RuleColumn[])[],
): RuleSheet {
  const shown = columns.map(([vi, en, type, width]) => ({
    title: { vi, en }[language],
    type,
    ...(width && { width }),
  }));
  return { title, columns: shown, rows };
}

/** Returns a line for each rule; the score of one that was not assessed is null. */
export function ruleScoreSheet({ databases }: QualityDocument, language: Language): RuleSheet {
  const rows = databases.flatMap(({ title, fields }) =>
    fields.flatMap(({ layer, criteria }) =>
      criteria.flatMap((criterion) =>
        criterion.rules.map((each): RuleColumn[] => [
          ...[title[language], layer, criterion.title[language], each.rule, each.title[language]],
          ...[each.weight, each.records, each.failing, each.findings, each.acknowledged, each.score],
          ...[each.unit?.[language] ?? null, each.why?.[language] ?? null],
        ]),
      ),
    ),
  );
  return sheetOf(TITLES[language].rules, { columns: RULE_COLUMNS, language }, rows);
}

/** Returns the sheets of a workbook: all that the page shows. Empty ones are left out, but for that of rules. */
export function qualitySheets(document: QualityDocument, language: Language): WorkbookSheet[] {
  const others = [unitScoreSheet, mendingSheet, findingSheet, trendSheet, noteSheet].map((sheet) =>
    sheet(document, language),
  );
  return [ruleScoreSheet(document, language), ...others.filter(({ rows }) => rows.length > 0)];
}

function unitScoreSheet({ units, rule }: QualityDocument, language: Language): RuleSheet {
  const columns: readonly QualityColumn[] = [
    ['Mã', 'Code', 'string'],
    ['Phường, xã', 'Commune', 'string', 30],
    ['Điểm (%)', 'Score (%)', 'number'],
    ['Lỗi', 'Findings', 'integer'],
  ];
  const rows = (rule ? rule.units : units).map((unit): RuleColumn[] => [
    unit.code,
    unitName(unit, language),
    unit.score,
    unit.findings,
  ]);
  return sheetOf(TITLES[language].units, { columns, language }, rows);
}

function mendingSheet({ mending }: QualityDocument, language: Language): RuleSheet {
  const columns: readonly QualityColumn[] = [
    ['Quy tắc', 'Rule', 'string', 44],
    ['Việc cần làm', 'What to do', 'string', 60],
    ['Nơi nhiều nhất', 'Where most', 'string', 30],
    ['Lỗi', 'Findings', 'integer'],
    ['Điểm tăng mỗi lỗi', 'Points a finding', 'number'],
    ['Điểm tăng khi sửa hết', 'Points for all', 'number'],
  ];
  const rows = mending.map(({ title, advice, most, findings, pointsEach, points }): RuleColumn[] => [
    ...[title[language], advice[language], most && unitName(most, language)],
    ...[findings, Number(pointsEach.toPrecision(6)), Number(points.toPrecision(6))],
  ]);
  return sheetOf(TITLES[language].mending, { columns, language }, rows);
}

function findingSheet({ rule }: QualityDocument, language: Language): RuleSheet {
  const columns: readonly QualityColumn[] = [
    ['Nội dung', 'What is wrong', 'string', 60],
    ['Lớp', 'Layer', 'string', 22],
    ['Mã đối tượng', 'Feature', 'string', 22],
    ['Trị số', 'Measure', 'number'],
    ['Phát hiện lúc', 'Found at', 'datetime'],
    ['Lý do xác nhận', 'Acknowledged', 'string', 30],
    ['Kinh độ', 'Longitude', 'number'],
    ['Vĩ độ', 'Latitude', 'number'],
  ];
  const rows = (rule?.listed ?? []).map((each): RuleColumn[] => [
    ...[each.title[language], each.layer, each.key, each.measure, each.foundAt],
    ...[each.acknowledgedReason, each.lon, each.lat],
  ]);
  return sheetOf(TITLES[language].findings, { columns, language }, rows);
}

function trendSheet({ trend }: QualityDocument, language: Language): RuleSheet {
  const columns: readonly QualityColumn[] = [
    ['Ngày', 'Day', 'date'],
    ['Điểm (%)', 'Score (%)', 'number'],
    ['Lỗi', 'Findings', 'integer'],
  ];
  const rows = trend.snapshots.map(({ day, score, findings }): RuleColumn[] => [day, score, findings]);
  return sheetOf(TITLES[language].trend, { columns, language }, rows);
}

function noteSheet({ notes }: QualityDocument, language: Language): RuleSheet {
  const columns: readonly QualityColumn[] = [['Ghi chú', 'Note', 'string', 120]];
  return sheetOf(
    TITLES[language].notes,
    { columns, language },
    notes.map((note) => [note[language]]),
  );
}
