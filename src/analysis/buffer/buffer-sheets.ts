import type { Language } from '../../lib/errors.ts';
import { coverageSheet } from '../coverage/coverage-sheet.ts';
import { planTitle } from '../plan-titles.ts';
import type { ResultSheet, SheetColumn, SheetValue } from '../process.ts';
import type { LayerReport } from '../report-schema.ts';
import type { BufferValues } from './outputs.ts';
import type { PresetRow } from './preset-schema.ts';

const WORDS = {
  vi: {
    ...{ summary: 'Tổng hợp', byUse: 'Theo loại đất', byUnit: 'Theo đơn vị', figure: 'Chỉ tiêu', value: 'Giá trị' },
    ...{
      distance: 'Khoảng cách (m)',
      buffer: 'Diện tích vùng đệm (m²)',
      count: 'Số đối tượng',
      areaM2: 'Diện tích (m²)',
    },
    ...{ lengthM: 'Chiều dài (m)', parcels: 'Số thửa', code: 'Mã', use: 'Loại đất', unit: 'Đơn vị' },
    ...{ halfMin: 'Nửa bề rộng cộng thêm, nhỏ nhất (m)', halfMax: 'Nửa bề rộng cộng thêm, lớn nhất (m)' },
    ...{ byZone: 'Theo quy hoạch', plan: 'Quy hoạch', period: 'Thời kỳ', decision: 'Quyết định', zone: 'Tên khu' },
    ...{ zones: 'Số khu', share: 'Vùng đệm trong đơn vị (m²)' },
  },
  en: {
    ...{ summary: 'Summary', byUse: 'By use', byUnit: 'By unit', figure: 'Figure', value: 'Value' },
    ...{ distance: 'Distance (m)', buffer: 'Area of the buffer (m²)', count: 'Features', areaM2: 'Area (m²)' },
    ...{ lengthM: 'Length (m)', parcels: 'Parcels', code: 'Code', use: 'Use', unit: 'Unit' },
    ...{ halfMin: 'Half width added, least (m)', halfMax: 'Half width added, most (m)' },
    ...{ byZone: 'By zone', plan: 'Plan', period: 'Period', decision: 'Decision', zone: 'Zone' },
    ...{ zones: 'Zones', share: 'Buffer in the unit (m²)' },
  },
} as const;

const RULE_WORDS = {
  vi: {
    title: 'Quy định',
    items: [
      ...['Mã', 'Đối tượng', 'Điều kiện', 'Tính từ', 'Căn cứ', 'Tình trạng'],
      ...['Hiệu lực từ', 'Hết hiệu lực từ', 'Áp dụng cho', 'Ghi chú'],
    ],
  },
  en: {
    title: 'Rule',
    items: [
      ...['Id', 'Feature', 'Condition', 'Measured from', 'Basis', 'Status'],
      ...['In force since', 'No longer since', 'Applies to', 'Note'],
    ],
  },
} as const;

/** Returns the sheets of a buffer: the sums, areas by use and by unit, and the coverage. The features are layers. */
export function bufferSheets(values: BufferValues, language: Language): ResultSheet[] {
  const { layers, coverage } = values;
  const { preset } = values.buffer.properties;
  const byUse = layers.flatMap(({ byLandUse }) => byLandUse ?? []);
  return [
    summarySheet(values, language),
    ...(layers.some(({ byLandUse }) => byLandUse) ? [useSheet(byUse, language)] : []),
    unitSheet(values, language),
    ...(values.zones.length > 0 ? [zoneSheet(values, language)] : []),
    ...(preset ? [ruleSheet(preset, language)] : []),
    coverageSheet(coverage, language),
  ];
}

function summarySheet({ buffer, layers }: BufferValues, language: Language): ResultSheet {
  const words = WORDS[language];
  const { distanceM, areaM2, halfWidthM } = buffer.properties;
  return {
    title: words.summary,
    columns: [wide(words.figure), number(words.value)],
    rows: [
      [words.distance, distanceM],
      ...(halfWidthM
        ? [
            [words.halfMin, halfWidthM.min],
            [words.halfMax, halfWidthM.max],
          ]
        : []),
      [words.buffer, areaM2],
      ...layers.flatMap((layer) => figuresOf(layer, language)),
    ],
  };
}

function figuresOf(layer: LayerReport, language: Language): SheetValue[][] {
  const words = WORDS[language];
  return (['count', 'areaM2', 'lengthM'] as const).flatMap((figure) =>
    layer[figure] === undefined ? [] : [[`${layer.title[language]}: ${words[figure]}`, layer[figure]]],
  );
}

function useSheet(uses: NonNullable<LayerReport['byLandUse']>, language: Language): ResultSheet {
  const words = WORDS[language];
  return {
    title: words.byUse,
    columns: [text(words.code), wide(words.use), integer(words.parcels), number(words.areaM2)],
    rows: uses.map(({ code, nameVi, nameEn, count, areaM2 }) => [
      code,
      language === 'vi' ? nameVi : nameEn,
      count,
      areaM2,
    ]),
  };
}

function zoneSheet({ zones }: BufferValues, language: Language): ResultSheet {
  const words = WORDS[language];
  const texts = [words.plan, words.period, words.decision, words.code].map(text);
  return {
    title: words.byZone,
    columns: [...texts, wide(words.zone), integer(words.zones), number(words.areaM2), number('%')],
    rows: zones.map(({ plan, period, decision, code, name, count, areaM2, percent }) => [
      ...[plan === null ? null : planTitle(plan)[language], period, decision, code],
      ...[name[language], count, areaM2, percent],
    ]),
  };
}

/** Lists the present communes of the buffer, then units that only parcels have, such as former ones. */
function unitSheet({ units, layers }: BufferValues, language: Language): ResultSheet {
  const words = WORDS[language];
  const byUnit = layers.flatMap((layer) => layer.byUnit ?? []);
  const isSame = (a: Unit, b: Unit) => a.code === b.code && a.validFrom === b.validFrom;
  const others = byUnit.filter((unit) => !units.some((each) => isSame(each, unit)));
  return {
    title: words.byUnit,
    columns: [text(words.code), wide(words.unit), number(words.share), integer(words.parcels), number(words.areaM2)],
    rows: [
      ...units.map((unit) => ({ ...unit, share: unit.areaM2 })),
      ...others.map((unit) => ({ ...unit, share: 0 })),
    ].map((unit) => {
      const own = byUnit.find((each) => isSame(each, unit));
      return [unit.code, unit.name, unit.share, own?.count ?? null, own?.areaM2 ?? null];
    }),
  };
}

function ruleSheet(rule: PresetRow, language: Language): ResultSheet {
  const words = RULE_WORDS[language];
  const values = [
    ...[rule.id, rule.feature[language], rule.condition?.[language] ?? null, rule.measuredFrom?.[language] ?? null],
    ...[rule.legalBasis, rule.ruleStatusText[language]],
    ...[rule.validFrom, rule.validTo, rule.appliesTo?.join(', ') ?? null, rule.note?.[language] ?? null],
  ];
  return {
    title: words.title,
    columns: [text(WORDS[language].figure), { ...wide(WORDS[language].value), width: 80 }],
    rows: words.items.map((item, index) => [item, values[index] ?? null]),
  };
}

type Unit = Pick<BufferValues['units'][number], 'code' | 'validFrom'>;

const text = (title: string): SheetColumn => ({ title, type: 'string' });
const wide = (title: string): SheetColumn => ({ title, type: 'string', width: 40 });
const number = (title: string): SheetColumn => ({ title, type: 'number' });
const integer = (title: string): SheetColumn => ({ title, type: 'integer' });
