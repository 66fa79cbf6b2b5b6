import type { LonLat } from '../geo/vn2000.ts';

export type RoadKind = 'expressway' | 'national' | 'provincial' | 'district' | 'urban' | 'local';

export interface MainRoad {
  readonly name: string;
  readonly ref?: string;
  readonly kind: RoadKind;
  readonly course: readonly LonLat[];
}

/** In order of precedence: where two meet at a narrow angle, the first retains its course. */
export const ROADS: readonly MainRoad[] = [
  {
    name: 'Cao tốc TP. Hồ Chí Minh – Thủ Dầu Một – Chơn Thành',
    ref: 'CT.30',
    kind: 'expressway',
    course: [
      [106.727, 10.952],
      [106.727, 11.0],
      [106.733, 11.06],
      [106.716, 11.13],
      [106.7, 11.2],
      [106.678, 11.28],
      [106.666, 11.34],
      [106.652, 11.386],
    ],
  },
  {
    name: 'Đại lộ Bình Dương',
    ref: 'QL13',
    kind: 'national',
    course: [
      [106.719, 10.868],
      [106.708, 10.905],
      [106.703, 10.94],
      [106.684, 10.972],
      [106.668, 10.998],
      [106.655, 11.035],
      [106.64, 11.075],
      [106.617, 11.11],
      [106.607, 11.152],
      [106.611, 11.21],
      [106.621, 11.27],
      [106.629, 11.33],
      [106.62, 11.387],
    ],
  },
  {
    name: 'Mỹ Phước – Tân Vạn',
    kind: 'national',
    course: [
      [106.612, 11.14],
      [106.645, 11.1],
      [106.673, 11.065],
      [106.702, 11.02],
      [106.728, 10.982],
      [106.752, 10.945],
      [106.787, 10.914],
      [106.826, 10.888],
    ],
  },
  {
    name: 'Xa lộ Hà Nội',
    ref: 'QL1',
    kind: 'national',
    course: [
      [106.719, 10.868],
      [106.755, 10.875],
      [106.795, 10.88],
      [106.832, 10.889],
    ],
  },
  {
    name: 'Vành đai 4',
    kind: 'national',
    course: [
      [106.53, 11.066],
      [106.575, 11.088],
      [106.63, 11.106],
      [106.7, 11.102],
      [106.76, 11.085],
      [106.812, 11.092],
      [106.852, 11.03],
    ],
  },
  {
    name: 'Vành đai 3',
    kind: 'national',
    course: [
      [106.752, 10.945],
      [106.725, 10.938],
      [106.69, 10.933],
      [106.654, 10.932],
    ],
  },
  {
    name: 'ĐT741',
    ref: 'ĐT741',
    kind: 'provincial',
    course: [
      [106.662, 10.988],
      [106.681, 11.022],
      [106.673, 11.08],
      [106.681, 11.15],
      [106.712, 11.21],
      [106.757, 11.251],
      [106.795, 11.295],
      [106.815, 11.35],
      [106.815, 11.4],
    ],
  },
  {
    name: 'ĐT742',
    ref: 'ĐT742',
    kind: 'provincial',
    course: [
      [106.682, 10.99],
      [106.714, 11.04],
      [106.748, 11.11],
      [106.762, 11.16],
      [106.742, 11.203],
      [106.715, 11.214],
    ],
  },
  {
    name: 'ĐT743',
    ref: 'ĐT743',
    kind: 'provincial',
    course: [
      [106.672, 10.986],
      [106.708, 10.964],
      [106.74, 10.952],
      [106.768, 10.92],
      [106.8, 10.897],
    ],
  },
  {
    name: 'ĐT744',
    ref: 'ĐT744',
    kind: 'provincial',
    course: [
      [106.661, 10.998],
      [106.64, 11.03],
      [106.61, 11.06],
      [106.55, 11.105],
      [106.483, 11.166],
      [106.432, 11.23],
      [106.378, 11.285],
    ],
  },
  {
    name: 'ĐT746',
    ref: 'ĐT746',
    kind: 'provincial',
    course: [
      [106.74, 10.988],
      [106.772, 11.03],
      [106.803, 11.063],
      [106.85, 11.1],
      [106.858, 11.16],
      [106.9, 11.178],
    ],
  },
  {
    name: 'ĐT747',
    ref: 'ĐT747',
    kind: 'provincial',
    course: [
      [106.788, 10.952],
      [106.767, 10.985],
      [106.786, 11.03],
      [106.795, 11.07],
      [106.777, 11.12],
      [106.743, 11.2],
    ],
  },
  {
    name: 'ĐT748',
    ref: 'ĐT748',
    kind: 'provincial',
    course: [
      [106.607, 11.152],
      [106.55, 11.145],
      [106.502, 11.185],
      [106.44, 11.235],
    ],
  },
  {
    name: 'ĐT749A',
    ref: 'ĐT749A',
    kind: 'provincial',
    course: [
      [106.6, 11.16],
      [106.537, 11.215],
      [106.51, 11.29],
      [106.488, 11.37],
      [106.465, 11.443],
      [106.46, 11.497],
    ],
  },
  {
    name: 'ĐT750',
    ref: 'ĐT750',
    kind: 'provincial',
    course: [
      [106.38, 11.283],
      [106.45, 11.292],
      [106.51, 11.3],
      [106.575, 11.268],
      [106.621, 11.266],
      [106.7, 11.252],
      [106.757, 11.251],
    ],
  },
  {
    name: 'ĐH507',
    ref: 'ĐH507',
    kind: 'district',
    course: [
      [106.795, 11.295],
      [106.745, 11.35],
      [106.752, 11.41],
      [106.745, 11.488],
    ],
  },
  {
    name: 'ĐH503',
    ref: 'ĐH503',
    kind: 'district',
    course: [
      [106.795, 11.295],
      [106.86, 11.308],
      [106.93, 11.34],
    ],
  },
  {
    name: 'ĐH411',
    ref: 'ĐH411',
    kind: 'district',
    course: [
      [106.8, 11.066],
      [106.85, 11.115],
      [106.9, 11.135],
      [106.94, 11.118],
    ],
  },
  {
    name: 'Phạm Ngọc Thạch',
    kind: 'district',
    course: [
      [106.668, 10.99],
      [106.686, 11.013],
      [106.69, 11.06],
      [106.7, 11.09],
    ],
  },
  {
    name: 'Huỳnh Văn Lũy',
    kind: 'district',
    course: [
      [106.664, 10.978],
      [106.69, 10.988],
      [106.703, 11.03],
      [106.71, 11.06],
    ],
  },
  {
    name: 'Cách Mạng Tháng Tám',
    kind: 'district',
    course: [
      [106.704, 10.902],
      [106.69, 10.924],
      [106.667, 10.952],
      [106.654, 10.982],
      [106.648, 11.012],
    ],
  },
  {
    name: 'Nguyễn An Ninh',
    kind: 'district',
    course: [
      [106.757, 10.874],
      [106.767, 10.905],
      [106.785, 10.935],
    ],
  },
];

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
