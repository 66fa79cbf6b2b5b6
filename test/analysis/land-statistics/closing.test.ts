import { describe, expect, it } from 'vitest';
import { addUp, type CrossTable, closeTable } from '../../../src/analysis/land-statistics/closing.ts';
import { Random } from '../../../src/sample/random.ts';

const STEP = 1000;

/** A table of three levels a side, of which some cells are nothing and some are multiples already. */
function randomTable(seed: number): CrossTable {
  const random = new Random(seed);
  const side = (most: number) => {
    const parents: (number | null)[] = [null];
    for (let count = random.integer(1, most); count > 0; count--) {
      const parent = random.integer(0, Math.min(parents.length - 1, 4));
      parents.push(parent);
    }
    return parents;
  };
  const [rows, columns] = [side(14), side(9)];
  const cell = () => {
    const chance = random.next();
    if (chance < 0.4) return 0;
    return chance < 0.5 ? STEP * random.integer(1, 9) : random.integer(1, 9 * STEP);
  };
  return { rows, columns, cells: rows.map(() => columns.map(cell)) };
}

describe('a closed table', () => {
  it('keeps every sum, and moves leaves and sums of rows and columns by less than a step', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const table = randomTable(seed);
      const exact = addUp(table);
      const closed = closeTable(table, STEP);
      const [withRows, withColumns] = [new Set(table.rows), new Set(table.columns)];
      const at = (values: number[][], row: number, column: number) => values[row]?.[column] as number;
      expect(at(closed, 0, 0), `seed ${seed}`).toBe(Math.round(at(exact, 0, 0) / STEP) * STEP);
      for (let row = 0; row < table.rows.length; row++) {
        for (let column = 0; column < table.columns.length; column++) {
          const place = `seed ${seed}, row ${row}, column ${column}`;
          const value = at(closed, row, column);
          expect(value % STEP, place).toBe(0);
          const isLeaf = !withRows.has(row) && !withColumns.has(column);
          if (isLeaf || row === 0 || column === 0)
            expect(Math.abs(value - at(exact, row, column)), place).toBeLessThan(STEP);
          const parts = table.rows.flatMap((parent, index) => (parent === row ? [at(closed, index, column)] : []));
          if (parts.length)
            expect(
              parts.reduce((sum, part) => sum + part, 0),
              place,
            ).toBe(value);
          const across = table.columns.flatMap((parent, index) => (parent === column ? [at(closed, row, index)] : []));
          if (across.length)
            expect(
              across.reduce((sum, part) => sum + part, 0),
              place,
            ).toBe(value);
        }
      }
    }
  });

  it.each<[string, number[], number[]]>([
    ['three thirds make one', [333, 333, 334], [1]],
    ['half a step is rounded up', [500], [1]],
    ['less than half of one is nothing', [499], [0]],
    ['what is a multiple already stays', [3000, 2000], [3, 2]],
  ])('is right by hand: %s', (_, cells, expected) => {
    const rows = [null, ...cells.map(() => 0)];
    const closed = closeTable({ rows, columns: [null, 0], cells: [[0, 0], ...cells.map((cell) => [0, cell])] }, STEP);
    const found = closed.slice(1).map(([sum = 0]) => sum / STEP);
    expect(found.reduce((sum, each) => sum + each, 0)).toBe(expected.reduce((sum, each) => sum + each, 0));
    if (expected.length === cells.length) expect(found).toEqual(expected);
  });
});
