import type { Text } from '../lib/errors.ts';
import type { PlaceType } from '../phrase/place-phrase.ts';
import type { SearchHit } from './hit.ts';

/** A row of `placesQuery`. */
export interface PlaceRow {
  readonly type: PlaceType;
  readonly collection: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly note: string | null;
  readonly place: string | null;
  readonly ids: readonly string[];
  readonly total: number;
  readonly bbox: SearchHit['bbox'];
  readonly point: SearchHit['point'];
}

/** Kinds in the data, in people's words. */
const KIND_TITLES: Readonly<Record<string, Text>> = {
  air: { vi: 'Trạm không khí', en: 'Air station' },
  surface_water: { vi: 'Trạm nước mặt', en: 'Surface water station' },
  groundwater: { vi: 'Giếng quan trắc', en: 'Groundwater well' },
  wastewater: { vi: 'Trạm nước thải', en: 'Wastewater station' },
  stack: { vi: 'Ống khói', en: 'Stack' },
  noise: { vi: 'Điểm đo tiếng ồn', en: 'Noise station' },
  river: { vi: 'Sông', en: 'River' },
  stream: { vi: 'Suối', en: 'Stream' },
  canal: { vi: 'Kênh', en: 'Canal' },
  lake: { vi: 'Hồ', en: 'Lake' },
  reservoir: { vi: 'Hồ chứa', en: 'Reservoir' },
  pond: { vi: 'Ao', en: 'Pond' },
  landfill: { vi: 'Bãi chôn lấp', en: 'Landfill' },
  incinerator: { vi: 'Lò đốt chất thải', en: 'Incinerator' },
  transfer: { vi: 'Trạm trung chuyển', en: 'Transfer station' },
  hazardous: { vi: 'Xử lý chất thải nguy hại', en: 'Hazardous waste' },
  composting: { vi: 'Ủ phân', en: 'Composting' },
  expressway: { vi: 'Đường cao tốc', en: 'Expressway' },
  national: { vi: 'Quốc lộ', en: 'National road' },
  provincial: { vi: 'Đường tỉnh', en: 'Provincial road' },
  district: { vi: 'Đường huyện', en: 'District road' },
  urban: { vi: 'Đường đô thị', en: 'Urban road' },
  local: { vi: 'Đường nội bộ', en: 'Local road' },
  city: { vi: 'Thành phố', en: 'City' },
  town: { vi: 'Thị trấn', en: 'Town' },
  ward: { vi: 'Phường', en: 'Ward' },
  commune: { vi: 'Xã', en: 'Commune' },
  quarter: { vi: 'Khu phố', en: 'Quarter' },
  hamlet: { vi: 'Ấp', en: 'Hamlet' },
  landmark: { vi: 'Địa danh', en: 'Landmark' },
};

/** Returns the hit of a place. */
export function placeHit(row: PlaceRow): SearchHit {
  const { type, collection, title, titleEn, ids, bbox, point } = row;
  const note = noteOf(row);
  const line = (language: keyof Text) => [note[language], row.place].filter(Boolean).join(' · ');
  return {
    type,
    title: { vi: title, en: titleEn ?? title },
    subtitle: { vi: line('vi'), en: line('en') },
    collection,
    ids,
    bbox,
    point: point?.[0] === null ? null : point,
  };
}

function noteOf({ type, note }: PlaceRow): Text {
  const value = note ?? '';
  if (type === 'unit') {
    const [year, month, day] = value.split('-');
    return value
      ? { vi: `Đến trước ${day}/${month}/${year}`, en: `Until ${value}` }
      : { vi: 'Đang có hiệu lực', en: 'In force' };
  }
  if (type === 'decision') {
    const [plan, count, period = ''] = value.split(' ');
    const title =
      plan === 'construction'
        ? { vi: 'Quy hoạch xây dựng', en: 'Construction plan' }
        : { vi: 'Quy hoạch sử dụng đất', en: 'Land-use plan' };
    return { vi: `${title.vi} ${period} · ${count} vùng`, en: `${title.en} ${period} · zones: ${count}` };
  }
  if (type === 'control_point') return { vi: `Điểm tọa độ, hạng ${value}`, en: `Control point, grade ${value}` };
  if (type === 'address') return { vi: `Thửa ${value}`, en: `Parcel ${value}` };
  return KIND_TITLES[value] ?? { vi: value, en: value };
}
