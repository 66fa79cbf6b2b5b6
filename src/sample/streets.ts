import { smooth } from './curve.ts';
import { METRO, RAILWAYS, ROADS } from './main-roads.ts';
import type { Mesh } from './mesh.ts';
import { mix, Random } from './random.ts';
import type { MainRoad, RoadKind } from './road.ts';
import { dense, follow, SideGraph, sideKey } from './side-graph.ts';
import { chainStreets } from './street-chains.ts';

/** Metres of carriageway; the road's land extends 1.5 to 4 m further on either side. */
export const ROAD_WIDTH: Readonly<Record<RoadKind, number>> = {
  expressway: 33,
  national: 28,
  provincial: 18,
  district: 12,
  urban: 9,
  local: 6,
};
const RAIL_WIDTH = 16;

export interface Street {
  readonly name: string | null;
  readonly ref: string | null;
  readonly kind: RoadKind;
  /** Corner by corner, metres: [x, y, x, y, …]. */
  readonly line: number[];
  /** An adjacent cell; undefined for main roads. */
  readonly cell?: number;
}

export interface Track {
  readonly name: string;
  readonly kind: 'rail' | 'metro';
  readonly line: number[];
}

export interface StreetNet {
  readonly streets: readonly Street[];
  readonly tracks: readonly Track[];
  /** Returns the index of the street along a side; undefined if there is none (a bank, a border, a railway). */
  streetOf(a: number, b: number): number | undefined;
  /** Returns the metres between a side and the parcels. */
  setback(a: number, b: number): number;
}

const STREET_NAMES = [
  'Yersin',
  'Phú Lợi',
  'Lê Hồng Phong',
  'Nguyễn Trãi',
  'Trần Hưng Đạo',
  'Lý Thường Kiệt',
  'Nguyễn Đình Chiểu',
  'Ngô Quyền',
  'Hai Bà Trưng',
  'Bà Triệu',
  'Nguyễn Thị Minh Khai',
  'Trịnh Hoài Đức',
  'Thích Quảng Đức',
  'Nguyễn Tri Phương',
  'Hoàng Văn Thụ',
  'Lê Lợi',
  'Nguyễn Du',
  'Đoàn Trần Nghiệp',
  'Bùi Quốc Khánh',
  'Võ Minh Đức',
  'Trần Văn Ơn',
  'Lê Chí Dân',
  'Hồ Văn Cống',
  'Bạch Đằng',
  'Phan Đình Giót',
  'Nguyễn Văn Tiết',
  'Lê Thị Trung',
  'Trần Bình Trọng',
  'Phạm Ngũ Lão',
  'Huỳnh Văn Nghệ',
  'Nguyễn Chí Thanh',
  'Lê Văn Tám',
  'Nguyễn Văn Trỗi',
  'Tôn Đức Thắng',
  'Võ Thị Sáu',
  'Kim Đồng',
  'Trần Quốc Toản',
  'Lý Tự Trọng',
  'Nguyễn Hữu Cảnh',
  'Đồng Khởi',
  'Hùng Vương',
  'Lê Duẩn',
  'Nam Kỳ Khởi Nghĩa',
  'Nguyễn Văn Linh',
  'Điện Biên Phủ',
  'Thống Nhất',
  'Độc Lập',
  'Trường Chinh',
  'Phan Bội Châu',
  'Phan Chu Trinh',
  'Nguyễn Khuyến',
  'Tô Vĩnh Diện',
  'Bình Nhâm',
  'Gò Cát',
] as const;

/** Returns the kind of a street by its length and its surroundings. */
function roadKind(length: number, density: number): RoadKind {
  if (length > 2600 && density < 0.5) return 'district';
  return (density > 0.45 && length > 900) || length > 1700 ? 'urban' : 'local';
}

function streetLength(line: readonly number[]): number {
  let sum = 0;
  for (let index = 2; index < line.length; index += 2) {
    sum += Math.hypot(line[index]! - line[index - 2]!, line[index + 1]! - line[index - 1]!);
  }
  return sum;
}

/** Lays all streets: the main roads first, then those between the blocks. */
export function layStreets(mesh: Mesh, density: (x: number, y: number) => number, seed: number): StreetNet {
  const graph = new SideGraph(mesh);
  const streetAt = new Map<number, number>();
  const streets: Street[] = [];
  const rail = new Set<number>();
  const tracks: Track[] = RAILWAYS.map(({ name, course }) => {
    const path = follow(graph, dense(smooth(course)));
    path.slice(1).forEach((vertex, index) => {
      rail.add(sideKey(path[index]!, vertex));
    });
    return { name, kind: 'rail', line: graph.line(path) };
  });
  const take = (path: readonly number[], street: Street) => {
    path.slice(1).forEach((vertex, index) => {
      const key = sideKey(path[index]!, vertex);
      if (!streetAt.has(key) && !rail.has(key)) streetAt.set(key, streets.length);
    });
    streets.push(street);
  };
  for (const road of ROADS) {
    const path = follow(graph, dense(smooth(road.course)));
    take(path, mainStreet(road, graph.line(path)));
    if (road.name === METRO.road) tracks.push(metro(graph.line(path)));
  }
  const chains = chainStreets(graph, new Set([...streetAt.keys(), ...rail]));
  chains.forEach((path, index) => {
    const line = graph.line(path);
    const at = 2 * Math.floor(line.length / 4);
    const kind = roadKind(streetLength(line), density(line[at]!, line[at + 1]!));
    const cell = graph.sides.get(sideKey(path[0]!, path[1]!))?.cells[0];
    const street = { ...nameStreet(kind, new Random(mix(seed, 41, index))), kind, line };
    take(path, cell === undefined ? street : { ...street, cell });
  });
  return { streets, tracks, ...sideLookup(mesh, { streets, streetAt, rail }) };
}

function mainStreet({ name, ref, kind }: MainRoad, line: number[]): Street {
  return { name, ref: ref ?? null, kind, line };
}

function metro(line: readonly number[]): Track {
  const cut = (part: number) => 2 * Math.floor((part * line.length) / 2);
  return { name: METRO.name, kind: 'metro', line: line.slice(cut(METRO.from), cut(METRO.to)) };
}

function nameStreet(kind: RoadKind, random: Random): { name: string | null; ref: string | null } {
  if (kind === 'district') return { name: `ĐH${random.integer(401, 619)}`, ref: null };
  if (kind === 'urban') return { name: random.pick(STREET_NAMES), ref: null };
  return { name: `${random.pick(['ĐX', 'N', 'D', 'ĐX', 'Tổ '])}${random.integer(1, 142)}`, ref: null };
}

function sideLookup(
  mesh: Mesh,
  {
    streets,
    streetAt,
    rail,
  }: { streets: readonly Street[]; streetAt: ReadonlyMap<number, number>; rail: ReadonlySet<number> },
): Pick<StreetNet, 'streetOf' | 'setback'> {
  const wet = new Set<number>();
  mesh.corners.forEach((corners, cell) => {
    if (mesh.seeds.water[cell]) for (const vertex of corners) wet.add(vertex);
  });
  return {
    streetOf: (a, b) => streetAt.get(sideKey(a, b)),
    setback: (a, b) => {
      const street = streetAt.get(sideKey(a, b));
      if (rail.has(sideKey(a, b))) return RAIL_WIDTH / 2;
      // A footpath along the banks.
      if (street === undefined) return wet.has(a) && wet.has(b) ? 6 : 1;
      const kind = streets[street]!.kind;
      return ROAD_WIDTH[kind] / 2 + (kind === 'local' ? 0.8 : kind === 'urban' ? 2 : 4);
    },
  };
}
