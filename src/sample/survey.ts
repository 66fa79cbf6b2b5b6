import { groupCells } from './mesh.ts';
import { cellsOfModel, type Model, subdivideCell } from './model.ts';

/** A unit whose parcels are in the sample, with all of its cells. */
export interface SurveyedUnit {
  /** Index in `model.wards`. */
  readonly ward: number;
  readonly cells: readonly number[];
  /** Cells around the centre that are cut into house plots and fields. */
  readonly divided: ReadonlySet<number>;
}

/** Two wards side by side, and a commune with its landfill: even the smallest sample covers them whole. */
const FIRST: readonly string[] = ['Phú Lợi', 'Chánh Hiệp', 'An Long'];

/** Units that follow, one at a time; after them come the others. */
const NEXT: readonly string[] = ['Thủ Dầu Một', 'Dĩ An', 'Bình Dương', 'Lái Thiêu', 'Bến Cát'];

/** Returns the units that about `parcels` parcels fill. Every unit is covered whole; only its centre may be divided. */
export function surveyUnits(model: Model, parcels: number): SurveyedUnit[] {
  const byWard = groupCells(cellsOfModel(model), (cell) => model.assignment.ward[cell]);
  const result: SurveyedUnit[] = [];
  let left = parcels;
  for (const group of groupUnits(model)) {
    if (left <= 0) break;
    const queues = group.map((ward) => queueOf(model, ward, byWard.get(ward)!));
    const whole = sumOf(queues.map(({ least }) => least));
    const extra = sumOf(queues.map(({ gain }) => sumOf(gain)));
    // Half of a sample that is too small for all blocks are plots of divided ones.
    const part = Math.min(1, Math.max(left - whole, left / 2) / extra);
    for (const queue of queues) result.push(divide(queue, part));
    left -= whole + part * extra;
  }
  return result;
}

const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function groupUnits({ wards }: Model): number[][] {
  const index = (name: string) => wards.findIndex((ward) => ward.name === name);
  const known = [...FIRST, ...NEXT];
  const others = wards.flatMap(({ name }, ward) => (known.includes(name) ? [] : [[ward]]));
  return [FIRST.map(index), ...NEXT.map((name) => [index(name)]), ...others];
}

interface Queue {
  readonly ward: number;
  /** The most central first. */
  readonly cells: readonly number[];
  /** Parcels if no cell is divided, and how many more each division makes. */
  readonly least: number;
  readonly gain: readonly number[];
}

function queueOf(model: Model, ward: number, own: readonly number[]): Queue {
  const { x, y } = model.wards[ward]!;
  const away = (cell: number) => Math.hypot(model.mesh.seeds.x[cell]! - x, model.mesh.seeds.y[cell]! - y);
  const cells = [...own].sort((a, b) => away(a) - away(b));
  const dry = (cell: number) => model.cover[cell] !== 'water';
  const count = (cell: number, divided: boolean) => (dry(cell) ? subdivideCell(model, cell, divided).lots.length : 0);
  const least = cells.map((cell) => count(cell, false));
  return { ward, cells, least: sumOf(least), gain: cells.map((cell, index) => count(cell, true) - least[index]!) };
}

function divide({ ward, cells, gain }: Queue, part: number): SurveyedUnit {
  const divided = new Set<number>();
  const limit = part * sumOf(gain);
  let taken = 0;
  cells.forEach((cell, index) => {
    if (taken >= limit && part < 1) return;
    divided.add(cell);
    taken += gain[index]!;
  });
  return { ward, cells, divided };
}
