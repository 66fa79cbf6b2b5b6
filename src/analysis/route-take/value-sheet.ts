import type { Language } from '../../lib/errors.ts';
import type { ResultSheet, SheetColumn, SheetValue } from '../process.ts';
import { RULE_STATUS_WORDS } from '../rule-status.ts';
import type { RouteValues, TakenParcel } from './outputs.ts';
import type { PartValue } from './value-schema.ts';

interface ValuedPart {
  readonly parcel: TakenParcel;
  readonly part: PartValue;
}

type ValueSheetColumn = readonly [
  vi: string,
  en: string,
  type: SheetColumn['type'],
  value: (row: ValuedPart, language: Language) => SheetValue,
];

const COLUMNS: readonly ValueSheetColumn[] = [
  ['Đơn vị', 'Unit', 'string', ({ parcel }) => parcel.unit.name],
  ['Số tờ', 'Sheet', 'string', ({ parcel }) => parcel.sheet],
  ['Số thửa', 'Number', 'integer', ({ parcel }) => parcel.number],
  ['Loại đất', 'Use', 'string', ({ part }) => part.use],
  ['Thu hồi (m²)', 'Taken (m²)', 'number', ({ part }) => part.takenM2],
  ['Giá bảng (đồng/m²)', 'Price of the table (VND/m²)', 'number', ({ part }) => part.price?.vndM2 ?? null],
  ['Hệ số vị trí', 'Coefficient of the position', 'number', ({ part }) => part.price?.coefficient ?? null],
  ['Giá trị (đồng)', 'Value (VND)', 'number', ({ part }) => part.vnd],
  [
    'Lý do không định giá',
    'Why it is not valued',
    'string',
    ({ part }, language) => part.notValuedText?.[language] ?? null,
  ],
  ['Đường', 'Street', 'string', ({ part }) => part.price?.street ?? null],
  ['Đoạn từ', 'Segment from', 'string', ({ part }) => part.price?.from ?? null],
  ['Đoạn đến', 'Segment to', 'string', ({ part }) => part.price?.to ?? null],
  ['Khu vực', 'Region', 'string', ({ part }) => part.price?.region ?? null],
  ['Vị trí', 'Position', 'integer', ({ part }) => part.price?.position ?? null],
  ['Văn bản', 'Document', 'string', ({ part }) => part.price?.document ?? null],
  [
    ...(['Tình trạng đối chiếu', 'Whether it was checked', 'string'] as const),
    ({ part }, language) => part.price && RULE_STATUS_WORDS[part.price.status][language],
  ],
];

/** Returns the value of each part with its factors; no sheet if no price table was loaded. */
export function valueSheets({ value, parcels }: RouteValues, language: Language): ResultSheet[] {
  if (!value) return [];
  const rows = parcels.flatMap((parcel) => parcel.value?.parts.map((part) => ({ parcel, part })) ?? []);
  return [
    {
      title: { vi: 'Giá trị', en: 'Value' }[language],
      columns: COLUMNS.map(([vi, en, type]) => ({ title: { vi, en }[language], type })),
      rows: rows.map((row) => COLUMNS.map(([, , , cellOf]) => cellOf(row, language))),
    },
  ];
}
