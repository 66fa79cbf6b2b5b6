import { groupCells } from './mesh.ts';
import { cellsOfModel, formerOf, type Model, wardOf } from './model.ts';
import { surveyUnits } from './survey.ts';

/** A map sheet: the cells surveyed on it. */
export interface MapSheet {
  readonly ward: number;
  readonly number: number;
  readonly cells: readonly number[];
  /** Side length in metres. */
  readonly size: number;
  /** Cells that are cut into house plots and fields. Others have a few large parcels. */
  readonly divided: ReadonlySet<number>;
}

type UndividedSheet = Omit<MapSheet, 'divided'>;

/** Lays out the sheets of the units that about `parcels` parcels fill. */
export function planSheets(model: Model, parcels: number): MapSheet[] {
  return surveyUnits(model, parcels).flatMap(({ ward, cells, divided }) =>
    layOut(model, ward, cells).map((sheet) => ({ ...sheet, divided })),
  );
}

/** Returns the sheets of a whole ward, numbered from north to south and from west to east. */
function layOut({ mesh, wards }: Model, ward: number, cells: readonly number[]): UndividedSheet[] {
  const size = wards[ward]!.areaKm2 < 45 ? 500 : 1000;
  const place = (value: number) => Math.floor(value / size);
  const sheets = groupCells(cells, (cell) => -place(mesh.seeds.y[cell]!) * 10_000 + place(mesh.seeds.x[cell]!));
  return [...sheets].sort(([a], [b]) => a - b).map(([, own], index) => ({ ward, number: index + 1, cells: own, size }));
}

/**
 * Returns the number of the old sheet for each former unit and new sheet. Former units had sheets of their own, from
 * west to east.
 */
export function oldSheetNumbers(model: Model): (cell: number, sheet: UndividedSheet) => number {
  const numbers = new Map<string, number>();
  const next = new Map<string, number>();
  const key = (former: string, sheet: UndividedSheet) => `${former}:${sheet.ward}:${sheet.number}`;
  for (const [ward, own] of groupCells(cellsOfModel(model), (cell) => model.assignment.ward[cell])) {
    const sheets = layOut(model, ward, own);
    const west = (sheet: UndividedSheet) => Math.floor(model.mesh.seeds.x[sheet.cells[0]!]! / sheet.size);
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
