import type { Layer } from '../catalog/layer.ts';

/** Counting this many rows takes about 20 ms. Larger layers are not counted. */
const COUNT_ROWS = 200_000;
/** Bound up to which the rows that match a filter are counted in a larger layer. */
const COUNT_FILTERED = 10_000;

/**
 * Returns the number of rows; undefined if counting them is expensive.
 * @param isFiltered true if only some rows are counted
 * @param countUpTo counts the rows, and stops at its argument
 */
export async function countCheaply(
  { rowEstimate }: Layer,
  isFiltered: boolean,
  countUpTo: (most: number) => Promise<number>,
): Promise<number | undefined> {
  const isSmall = rowEstimate <= COUNT_ROWS;
  if (!isSmall && !isFiltered) return undefined;
  const most = isSmall ? COUNT_ROWS : COUNT_FILTERED;
  const count = await countUpTo(most + 1);
  return count <= most ? count : undefined;
}
