/**
 * Processes `width` items at a time and yields the results in the order of the items. On exit, even by an error, all
 * pending work has ended.
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<{ readonly item: T; readonly result: R }> {
  const underWay: { item: T; promise: Promise<R> }[] = [];
  const next = async () => {
    const { item, promise } = underWay.shift() as (typeof underWay)[number];
    return { item, result: await promise };
  };
  try {
    for (const item of items) {
      const promise = work(item);
      // A failure before its turn is handled when its turn comes.
      promise.catch(() => {});
      underWay.push({ item, promise });
      if (underWay.length >= width) yield await next();
    }
    while (underWay.length) yield await next();
  } finally {
    await Promise.allSettled(underWay.map(({ promise }) => promise));
  }
}
