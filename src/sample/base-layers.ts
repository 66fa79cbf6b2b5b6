import { copyLine } from '../database/sql.ts';
import { contours } from './contours.ts';
import { sampleMetres } from './curve.ts';
import { multiLine, multiPolygon, point } from './ewkb.ts';
import { COVER_KIND } from './land-use.ts';
import { groupCells, joinCells, toMillimetre } from './mesh.ts';
import { cellsOfModel, formerOf, type Model, wardOf } from './model.ts';
import { INDUSTRIAL_PARKS, RESERVOIR, RIVERS, TOWNS } from './province.ts';
import { mix, Random } from './random.ts';
import { RESERVOIR_ID, riverCurve, riverWidth } from './seeds.ts';
import { ROAD_WIDTH, type Street } from './streets.ts';
import { height } from './terrain.ts';
import { NEW_FROM, OLD_FROM } from './units.ts';

/** Rows of one table as lines for COPY. */
export interface TableRows {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly lines: string[];
}

/**
 * Returns shapes of the units for a temporary table: code, valid_from, geom. The province and its districts are unions
 * of cells as well.
 */
export function unitLines(model: Model): string[] {
  const cells = cellsOfModel(model);
  const line = (code: string, from: string | null, own: readonly number[]) =>
    copyLine([code, from, multiPolygon(joinCells(model.mesh, own))]);
  const wards = groupCells(cells, (cell) => wardOf(model, cell)?.code);
  const former = groupCells(cells, (cell) => formerOf(model, cell)?.code);
  const districts = groupCells(cells, (cell) => formerOf(model, cell)?.district);
  return [
    line('74', null, cells),
    ...[...districts].map(([code, own]) => line(code, null, own)),
    ...[...former].map(([code, own]) => line(code, OLD_FROM, own)),
    ...[...wards].map(([code, own]) => line(code, NEW_FROM, own)),
  ];
}

function waterBodies(model: Model): TableRows {
  const wet = Array.from({ length: model.mesh.count }, (_, cell) => cell).filter(
    (cell) => model.mesh.seeds.water[cell] && model.mesh.corners[cell]!.length,
  );
  const lines = [...groupCells(wet, (cell) => model.mesh.seeds.water[cell])].map(([water, cells]) => {
    const name = water === RESERVOIR_ID ? RESERVOIR.name : RIVERS[(water as number) - 1]!.name;
    return copyLine([name, water === RESERVOIR_ID ? 'reservoir' : 'river', multiPolygon(joinCells(model.mesh, cells))]);
  });
  return { schema: 'base', table: 'water_body', columns: ['name', 'kind', 'geom'], lines };
}

/** Returns true for one in seven paths between fields: a ditch, which is a stream on high ground and a canal on low. */
function isDitch({ seed, cover }: Model, { kind, cell, line }: Street): boolean {
  if (kind !== 'local' || cell === undefined) return false;
  const farmed = ['rice', 'orchard', 'crop', 'rubber', 'forest'].includes(cover[cell]!);
  return farmed && line.length > 6 && mix(seed, 91, cell) % 7 === 0;
}

function waterways(model: Model): TableRows {
  const rivers = RIVERS.map(({ name }, index) =>
    copyLine([
      name,
      'river',
      riverWidth(index, 0.5),
      multiLine([riverCurve(index, model.seed).flat().map(toMillimetre)]),
    ]),
  );
  const ditches = model.net.streets
    .filter((street) => isDitch(model, street))
    .map(({ line, cell }) => {
      const canal = model.cover[cell!] === 'rice' || model.cover[cell!] === 'orchard';
      const number = mix(model.seed, 92, cell!) % 60;
      const name = canal ? `Kênh T${number + 1}` : number < 20 ? `Suối ${STREAMS[number % STREAMS.length]}` : null;
      return copyLine([name, canal ? 'canal' : 'stream', canal ? 5 : 4, multiLine([line.map(toMillimetre)])]);
    });
  return {
    schema: 'base',
    table: 'waterway',
    columns: ['name', 'kind', 'width_m', 'geom'],
    lines: [...rivers, ...ditches],
  };
}

const STREAMS = [
  'Giai',
  'Nước Trong',
  'Cái',
  'Con Nai',
  'Bến Tượng',
  'Căm Xe',
  'Dứa',
  'Xuy Nô',
  'Tre',
  'Đá Bàn',
] as const;

export const ROAD_COLUMNS = ['name', 'ref', 'kind', 'width_m', 'surface', 'geom'] as const;

function roads(model: Model): TableRows {
  const lines = model.net.streets
    .filter((street) => street.line.length >= 4 && !isDitch(model, street))
    .map(({ name, ref, kind, line, cell }) => {
      const earth =
        kind === 'local' && cell !== undefined && !['town', 'suburb', 'industry'].includes(model.cover[cell]!);
      const surface = earth ? 'đất, sỏi đỏ' : kind === 'local' ? 'bê tông xi măng' : 'bê tông nhựa';
      return copyLine([earth ? null : name, ref, kind, ROAD_WIDTH[kind], surface, multiLine([line])]);
    });
  return { schema: 'base', table: 'road', columns: ROAD_COLUMNS, lines };
}

function railways({ net }: Model): TableRows {
  const lines = net.tracks.map(({ name, kind, line }) => copyLine([name, kind, multiLine([line])]));
  return { schema: 'base', table: 'railway', columns: ['name', 'kind', 'geom'], lines };
}

