import { sayPair } from './i18n.ts';
import type { Pair } from './page-words.ts';

/** Returns the display name of a kind, a plan, a severity or a criterion. */
export function kindName(kind: string): string {
  const pair = KINDS[kind];
  return pair ? sayPair(pair) : kind;
}

const KINDS: Readonly<Record<string, Pair>> = {
  air: ['Không khí xung quanh', 'Ambient air'],
  surface_water: ['Nước mặt', 'Surface water'],
  groundwater: ['Nước dưới đất', 'Groundwater'],
  wastewater: ['Nước thải', 'Wastewater'],
  stack: ['Khí thải ống khói', 'Stack emission'],
  noise: ['Tiếng ồn', 'Noise'],
  emission: ['Khí thải', 'Emission'],
  landfill: ['Bãi chôn lấp', 'Landfill'],
  incinerator: ['Lò đốt rác', 'Incinerator'],
  transfer: ['Trạm trung chuyển', 'Transfer station'],
  hazardous: ['Chất thải nguy hại', 'Hazardous waste'],
  composting: ['Nhà máy làm phân bón', 'Composting plant'],
  water: ['Hành lang bảo vệ nguồn nước', 'Water protection corridor'],
  road: ['Hành lang an toàn đường bộ', 'Road safety corridor'],
  power: ['Hành lang an toàn lưới điện', 'Power line corridor'],
  rail: ['Hành lang an toàn đường sắt', 'Railway corridor'],
  environment: ['Khoảng cách an toàn môi trường', 'Environmental safety distance'],
  land_use: ['Quy hoạch sử dụng đất', 'Land-use plan'],
  construction: ['Quy hoạch xây dựng', 'Construction plan'],
  error: ['Lỗi', 'Error'],
  warning: ['Cảnh báo', 'Warning'],
  notice: ['Lưu ý', 'Notice'],
  correct: ['Đúng', 'Correct'],
  complete: ['Đủ', 'Complete'],
  clean: ['Sạch', 'Clean'],
  current: ['Sống', 'Current'],
  consistent: ['Thống nhất', 'Consistent'],
};
