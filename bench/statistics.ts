/** What was measured: NaN stands for what failed. */
function sort(numbers: readonly number[]): number[] {
  return numbers.filter((number) => !Number.isNaN(number)).sort((a, b) => a - b);
}

/** The value below which a share of the numbers lies (nearest rank); NaN of none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = sort(numbers);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle, between the two middle ones of an even count; NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = sort(numbers);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Medians position by position: `columns[run][item]` -> one number an item. */
export function medians(columns: readonly (readonly number[])[]): number[] {
  return (columns[0] ?? []).map((_, item) => median(columns.map((column) => column[item] ?? Number.NaN)));
}