/** Joins land cover by kind within each patch of 2 km, so that no tile holds the whole province's rubber. */
function landCover(model: Model): TableRows {
  const { seeds } = model.mesh;
  const groups = groupCells(cellsOfModel(model), (cell) => {
    const cover = model.cover[cell]!;
    return cover === 'water' ? undefined : `${COVER_KIND[cover]}:${seeds.patches.find(seeds.x[cell]!, seeds.y[cell]!)}`;
  });
  const lines = [...groups].map(([key, cells]) =>
    copyLine([key.split(':')[0], multiPolygon(joinCells(model.mesh, cells))]),
  );
  return { schema: 'base', table: 'land_cover', columns: ['kind', 'geom'], lines };
}

const PLACE_COLUMNS = ['name', 'kind', 'rank', 'population', 'geom'] as const;

function centreOf(model: Model, cells: readonly number[]): [number, number] {
  const { seeds } = model.mesh;
  const dry = cells.filter((cell) => !seeds.water[cell]);
  const use = dry.length ? dry : cells;
  const mean = [seeds.x, seeds.y].map((axis) => use.reduce((sum, cell) => sum + axis[cell]!, 0) / use.length);
  const away = (cell: number) => Math.hypot(seeds.x[cell]! - mean[0]!, seeds.y[cell]! - mean[1]!);
  const best = use.reduce((nearest, cell) => (away(cell) < away(nearest) ? cell : nearest));
  return [seeds.x[best]!, seeds.y[best]!];
}

function places(model: Model): TableRows {
  const random = new Random(mix(model.seed, 101));
  const cells = cellsOfModel(model);
  const lines = [
    ...TOWNS.map(({ name, at, reach }) =>
      copyLine([
        name,
        reach > 2100 ? 'city' : 'town',
        reach > 3000 ? 1 : reach > 2100 ? 2 : 3,
        Math.round(reach * random.between(55, 90)),
        point(...sampleMetres(at)),
      ]),
    ),
    ...model.wards.map(({ fullName, urban, x, y }) =>
      copyLine([fullName, urban ? 'ward' : 'commune', 4, random.integer(28_000, 110_000), point(x, y)]),
    ),
    ...INDUSTRIAL_PARKS.map(({ name, at }) => copyLine([name, 'landmark', 5, null, point(...sampleMetres(at))])),
    ...[...groupCells(cells, (cell) => formerOf(model, cell)?.name)].map(([name, own]) =>
      copyLine([name.replace(/^(Phường|Xã|Thị trấn) /, ''), 'quarter', 6, null, point(...centreOf(model, own))]),
    ),
    ...hamlets(model, cells),
  ];
  return { schema: 'base', table: 'place', columns: PLACE_COLUMNS, lines };
}

/** Places names of hamlets about every two kilometres. Addresses use the same numbers. */
function hamlets(model: Model, cells: readonly number[]): string[] {
  const { seeds } = model.mesh;
  const settled = cells.filter((cell) => model.cover[cell] !== 'water' && model.cover[cell] !== 'forest');
  const groups = groupCells(
    settled,
    (cell) => `${seeds.patches.find(seeds.x[cell]!, seeds.y[cell]!)}:${model.assignment.ward[cell]}`,
  );
  return [...groups].flatMap(([key, own]) => {
    if (own.length < 4) return [];
    const [patch, ward] = key.split(':').map(Number) as [number, number];
    const { urban, name } = model.wards[ward]!;
    const number = 1 + (mix(patch, ward) % 9);
    return [
      copyLine([
        `${urban ? 'Khu phố' : 'Ấp'} ${number} ${name}`,
        urban ? 'quarter' : 'hamlet',
        8,
        null,
        point(...centreOf(model, own)),
      ]),
    ];
  });
}

function controlPoints(model: Model): TableRows {
  const random = new Random(mix(model.seed, 111));
  const dry = cellsOfModel(model).filter((cell) => model.cover[cell] !== 'water');
  const lines = Array.from({ length: 260 }, (_, index) => {
    const cell = random.pick(dry);
    const [x, y] = [model.mesh.seeds.x[cell]!, model.mesh.seeds.y[cell]!].map(
      (value) => Math.round(value * 1000) / 1000,
    ) as [number, number];
    const grade = index < 12 ? 'II' : index < 70 ? 'III' : 'địa chính cơ sở';
    const name = index < 70 ? `${650_400 + index * 7}` : `ĐCCS-${index}`;
    return copyLine([name, grade, Math.round(height(x, y, model.seed) * 1000) / 1000, point(x, y)]);
  });
  return { schema: 'base', table: 'control_point', columns: ['name', 'grade', 'height_m', 'geom'], lines };
}

function contourLines(model: Model): TableRows {
  const lines = contours(model.mesh.seeds.outline, (x, y) => height(x, y, model.seed)).map(({ level, line }) =>
    copyLine([level, level % 50 === 0, multiLine([line])]),
  );
  return { schema: 'base', table: 'contour', columns: ['height_m', 'is_index', 'geom'], lines };
}

/** Yields all of `base` except units and buildings. */
export function* baseLayers(model: Model): Generator<TableRows> {
  yield waterBodies(model);
  yield waterways(model);
  yield roads(model);
  yield railways(model);
  yield landCover(model);
  yield places(model);
  yield controlPoints(model);
  yield contourLines(model);
}
