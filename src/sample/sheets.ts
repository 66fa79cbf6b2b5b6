import { groupCells } from './mesh.ts';
import { cellsOf, formerOf, type Model, subdivideCell, wardOf } from './model.ts';

/** A map sheet: the cells surveyed on it. */
export interface MapSheet {
  readonly ward: number;
  readonly number: number;
  readonly cells: readonly number[];
  /** Side length in metres. */
  readonly size: number;
}

/** Multiples of the usual share of parcels for some wards in a small sample, where visitors look first. */
const SHARE: Readonly<Record<string, number>> = {
  'Thủ Dầu Một': 5,
  'Phú Lợi': 5,
  'Bình Dương': 2.5,
  'Dĩ An': 2.5,
  'Lái Thiêu': 1.6,
  'Bến Cát': 1.6,
  'Chánh Hiệp': 1.6,
};

/** Share of a ward's parcels surveyed from the centre outwards. The rest are large ones around it. */
const CENTRE_PART = 0.72;

/** Chooses the cells to survey so that about `parcels` result, and lays out their sheets. */
export function planSheets(model: Model, parcels: number): MapSheet[] {
  const cells = cellsOf(model).filter((cell) => model.cover[cell] !== 'water');
  const surveyed = new Set(chooseCells(model, cells, parcels));
  return [...groupCells(cells, (cell) => model.assignment.ward[cell])].flatMap(([ward, own]) =>
    layOut(model, ward, own)
      .map((sheet) => ({ ...sheet, cells: sheet.cells.filter((cell) => surveyed.has(cell)) }))
      .filter((sheet) => sheet.cells.length > 0),
  );
}

/** Returns the sheets of a whole ward, numbered from north to south and from west to east. */
function layOut({ mesh, wards }: Model, ward: number, cells: readonly number[]): MapSheet[] {
  const size = wards[ward]!.areaKm2 < 45 ? 500 : 1000;
  const place = (value: number) => Math.floor(value / size);
  const sheets = groupCells(cells, (cell) => -place(mesh.seeds.y[cell]!) * 10_000 + place(mesh.seeds.x[cell]!));
  return [...sheets].sort(([a], [b]) => a - b).map(([, own], index) => ({ ward, number: index + 1, cells: own, size }));
}

function chooseCells(model: Model, cells: readonly number[], parcels: number): number[] {
  const byWard = groupCells(cells, (cell) => model.assignment.ward[cell]);
  const share = (ward: number) => SHARE[model.wards[ward]!.name] ?? 1;
  let open = [...byWard.keys()].map((ward) => ({
    ward,
    queue: queueOf(model, ward, byWard.get(ward)!),
    quota: 0,
    taken: 0,
  }));
  const chosen: number[] = [];
  let left = parcels;
  // Wards without further cells leave their share to the others.
  while (left > 0 && open.length) {
    const total = open.reduce((sum, { ward }) => sum + share(ward), 0);
    const before = left;
    for (const each of open) {
      each.quota += (before * share(each.ward)) / total;
      left -= take(model, each, chosen);
    }
    open = open.filter(({ queue }) => queue.near.length + queue.wide.length > 0);
    if (left > before * 0.98) break;
    if (left < 40 * open.length) break;
  }
  return chosen;
}

interface Survey {
  readonly queue: { near: number[]; wide: number[] };
  readonly quota: number;
  taken: number;
}

/** @returns number of parcels taken */
function take(model: Model, survey: Survey, chosen: number[]): number {
  const before = survey.taken;
  const { near, wide } = survey.queue;
  const pull = (queue: number[], limit: number) => {
    while (queue.length && survey.taken < limit) {
      const cell = queue.pop()!;
      chosen.push(cell);
      survey.taken += subdivideCell(model, cell).lots.length;
    }
  };
  pull(near, survey.taken + (survey.quota - survey.taken) * CENTRE_PART);
  pull(wide, survey.quota);
  pull(near, survey.quota);
  return survey.taken - before;
}

/** Returns the cells of a ward as a stack: built-up cells and those of large parcels, the most central on top. */
function queueOf(model: Model, ward: number, cells: readonly number[]): Survey['queue'] {
  const { x, y } = model.wards[ward]!;
  const away = (cell: number) => Math.hypot(model.mesh.seeds.x[cell]! - x, model.mesh.seeds.y[cell]! - y);
  const sorted = [...cells].sort((a, b) => away(b) - away(a));
  const dense = (cell: number) => model.cover[cell] === 'town' || model.cover[cell] === 'suburb';
  return { near: sorted.filter(dense), wide: sorted.filter((cell) => !dense(cell)) };
}

/**
 * Returns the number of the old sheet for each former unit and new sheet. Former units had sheets of their own, from
 * west to east.
 */
export function oldSheetNumbers(model: Model): (cell: number, sheet: MapSheet) => number {
  const numbers = new Map<string, number>();
  const next = new Map<string, number>();
  const key = (former: string, sheet: MapSheet) => `${former}:${sheet.ward}:${sheet.number}`;
  const cells = cellsOf(model).filter((cell) => model.cover[cell] !== 'water');
  for (const [ward, own] of groupCells(cells, (cell) => model.assignment.ward[cell])) {
    const sheets = layOut(model, ward, own);
    const west = (sheet: MapSheet) => Math.floor(model.mesh.seeds.x[sheet.cells[0]!]! / sheet.size);
    for (const sheet of [...sheets].sort((a, b) => west(a) - west(b) || a.number - b.number)) {
      for (const cell of sheet.cells) {
        const former = formerOf(model, cell)?.code ?? wardOf(model, cell)!.code;
        if (numbers.has(key(former, sheet))) continue;
        next.set(former, (next.get(former) ?? 0) + 1);
        numbers.set(key(former, sheet), next.get(former)!);
      }
    }
  }
  return (cell, sheet) => numbers.get(key(formerOf(model, cell)?.code ?? wardOf(model, cell)!.code, sheet))!;
}
