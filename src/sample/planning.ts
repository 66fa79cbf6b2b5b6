import { Delaunay } from 'd3-delaunay';
import { copyLine } from '../database/sql.ts';
import type { TableRows } from './base-layers.ts';
import { multiPolygon } from './ewkb.ts';
import type { Model } from './model.ts';
import { mix, Random } from './random.ts';

interface ZoneKind {
  readonly code: string;
  readonly name: string;
  readonly use: string;
}

const ZONES: Readonly<Record<string, ZoneKind>> = {
  odt: { code: 'ODT', name: 'Đất ở đô thị', use: 'ODT' },
  ont: { code: 'ONT', name: 'Đất ở nông thôn', use: 'ONT' },
  tmd: { code: 'TMD', name: 'Đất thương mại, dịch vụ', use: 'TMD' },
  skk: { code: 'SKK', name: 'Đất khu công nghiệp', use: 'SKK' },
  dkv: { code: 'DKV', name: 'Đất cây xanh, vui chơi giải trí công cộng', use: 'DKV' },
  dgd: { code: 'DGD', name: 'Đất giáo dục và đào tạo', use: 'DGD' },
  cln: { code: 'CLN', name: 'Đất trồng cây lâu năm', use: 'CLN' },
  luc: { code: 'LUC', name: 'Đất chuyên trồng lúa', use: 'LUC' },
  hnk: { code: 'HNK', name: 'Đất trồng cây hằng năm khác', use: 'HNK' },
  rsx: { code: 'RSX', name: 'Đất rừng sản xuất', use: 'RSX' },
  road: { code: 'DGT', name: 'Đất giao thông: mở rộng', use: 'DGT' },
};

/** Zones that a plan assigns. Towns grow a little beyond their present size. */
const FORESEEN: Readonly<Record<string, readonly (keyof typeof ZONES)[]>> = {
  town: ['odt', 'odt', 'odt', 'tmd', 'dkv', 'dgd'],
  suburb: ['odt', 'odt', 'ont', 'tmd', 'dkv'],
  industry: ['skk', 'skk', 'dkv'],
  rubber: ['cln', 'cln', 'cln', 'skk', 'ont'],
  orchard: ['cln', 'cln', 'ont', 'odt'],
  crop: ['hnk', 'cln', 'odt'],
  rice: ['luc', 'luc', 'dkv'],
  forest: ['rsx'],
  grass: ['dkv'],
  bare: ['skk', 'dkv'],
};

const CONSTRUCTION_NAMES: Readonly<Record<string, string>> = {
  odt: 'Nhóm nhà ở chỉnh trang',
  ont: 'Điểm dân cư nông thôn',
  tmd: 'Hỗn hợp thương mại – dịch vụ – ở',
  skk: 'Khu sản xuất công nghiệp',
  dkv: 'Công viên, cây xanh',
  dgd: 'Trường học',
};

export const PLAN_COLUMNS = ['plan', 'zone_code', 'name', 'land_use_code', 'period', 'decision', 'geom'] as const;

/** Returns centres of zones; in towns they are closer than `step` metres. */
function zoneCentres(model: Model, step: number, random: Random): number[] {
  const points: number[] = [];
  for (let x = 556_000; x < 640_000; x += step) {
    for (let y = 1_196_000; y < 1_276_000; y += step) {
      const [px, py] = [x + random.between(-0.4, 0.4) * step, y + random.between(-0.4, 0.4) * step];
      points.push(px, py);
      if (model.density(px, py) < 0.5) continue;
      for (let extra = 0; extra < 4; extra++)
        points.push(px + random.between(-0.5, 0.5) * step, py + random.between(-0.5, 0.5) * step);
    }
  }
  return points;
}

/**
 * Returns the zones of one plan, which cross parcels as real plans do. Zones at the province's edge are clipped after
 * loading, and the corridors of widened roads are cut out.
 */
function zonesOf(model: Model, plan: 'land_use' | 'construction'): string[] {
  const random = new Random(mix(model.seed, 121, plan.length));
  const points = zoneCentres(model, plan === 'land_use' ? 2100 : 1500, random);
  const finder = Delaunay.from(
    { length: model.mesh.count } as ArrayLike<number>,
    (_, i) => model.mesh.seeds.x[i]!,
    (_, i) => model.mesh.seeds.y[i]!,
  );
  const voronoi = new Delaunay(points).voronoi([552_000, 1_192_000, 644_000, 1_280_000]);
  const lines: string[] = [];
  for (let zone = 0; zone < points.length / 2; zone++) {
    const cell = finder.find(points[2 * zone]!, points[2 * zone + 1]!);
    const foreseen = model.mesh.inside[cell] ? FORESEEN[model.cover[cell]!] : undefined;
    const ring = voronoi.cellPolygon(zone);
    // Construction plans cover the towns and their surroundings, not the plantations.
    if (!foreseen || !ring || (plan === 'construction' && !['town', 'suburb', 'industry'].includes(model.cover[cell]!)))
      continue;
    const key = random.pick(foreseen);
    const kind = ZONES[key]!;
    const shape = ring
      .slice(0, -1)
      .reverse()
      .flat()
      .map((value) => Math.round(value * 1000) / 1000);
    const name = plan === 'land_use' ? kind.name : (CONSTRUCTION_NAMES[key] ?? kind.name);
    lines.push(
      copyLine([
        plan,
        kind.code,
        name,
        kind.use,
        '2021-2030',
        `QĐ ${random.integer(1100, 3400)}/QĐ-UBND`,
        multiPolygon([[shape]]),
      ]),
    );
  }
  return lines;
}

export function planningZones(model: Model): TableRows {
  return {
    schema: 'land',
    table: 'planning_zone',
    columns: PLAN_COLUMNS,
    lines: [...zonesOf(model, 'land_use'), ...zonesOf(model, 'construction')],
  };
}
