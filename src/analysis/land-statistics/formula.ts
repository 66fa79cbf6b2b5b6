/** A column as the sum of others, by their numbers. */
export interface ColumnSum {
  readonly column: number;
  readonly terms: readonly number[];
}

/**
 * Reads the line of formulas of a form: `(4)=(5)+(18)`, `(5)=(6)+…+(17)`, or `(4)=(5)+…` up to the last column.
 * @param columns numbers of all columns; `…` stands for those of them between its neighbours
 * @returns undefined for any other text
 */
export function readFormula(text: string, columns: readonly number[]): ColumnSum | undefined {
  const [, column, sum] = /^\((\d+)\)=(.+)$/.exec(text.replace(/\s/g, '')) ?? [];
  if (column === undefined || sum === undefined) return undefined;
  const parts = sum.split('+');
  const numbers = parts.map((part) => (part === '…' ? undefined : Number(/^\((\d+)\)$/.exec(part)?.[1])));
  if (numbers.some((number) => Number.isNaN(number)) || numbers[0] === undefined) return undefined;
  const terms = numbers.flatMap((number, index) => {
    if (number !== undefined) return [number];
    const [before, after] = [numbers[index - 1] ?? 0, numbers[index + 1] ?? Number.POSITIVE_INFINITY];
    return columns.filter((each) => each > before && each < after);
  });
  return { column: Number(column), terms };
}
