/** Error of an operation that missed its deadline. */
export class Late extends Error {
  override readonly name = 'Late';
}

/**
 * Waits for `work` for at most `ms` milliseconds. A blocked event loop runs its timers before it reads data that has
 * arrived. The timeout is therefore raised one turn of the loop later.
 * @throws Late
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    const tell = () => reject(new Late(`no answer within ${ms} ms`));
    timer = setTimeout(() => setImmediate(() => setImmediate(tell)), ms);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits until `work` has settled, for at most `ms` milliseconds.
 * @returns true if it has settled, by success or by failure
 */
export async function ends(ms: number, work: Promise<unknown>): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true,
  );
  return within(ms, ended).catch(() => false);
}
