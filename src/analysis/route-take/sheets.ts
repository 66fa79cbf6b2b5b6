import type { Language, Text } from '../../lib/errors.ts';
import { planTitle } from '../plan-titles.ts';
import type { ResultSheet, SheetValue } from '../process.ts';
import type { RouteSummary, RouteValues } from './outputs.ts';
import { valueSheets } from './value-sheet.ts';

const SUMMARY: readonly (readonly [keyof RouteSummary, Text])[] = [
  ['lengthM', { vi: 'Chiều dài tuyến (m)', en: 'Length of the line (m)' }],
  ['leftM', { vi: 'Bên trái (m)', en: 'Left (m)' }],
  ['rightM', { vi: 'Bên phải (m)', en: 'Right (m)' }],
  ['corridorM2', { vi: 'Hành lang (m²)', en: 'Corridor (m²)' }],
  ['parcels', { vi: 'Số thửa thu hồi', en: 'Parcels taken' }],
  ['takenM2', { vi: 'Thu hồi (m²)', en: 'Taken (m²)' }],
  ['excludedParcels', { vi: 'Số thửa loại trừ', en: 'Parcels excluded' }],
  ['excludedM2', { vi: 'Loại trừ (m²)', en: 'Excluded (m²)' }],
  ['withoutParcelM2', { vi: 'Không thuộc thửa nào (m²)', en: 'Without a parcel (m²)' }],
  ['outsideUnitsM2', { vi: 'Ngoài các đơn vị (m²)', en: 'Outside the units (m²)' }],
  ['countedTwiceM2', { vi: 'Tính hai lần (m²)', en: 'Counted twice (m²)' }],
  ['remnants', { vi: 'Mảnh còn lại quá nhỏ', en: 'Remnants' }],
  ['buildings', { vi: 'Nhà bị chạm', en: 'Buildings touched' }],
];

/** Rows of the summary where a price table is loaded. */
const VALUES: readonly (readonly ['vnd' | 'valuedM2' | 'notValuedM2', Text])[] = [
  ['vnd', { vi: 'Giá trị (đồng)', en: 'Value (VND)' }],
  ['valuedM2', { vi: 'Được định giá (m²)', en: 'Valued (m²)' }],
  ['notValuedM2', { vi: 'Không định giá (m²)', en: 'Not valued (m²)' }],
];

/** Returns the sheets of sums and notes; the parcels are a layer, and have a sheet as such. */
export function routeSheets(values: RouteValues, language: Language): ResultSheet[] {
  const text = (vi: string, en: string) => ({ vi, en })[language];
  const { summary } = values;
  const area = { title: text('Thu hồi (m²)', 'Taken (m²)'), type: 'number' } as const;
  const parcels = { title: text('Số thửa', 'Parcels'), type: 'integer' } as const;
  const name = (title: string) => ({ title, type: 'string', width: 40 }) as const;
  return [
    {
      title: text('Tổng hợp', 'Summary'),
      columns: [name(text('Chỉ tiêu', 'Figure')), { title: text('Giá trị', 'Value'), type: 'number' }],
      rows: [
        ...SUMMARY.map(([key, title]): SheetValue[] => [title[language], summary[key]]),
        ...(values.value
          ? VALUES.map(([key, title]): SheetValue[] => [title[language], values.value?.[key] ?? null])
          : []),
      ],
    },
    {
      title: text('Theo loại đất', 'By use'),
      columns: [{ title: text('Mã', 'Code'), type: 'string' }, name(text('Loại đất', 'Use')), parcels, area],
      rows: values.byUse.map((use) => [
        use.code,
        language === 'vi' ? use.nameVi : use.nameEn,
        use.parcels,
        use.takenM2,
      ]),
    },
    {
      title: text('Theo đơn vị', 'By unit'),
      columns: [
        { title: text('Mã', 'Code'), type: 'string' },
        name(text('Đơn vị', 'Unit')),
        parcels,
        area,
        { title: text('Không thuộc thửa (m²)', 'Without a parcel (m²)'), type: 'number' },
      ],
      rows: values.byUnit.map((unit) => [unit.code, unit.name, unit.parcels, unit.takenM2, unit.withoutParcelM2]),
    },
    {
      title: text('Theo quy hoạch', 'By zone'),
      columns: [
        ...[text('Quy hoạch', 'Plan'), text('Mã khu', 'Zone')].map((title) => ({ title, type: 'string' }) as const),
        name(text('Tên', 'Name')),
        ...[text('Quyết định', 'Decision'), text('Kỳ', 'Period')].map((title) => ({ title, type: 'string' }) as const),
        { title: text('Diện tích (m²)', 'Area (m²)'), type: 'number' },
      ],
      rows: values.byZone.map(({ plan, zoneCode, name, decision, period, areaM2 }) => [
        planTitle(plan)[language],
        zoneCode,
        name,
        decision,
        period,
        areaM2,
      ]),
    },
    ...valueSheets(values, language),
    {
      title: text('Căn cứ', 'Basis'),
      columns: [{ title: text('Ghi chú', 'Note'), type: 'string', width: 100 }],
      rows: values.notes.map((note) => [note[language]]),
    },
  ];
}
