import { addUp, closeTable } from './closing.ts';
import type { AreaRow } from './statistics-query.ts';
import type { StatisticsRow } from './table-rows.ts';

/** Areas come with a digit: they are summed in tenths of m², exactly. */
const TENTHS = 10;
/** 0.01 ha in tenths of m². */
const STEP = 100 * TENTHS;

/** A leaf, or the sum of the columns whose `parent` is its index. */
export interface AreaColumn {
  readonly parent: number | null;
  readonly holds: (row: AreaRow) => boolean;
}

/** Areas by row and column, sums included. */
export interface AreaTable {
  /** m². */
  readonly exact: readonly (readonly number[])[];
  /** Hundredths of a hectare, closed: each sum is that of its printed parts. */
  readonly closed: readonly (readonly number[])[];
}

/**
 * Sums areas by row and column and closes them to 0.01 ha.
 * @param columns the sum of all first, a sum before its parts; each area belongs to one leaf
 */
export function areaTable(
  rows: readonly StatisticsRow[],
  columns: readonly AreaColumn[],
  areas: readonly AreaRow[],
): AreaTable {
  const rowParents = rows.map(({ parent }) => parent);
  const columnParents = columns.map(({ parent }) => parent);
  const leafRow = leafIndexes(rowParents);
  const leafColumn = leafIndexes(columnParents);
  const rowOfUse = new Map(leafRow.flatMap((index) => (rows[index] as StatisticsRow).uses.map((use) => [use, index])));
  const cells = rows.map(() => columns.map(() => 0));
  for (const area of areas) {
    const row = rowOfUse.get(area.use);
    const column = leafColumn.find((index) => columns[index]?.holds(area));
    if (row === undefined || column === undefined) throw new Error(`an area of ${area.use} belongs to no cell`);
    (cells[row] as number[])[column] = (cells[row]?.[column] ?? 0) + Math.round(Number(area.area) * TENTHS);
  }
  const table = { rows: rowParents, columns: columnParents, cells };
  const scaled = (values: readonly number[][], by: number) => values.map((row) => row.map((value) => value / by));
  return { exact: scaled(addUp(table), TENTHS), closed: scaled(closeTable(table, STEP), STEP) };
}

/** Returns the sums of tables of the same rows and columns. */
export function sumTables(tables: readonly AreaTable[]): AreaTable {
  const sum = (name: keyof AreaTable) =>
    tables
      .map((table) => table[name])
      .reduce((one, other) => one.map((row, r) => row.map((value, c) => value + (other[r]?.[c] ?? 0))));
  return { exact: sum('exact'), closed: sum('closed') };
}

function leafIndexes(parents: readonly (number | null)[]): number[] {
  const withParts = new Set(parents);
  return parents.flatMap((_, index) => (withParts.has(index) ? [] : [index]));
}
