import type { LonLat } from '../geo/vn2000.ts';
import { NATIONAL_ROADS } from './national-roads.ts';
import { PROVINCIAL_ROADS } from './provincial-roads.ts';
import type { MainRoad } from './road.ts';

/** In order of precedence: where two meet at a narrow angle, the first retains its course. */
export const ROADS: readonly MainRoad[] = [...NATIONAL_ROADS, ...PROVINCIAL_ROADS];

export const RAILWAYS: readonly { readonly name: string; readonly course: readonly LonLat[] }[] = [
  {
    name: 'Đường sắt Bắc – Nam (ga Sóng Thần – ga Dĩ An)',
    course: [
      [106.742, 10.868],
      [106.753, 10.89],
      [106.77, 10.906],
      [106.81, 10.903],
      [106.833, 10.903],
    ],
  },
];

/** The planned metro, which runs above a road: its name, the road's, and the section (0 to 1). */
export const METRO = {
  name: 'Metro Thành phố mới Bình Dương – Suối Tiên (quy hoạch)',
  road: 'Mỹ Phước – Tân Vạn',
  from: 0.3,
  to: 1,
};
