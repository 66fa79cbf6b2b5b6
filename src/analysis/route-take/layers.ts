import { roundToHundredth } from '../../lib/number.ts';
import type { ResultField, ResultLayer, ResultRow } from '../process.ts';
import { parcelFields, parcelProperties } from './fields.ts';
import { type Takings, takenRows, toGap } from './figures.ts';
import type { GapRow } from './gap-query.ts';

const LEFT_FIELDS: readonly ResultField[] = [
  { name: 'parcel', type: 'string', title: { vi: 'Mã thửa', en: 'Parcel' } },
  { name: 'unit', type: 'string', title: { vi: 'Đơn vị', en: 'Unit' } },
  { name: 'sheet', type: 'string', title: { vi: 'Số tờ', en: 'Sheet' } },
  { name: 'number', type: 'integer', title: { vi: 'Số thửa', en: 'Number' } },
  { name: 'area_m2', type: 'number', title: { vi: 'Diện tích (m²)', en: 'Area (m²)' } },
  { name: 'is_remnant', type: 'boolean', title: { vi: 'Quá nhỏ', en: 'Too small' } },
];

const GAP_FIELDS: readonly ResultField[] = [
  { name: 'kind', type: 'string', title: { vi: 'Loại', en: 'Kind' } },
  { name: 'from_m', type: 'number', title: { vi: 'Từ lý trình (m)', en: 'From chainage (m)' } },
  { name: 'to_m', type: 'number', title: { vi: 'Đến lý trình (m)', en: 'To chainage (m)' } },
  { name: 'unit_code', type: 'string', title: { vi: 'Mã đơn vị', en: 'Code of unit' } },
  { name: 'unit', type: 'string', title: { vi: 'Đơn vị', en: 'Unit' } },
  { name: 'area_m2', type: 'number', title: { vi: 'Diện tích (m²)', en: 'Area (m²)' } },
  { name: 'is_sliver', type: 'boolean', title: { vi: 'Mẩu vụn', en: 'Sliver' } },
];

/** Returns the layers of the result: parts taken, pieces left, land without a parcel, and the corridor. */
export function routeLayers(takings: Takings, corridor: string): ResultLayer[] {
  const geometry = { type: 'MULTIPOLYGON', srid: takings.zone } as const;
  const taken = takenRows(takings);
  const left = taken.flatMap(({ row, parcel }): ResultRow[] =>
    row.left.map(({ geom, areaM2 }) => ({
      geom,
      properties: {
        parcel: String(row.id),
        unit: parcel.unit.name,
        sheet: row.sheet,
        number: row.number,
        area_m2: roundToHundredth(areaM2),
        is_remnant: row.threshold !== null && areaM2 < row.threshold,
      },
    })),
  );
  return [
    {
      id: 'taken',
      title: { vi: 'Đất thu hồi', en: 'Land taken' },
      fields: parcelFields(takings.prices !== null),
      geometry,
      rows: taken.map(({ row, parcel }) => ({ geom: row.geom, properties: parcelProperties(parcel) })),
    },
    { id: 'left', title: { vi: 'Đất còn lại', en: 'Land left' }, fields: LEFT_FIELDS, geometry, rows: left },
    {
      id: 'gaps',
      title: { vi: 'Đất không thuộc thửa nào', en: 'Land without a parcel' },
      fields: GAP_FIELDS,
      geometry,
      rows: takings.gaps.map((row) => ({ geom: row.geom, properties: gapProperties(row) })),
    },
    {
      id: 'corridor',
      title: { vi: 'Hành lang', en: 'Corridor' },
      fields: [
        { name: 'length_m', type: 'number', title: { vi: 'Chiều dài (m)', en: 'Length (m)' } },
        { name: 'area_m2', type: 'number', title: { vi: 'Diện tích (m²)', en: 'Area (m²)' } },
      ],
      geometry,
      rows: [{ geom: corridor, properties: { length_m: takings.lengthM, area_m2: takings.corridorM2 } }],
    },
  ];
}

function gapProperties(row: GapRow): Record<string, unknown> {
  const { kind, fromM, toM, unit, areaM2, isSliver } = toGap(row);
  return {
    ...{ kind, from_m: fromM, to_m: toM, area_m2: areaM2, is_sliver: isSliver },
    unit_code: unit?.code ?? null,
    unit: unit?.name ?? null,
  };
}
