/**
 * Runs work on every item, two at a time, which uses two cores of PostgreSQL and leaves sessions to others.
 * After a failure no further item begins.
 * @returns the results in the order of the items
 */
export async function inPairs<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const follow = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index] as T, index).catch((error) => {
        next = items.length;
        throw error;
      });
    }
  };
  await Promise.all([follow(), follow()]);
  return results;
}
