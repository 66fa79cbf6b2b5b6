import { sayPair } from './i18n.ts';
import type { Pair } from './page-words.ts';

/** Titles of members of results. A file of the result has the same in full. */
const TITLES: Readonly<Record<string, Pair>> = {
  address: ['Địa chỉ', 'Address'],
  area: ['Diện tích', 'Area'],
  areaM2: ['Diện tích (m²)', 'Area (m²)'],
  azimuth: ['Hướng (°)', 'Bearing (°)'],
  basis: ['Căn cứ', 'Basis'],
  basisStatusText: ['Độ tin cậy', 'Reliability'],
  bearing: ['Hướng (°)', 'Bearing (°)'],
  buildings: ['Nhà, công trình', 'Buildings'],
  code: ['Mã', 'Code'],
  count: ['Số lượng', 'Count'],
  decision: ['Quyết định', 'Decision'],
  distanceM: ['Khoảng cách (m)', 'Distance (m)'],
  fromM: ['Từ (m)', 'From (m)'],
  id: ['Số hiệu', 'Id'],
  kind: ['Loại', 'Kind'],
  layer: ['Lớp', 'Layer'],
  leftM2: ['Còn lại (m²)', 'Left (m²)'],
  legalAreaM2: ['Diện tích pháp lý (m²)', 'Legal area (m²)'],
  lengthM: ['Chiều dài (m)', 'Length (m)'],
  line: ['Dòng', 'Line'],
  measuredAreaM2: ['Diện tích đo đạc (m²)', 'Measured area (m²)'],
  message: ['Ghi chú', 'Note'],
  name: ['Tên', 'Name'],
  number: ['Thửa', 'Parcel'],
  parcels: ['Thửa đất', 'Parcels'],
  percent: ['%', '%'],
  period: ['Kỳ', 'Period'],
  plan: ['Quy hoạch', 'Plan'],
  reason: ['Lý do', 'Reason'],
  sheet: ['Tờ', 'Sheet'],
  srid: ['Hệ tọa độ (EPSG)', 'CRS (EPSG)'],
  state: ['Trạng thái', 'State'],
  stateText: ['Trạng thái', 'State'],
  sum: ['Tổng', 'Sum'],
  takenM2: ['Thu hồi (m²)', 'Taken (m²)'],
  theme: ['Chủ đề', 'Theme'],
  title: ['Tên', 'Title'],
  toM: ['Đến (m)', 'To (m)'],
  unit: ['Đơn vị hành chính', 'Unit'],
  use: ['Mục đích', 'Use'],
  uses: ['Mục đích sử dụng', 'Uses'],
  validFrom: ['Từ ngày', 'Valid from'],
  withinM: ['Trong khoảng (m)', 'Within (m)'],
  zone: ['Khu', 'Zone'],
};

/** Returns the title of a member, or its name: `areaM2` is "Diện tích (m²)". */
export function columnTitle(name: string): string {
  const title = TITLES[name];
  return title ? sayPair(title) : name;
}
