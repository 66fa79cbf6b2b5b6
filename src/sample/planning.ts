import { Delaunay } from 'd3-delaunay';
import { copyLine } from '../database/sql.ts';
import type { TableRows } from './base-layers.ts';
import { type FlatRing, inset, toMillimetres } from './convex.ts';
import { smooth } from './curve.ts';
import { multiLine, multiPolygon } from './ewkb.ts';
import type { Cover } from './land-use.ts';
import { cellRing, groupCells, joinCells, type Polygon } from './mesh.ts';
import { cellsOfModel, type Model } from './model.ts';
import { PLANNED_ROADS } from './planned-roads.ts';
import { streetLand } from './public-land.ts';
import { mix, Random } from './random.ts';

interface ZoneKind {
  readonly code: string;
  readonly name: string;
  readonly use: string;
}

const STREETS: ZoneKind = { code: 'DGT', name: 'Đất giao thông', use: 'DGT' };

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

type PlanKind = 'land_use' | 'construction';

/** Each plan stands by one decision. */
const DECISIONS: Readonly<Record<PlanKind, string>> = { land_use: 'QĐ 2164/QĐ-UBND', construction: 'QĐ 1848/QĐ-UBND' };

const COLUMNS = ['plan', 'zone_code', 'name', 'land_use_code', 'period', 'decision', 'geom'] as const;

/** Covers with streets to be widened. Construction plans cover only these, not the plantations. */
const BUILT: ReadonlySet<Cover> = new Set(['town', 'suburb', 'industry']);

function zoneLine(plan: PlanKind, { code, name, use }: ZoneKind, polygons: readonly Polygon[]): string {
  return copyLine([plan, code, name, use, '2021-2030', DECISIONS[plan], multiPolygon(polygons)]);
}

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

/** Returns groups of cells with one cover, each around the centre of a zone: zones are grown from blocks. */
function growZones(model: Model, plan: PlanKind, random: Random): number[][] {
  const centres = new Delaunay(zoneCentres(model, plan === 'land_use' ? 2100 : 1500, random));
  const { seeds } = model.mesh;
  let nearest = 0;
  const zones = groupCells(cellsOfModel(model), (cell) => {
    const cover = model.cover[cell]!;
    if (cover === 'water' || (plan === 'construction' && !BUILT.has(cover))) return undefined;
    nearest = centres.find(seeds.x[cell]!, seeds.y[cell]!, nearest);
    return `${nearest}:${cover}`;
  });
  return [...zones.values()];
}

/** Metres that a plan adds to the land of a street, on either side. */
const WIDENING = { local: 2, urban: 4, district: 4, provincial: 6, national: 6, expressway: 4 } as const;

/** Share of the local streets that are to be widened. */
const WIDENED = 0.3;

/** Returns a block within the red lines of its planned streets. Where these lie inside parcels, they divide them. */
function plannedBlock({ mesh, net, seed }: Model, cell: number): FlatRing {
  const corners = mesh.corners[cell]!;
  const block = inset(cellRing(mesh, cell), (side) => {
    const [a, b] = [corners[side]!, corners[(side + 1) % corners.length]!];
    const street = net.streetOf(a, b);
    const kind = street === undefined ? undefined : net.streets[street]!.kind;
    const widened = kind && (kind !== 'local' || new Random(mix(seed, 122, street!)).chance(WIDENED));
    return net.setback(a, b) + (widened ? WIDENING[kind] : 0);
  });
  return toMillimetres(block);
}

function landUseZones(model: Model): string[] {
  const { mesh } = model;
  const random = new Random(mix(model.seed, 121, 1));
  const built = cellsOfModel(model).filter((cell) => BUILT.has(model.cover[cell]!));
  const blocks = new Map(built.map((cell) => [cell, plannedBlock(model, cell)]));
  const lines = growZones(model, 'land_use', random).map((cells) => {
    const kind = ZONES[random.pick(FORESEEN[model.cover[cells[0]!]!]!)]!;
    const own = cells.flatMap((cell) => {
      const block = blocks.get(cell);
      return block && block.length >= 6 ? [[block]] : [];
    });
    return zoneLine('land_use', kind, blocks.has(cells[0]!) ? own : joinCells(model.mesh, cells));
  });
  const { patches, x, y } = mesh.seeds;
  const streets = [...groupCells(built, (cell) => patches.find(x[cell]!, y[cell]!)).values()].map((cells) => {
    const land = streetLand(mesh, cells, (cell) => [blocks.get(cell)!]);
    return zoneLine(
      'land_use',
      STREETS,
      land.map(({ polygon }) => polygon),
    );
  });
  return [...lines, ...streets];
}

function constructionZones(model: Model): string[] {
  const random = new Random(mix(model.seed, 121, 2));
  return growZones(model, 'construction', random).map((cells) => {
    const key = random.pick(FORESEEN[model.cover[cells[0]!]!]!);
    const kind = ZONES[key]!;
    return zoneLine(
      'construction',
      { ...kind, name: CONSTRUCTION_NAMES[key] ?? kind.name },
      joinCells(model.mesh, cells),
    );
  });
}

/** Returns the zones of both plans, from whose land the database cuts the roads to be built or widened. */
export function planningZones(model: Model): TableRows {
  const lines = [...landUseZones(model), ...constructionZones(model)].filter(Boolean);
  return { schema: 'land', table: 'planning_zone', columns: COLUMNS, lines };
}

/** Returns the centre lines of planned roads. */
export function plannedRoads(): TableRows {
  const lines = PLANNED_ROADS.map(({ name, widthM, course }) => {
    const line = smooth(course)
      .flat()
      .map((value) => Math.round(value * 1000) / 1000);
    return copyLine([name, widthM, '2021-2030', DECISIONS.land_use, multiLine([line])]);
  });
  const columns = ['name', 'width_m', 'period', 'decision', 'geom'];
  return { schema: 'land', table: 'planned_road', columns, lines };
}
