/** What was not there in time. */
export class Late extends Error {
  override readonly name = 'Late';
}

/**
 * Waits for `work` at most `ms` milliseconds. A loop that was blocked runs its timers before it reads what has arrived
 * meanwhile: so the end is told after one more turn of it.
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

/** Waits until `work` has ended, well or not, and at most `ms` milliseconds. @returns whether it has ended */
export async function ends(ms: number, work: Promise<unknown>): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true,
  );
  return within(ms, ended).catch(() => false);
}
