import type { FieldType } from '../../catalog/layer.ts';
import type { Text } from '../../lib/errors.ts';
import { roundToHundredth } from '../../lib/number.ts';
import { describePart, type OverlayPiece } from '../parts/part-rows.ts';
import type { ResultField, ResultLayer, ResultRow } from '../process.ts';

const FIELDS: readonly ResultField[] = [
  field('feature_id', 'string', { vi: 'Đối tượng được hỏi', en: 'Asked feature' }),
  field('theme', 'string', { vi: 'Chủ đề', en: 'Theme' }),
  field('kind', 'string', { vi: 'Loại dòng', en: 'Kind of row' }),
  field('plan', 'string', { vi: 'Loại quy hoạch', en: 'Kind of plan' }),
  field('zone', 'string', { vi: 'Mã vùng trong lớp gốc', en: 'Id of the zone in its layer' }),
  field('code', 'string', { vi: 'Ký hiệu', en: 'Code' }),
  field('name', 'string', { vi: 'Tên', en: 'Name' }),
  field('area_m2', 'number', { vi: 'Diện tích (m²)', en: 'Area (m²)' }),
  field('percent', 'number', { vi: '% của đối tượng được hỏi', en: '% of the asked feature' }),
  field('decision', 'string', { vi: 'Quyết định', en: 'Decision' }),
  field('period', 'string', { vi: 'Thời kỳ', en: 'Period' }),
  field('basis', 'string', { vi: 'Căn cứ', en: 'Basis' }),
];

function field(name: string, type: FieldType, title: Text): ResultField {
  return { name, type, title };
}

/**
 * Returns the layers of the result: the parts in zones, and the parts in none, each with its row and the id of its asked
 * feature.
 */
export function overlayLayers(pieces: readonly OverlayPiece[], srid: number): ResultLayer[] {
  const layer = (id: string, title: Text, some: readonly OverlayPiece[]): ResultLayer => ({
    ...{ id, title, fields: FIELDS },
    geometry: { type: 'GEOMETRY', srid },
    rows: some.map(rowOf),
  });
  const inZones = pieces.filter(({ zones }) => zones.length > 0);
  const inNone = pieces.filter(({ zones }) => zones.length === 0);
  return [
    layer('zones', { vi: 'Phần trong từng vùng', en: 'Parts in each zone' }, inZones),
    layer('uncovered', { vi: 'Phần không thuộc vùng nào', en: 'Parts in no zone' }, inNone),
  ];
}

function rowOf(piece: OverlayPiece): ResultRow {
  const { subject, areaM2, geom } = piece;
  const { zone, name, theme, kind, plan, code, decision, period, basis } = describePart(piece);
  return {
    geom,
    properties: {
      ...{ theme, kind, plan, code, decision, period, basis },
      feature_id: subject.id === null ? null : String(subject.id),
      zone: zone === null ? null : String(zone),
      name: name.vi,
      area_m2: roundToHundredth(areaM2),
      percent: subject.areaM2 > 0 ? roundToHundredth((100 * areaM2) / subject.areaM2) : 100,
    },
  };
}
