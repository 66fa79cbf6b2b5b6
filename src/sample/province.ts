/**
 * Main features of Bình Dương in WGS 84 degrees, placed by eye (within a few hundred metres). They make the sample
 * recognizable, and must never be taken for a survey.
 */
import type { LonLat } from '../geo/vn2000.ts';

export interface River {
  readonly name: string;
  readonly course: readonly LonLat[];
  /** Metres from bank to bank, at the start and at the end of the course. */
  readonly width: readonly [number, number];
}

const SAI_GON: readonly LonLat[] = [
  [106.344, 11.318],
  [106.357, 11.285],
  [106.366, 11.25],
  [106.375, 11.215],
  [106.395, 11.185],
  [106.424, 11.163],
  [106.436, 11.135],
  [106.458, 11.11],
  [106.487, 11.095],
  [106.512, 11.066],
  [106.545, 11.052],
  [106.566, 11.028],
  [106.593, 11.018],
  [106.612, 10.993],
  [106.63, 10.965],
  [106.647, 10.945],
  [106.654, 10.924],
  [106.676, 10.915],
  [106.682, 10.892],
  [106.692, 10.875],
  [106.712, 10.866],
];

const DONG_NAI: readonly LonLat[] = [
  [106.968, 11.108],
  [106.95, 11.08],
  [106.932, 11.052],
  [106.9, 11.03],
  [106.87, 11.021],
  [106.842, 11.012],
  [106.812, 11.012],
  [106.797, 10.995],
  [106.799, 10.968],
  [106.806, 10.945],
  [106.818, 10.924],
  [106.834, 10.905],
  [106.839, 10.882],
];

export const RIVERS: readonly River[] = [
  { name: 'Sông Sài Gòn', course: SAI_GON, width: [110, 270] },
  { name: 'Sông Đồng Nai', course: DONG_NAI, width: [330, 430] },
  {
    name: 'Sông Bé',
    course: [
      [106.806, 11.488],
      [106.79, 11.455],
      [106.8, 11.42],
      [106.782, 11.385],
      [106.79, 11.345],
      [106.768, 11.31],
      [106.772, 11.272],
      [106.757, 11.245],
      [106.79, 11.225],
      [106.83, 11.235],
      [106.872, 11.222],
      [106.9, 11.19],
      [106.926, 11.158],
      [106.945, 11.126],
      [106.967, 11.109],
    ],
    width: [70, 100],
  },
  {
    name: 'Sông Thị Tính',
    course: [
      [106.57, 11.372],
      [106.556, 11.33],
      [106.566, 11.285],
      [106.555, 11.245],
      [106.575, 11.205],
      [106.578, 11.165],
      [106.592, 11.13],
      [106.588, 11.095],
      [106.603, 11.06],
      [106.594, 11.02],
    ],
    width: [28, 55],
  },
];

/** The land border eastwards from the end of the Sài Gòn to that of the Đồng Nai. */
export const SOUTH_BORDER: readonly LonLat[] = [
  [106.712, 10.866],
  [106.74, 10.8655],
  [106.768, 10.868],
  [106.8, 10.867],
  [106.822, 10.871],
  [106.839, 10.882],
];

/** The land border by the north, from the entry of the Đồng Nai to the exit of the Sài Gòn from the reservoir. */
export const NORTH_BORDER: readonly LonLat[] = [
  [106.968, 11.108],
  [106.967, 11.15],
  [106.957, 11.182],
  [106.93, 11.205],
  [106.921, 11.25],
  [106.936, 11.285],
  [106.952, 11.325],
  [106.945, 11.366],
  [106.905, 11.384],
  [106.86, 11.381],
  [106.818, 11.402],
  [106.81, 11.45],
  [106.8, 11.486],
  [106.755, 11.491],
  [106.715, 11.472],
  [106.705, 11.425],
  [106.682, 11.403],
  [106.656, 11.386],
  [106.62, 11.388],
  [106.581, 11.392],
  [106.575, 11.43],
  [106.565, 11.462],
  [106.53, 11.487],
  [106.482, 11.5],
  [106.432, 11.484],
  [106.4, 11.452],
  [106.366, 11.425],
  [106.345, 11.395],
  [106.333, 11.365],
  [106.332, 11.338],
  [106.344, 11.318],
];

export const RESERVOIR = { name: 'Hồ Dầu Tiếng', centre: [106.315, 11.388] as LonLat, radius: 5600 };

export interface Town {
  readonly name: string;
  readonly at: LonLat;
  /** Metres at which the town thins out, and the density of its centre (0 to 1). */
  readonly reach: number;
  readonly density: number;
}

