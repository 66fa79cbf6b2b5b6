import type { FieldType } from '../../catalog/layer.ts';
import type { Text } from '../../lib/errors.ts';
import type { ResultField } from '../process.ts';
import { RULE_STATUS_WORDS } from '../rule-status.ts';
import type { TakenParcel } from './outputs.ts';
import type { ParcelValue, PartValue } from './value-schema.ts';

type Value = string | number | null;

/** Name, type, title, and the value in a row. */
type ParcelColumn<Row> = readonly [string, FieldType, Text, (row: Row) => Value];

/** Columns of a parcel taken. */
const COLUMNS: readonly ParcelColumn<TakenParcel>[] = [
  ['parcel', 'string', { vi: 'Mã thửa', en: 'Parcel' }, ({ id }) => String(id)],
  ['from_m', 'number', { vi: 'Từ lý trình (m)', en: 'From chainage (m)' }, ({ fromM }) => fromM],
  ['to_m', 'number', { vi: 'Đến lý trình (m)', en: 'To chainage (m)' }, ({ toM }) => toM],
  ['unit_code', 'string', { vi: 'Mã đơn vị', en: 'Code of unit' }, ({ unit }) => unit.code],
  ['unit', 'string', { vi: 'Đơn vị', en: 'Unit' }, ({ unit }) => unit.name],
  ['sheet', 'string', { vi: 'Số tờ', en: 'Sheet' }, ({ sheet }) => sheet],
  ['number', 'integer', { vi: 'Số thửa', en: 'Number' }, ({ number }) => number],
  ['former', 'string', { vi: 'Số cũ', en: 'Former number' }, formerText],
  ['uses', 'string', { vi: 'Loại đất (m² thu hồi)', en: 'Uses (m² taken)' }, usesText],
  [
    'legal_area_m2',
    'number',
    { vi: 'Diện tích pháp lý (m²)', en: 'Legal area (m²)' },
    ({ legalAreaM2 }) => legalAreaM2,
  ],
  ['area_m2', 'number', { vi: 'Diện tích đo (m²)', en: 'Measured area (m²)' }, ({ areaM2 }) => areaM2],
  ['taken_m2', 'number', { vi: 'Thu hồi (m²)', en: 'Taken (m²)' }, ({ takenM2 }) => takenM2],
  ['taken_percent', 'number', { vi: 'Thu hồi (%)', en: 'Taken (%)' }, ({ takenPercent }) => takenPercent],
  ['left_m2', 'number', { vi: 'Còn lại (m²)', en: 'Left (m²)' }, ({ leftM2 }) => leftM2],
  ['left_pieces', 'integer', { vi: 'Số mảnh còn lại', en: 'Pieces left' }, ({ leftPieces }) => leftPieces],
  ['remnants', 'integer', { vi: 'Số mảnh quá nhỏ', en: 'Remnants' }, ({ remnants }) => remnants.length],
  ['buildings', 'integer', { vi: 'Nhà bị chạm', en: 'Buildings touched' }, ({ buildings }) => buildings],
];

/** Columns where a price table is loaded. */
const VALUE_COLUMNS: readonly ParcelColumn<ParcelValue>[] = [
  ['value_vnd', 'number', { vi: 'Giá trị (đồng)', en: 'Value (VND)' }, ({ vnd }) => vnd],
  ['valued_m2', 'number', { vi: 'Được định giá (m²)', en: 'Valued (m²)' }, ({ valuedM2 }) => valuedM2],
  ['not_valued_m2', 'number', { vi: 'Không định giá (m²)', en: 'Not valued (m²)' }, ({ notValuedM2 }) => notValuedM2],
  [
    'value_basis',
    'string',
    { vi: 'Cách tính giá trị', en: 'Factors of the value' },
    ({ parts }) => parts.map(partText).join('; '),
  ],
];

/** @param isPriced true if a price table is loaded */
export function parcelFields(isPriced: boolean): ResultField[] {
  const columns = [...COLUMNS, ...(isPriced ? VALUE_COLUMNS : [])];
  return columns.map(([name, type, title]) => ({ name, type, title }));
}

export function parcelProperties(parcel: TakenParcel): Record<string, Value> {
  const { value } = parcel;
  return Object.fromEntries([
    ...COLUMNS.map(([name, , , read]) => [name, read(parcel)]),
    ...(value ? VALUE_COLUMNS.map(([name, , , read]) => [name, read(value)]) : []),
  ]);
}

/** The factors of a part as one line in Vietnamese, since a column has one language. */
function partText({ use, takenM2, price, notValuedText }: PartValue): string {
  if (!price) return `${use} ${takenM2} m²: ${notValuedText?.vi ?? ''}`;
  const { vndM2, coefficient, document, street, from, to, region, position, status } = price;
  const place = [street, from && to && `${from} - ${to}`, region, position && `vị trí ${position}`].filter(Boolean);
  const basis = [...place, document, RULE_STATUS_WORDS[status].vi].join(', ');
  return `${use} ${takenM2} m² × ${vndM2} đ/m² × ${coefficient} (${basis})`;
}

function formerText({ former }: TakenParcel): string | null {
  return former.map(({ unit, sheet, number }) => `${unit}, ${sheet}/${number}`).join('; ') || null;
}

function usesText({ uses }: TakenParcel): string {
  return uses.map(({ code, takenM2 }) => `${code} ${takenM2}`).join('; ');
}