export const TOWNS: readonly Town[] = [
  { name: 'Thủ Dầu Một', at: [106.662, 10.982], reach: 4300, density: 0.97 },
  { name: 'Lái Thiêu', at: [106.7, 10.905], reach: 2600, density: 0.9 },
  { name: 'Dĩ An', at: [106.762, 10.906], reach: 3600, density: 0.96 },
  { name: 'Thuận Giao', at: [106.714, 10.955], reach: 3300, density: 0.88 },
  { name: 'Tân Phước Khánh', at: [106.74, 10.992], reach: 2300, density: 0.82 },
  { name: 'Thành phố mới Bình Dương', at: [106.684, 11.053], reach: 2600, density: 0.85 },
  { name: 'Bến Cát', at: [106.603, 11.152], reach: 2700, density: 0.86 },
  { name: 'Tân Uyên', at: [106.796, 11.066], reach: 2200, density: 0.85 },
  { name: 'Bàu Bàng', at: [106.623, 11.262], reach: 1700, density: 0.78 },
  { name: 'Phước Vĩnh', at: [106.796, 11.295], reach: 1500, density: 0.82 },
  { name: 'Dầu Tiếng', at: [106.378, 11.283], reach: 1500, density: 0.82 },
  { name: 'Tân Thành', at: [106.856, 11.15], reach: 900, density: 0.72 },
];

export interface Park {
  readonly name: string;
  readonly at: LonLat;
  /** Metres along and across, and the bearing of its streets in degrees from east. */
  readonly size: readonly [number, number];
  readonly angle: number;
}

export const INDUSTRIAL_PARKS: readonly Park[] = [
  { name: 'KCN VSIP I', at: [106.716, 10.924], size: [2600, 1900], angle: 64 },
  { name: 'KCN VSIP II', at: [106.677, 11.09], size: [2600, 1700], angle: 32 },
  { name: 'KCN VSIP II-A', at: [106.742, 11.098], size: [3300, 2600], angle: 72 },
  { name: 'KCN VSIP III', at: [106.798, 11.135], size: [3600, 2700], angle: 15 },
  { name: 'KCN Mỹ Phước 1', at: [106.602, 11.122], size: [2300, 1500], angle: 80 },
  { name: 'KCN Mỹ Phước 2', at: [106.585, 11.175], size: [2400, 1500], angle: 50 },
  { name: 'KCN Mỹ Phước 3', at: [106.636, 11.125], size: [3200, 2300], angle: 42 },
  { name: 'KCN Sóng Thần 1', at: [106.745, 10.887], size: [1600, 1100], angle: 35 },
  { name: 'KCN Sóng Thần 2', at: [106.752, 10.925], size: [1900, 1300], angle: 55 },
  { name: 'KCN Sóng Thần 3', at: [106.71, 11.07], size: [2200, 1600], angle: 60 },
  { name: 'KCN Đồng An', at: [106.731, 10.893], size: [1300, 1000], angle: 20 },
  { name: 'KCN Việt Hương', at: [106.692, 10.945], size: [900, 700], angle: 70 },
  { name: 'KCN Nam Tân Uyên', at: [106.762, 11.045], size: [2600, 1900], angle: 58 },
  { name: 'KCN Bàu Bàng', at: [106.606, 11.3], size: [4200, 3300], angle: 10 },
  { name: 'KCN Rạch Bắp', at: [106.53, 11.125], size: [2300, 1700], angle: 48 },
  { name: 'KCN Đất Cuốc', at: [106.85, 11.125], size: [2200, 1500], angle: 28 },
  { name: 'KCN Tân Đông Hiệp A', at: [106.778, 10.928], size: [1000, 700], angle: 25 },
  { name: 'KCN Bình Đường', at: [106.735, 10.875], size: [700, 500], angle: 15 },
];

export const WASTE_SITES: readonly {
  readonly name: string;
  readonly kind: string;
  readonly tonnes: number;
  readonly at: LonLat;
  readonly radius: number;
  readonly status: string;
}[] = [
  {
    name: 'Khu liên hợp xử lý chất thải Nam Bình Dương',
    kind: 'landfill',
    tonnes: 2500,
    at: [106.66, 11.158],
    radius: 520,
    status: 'active',
  },
  {
    name: 'Nhà máy phân compost Nam Bình Dương',
    kind: 'composting',
    tonnes: 420,
    at: [106.667, 11.163],
    radius: 170,
    status: 'active',
  },
  {
    name: 'Lò đốt chất thải nguy hại Chánh Phú Hòa',
    kind: 'hazardous',
    tonnes: 100,
    at: [106.668, 11.155],
    radius: 120,
    status: 'active',
  },
  {
    name: 'Lò đốt rác phát điện Chánh Phú Hòa',
    kind: 'incinerator',
    tonnes: 600,
    at: [106.656, 11.165],
    radius: 160,
    status: 'planned',
  },
  {
    name: 'Trạm trung chuyển Thuận An',
    kind: 'transfer',
    tonnes: 180,
    at: [106.704, 10.951],
    radius: 60,
    status: 'active',
  },
  {
    name: 'Trạm trung chuyển Dĩ An',
    kind: 'transfer',
    tonnes: 150,
    at: [106.779, 10.917],
    radius: 60,
    status: 'active',
  },
  {
    name: 'Bãi rác Phước Vĩnh (đã đóng)',
    kind: 'landfill',
    tonnes: 40,
    at: [106.809, 11.282],
    radius: 190,
    status: 'closed',
  },
  { name: 'Bãi rác Dầu Tiếng', kind: 'landfill', tonnes: 55, at: [106.4, 11.265], radius: 210, status: 'active' },
  { name: 'Bãi rác An Long', kind: 'landfill', tonnes: 60, at: [106.6968, 11.3311], radius: 260, status: 'active' },
];

export const LANDFILLS = WASTE_SITES.filter(({ kind }) => kind === 'landfill');
