/** Does `work` for every item, `atOnce` of them at any time, and gives the results in the order of the items. */
export async function inFlight<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

export interface Contest<C> {
  readonly contenders: readonly C[];
  readonly runs: number;
  /** Milliseconds of each thing measured, in the same order every time. */
  readonly measure: (contender: C, run: number) => Promise<readonly number[]>;
}

/** Lets contenders take turns, each run another first: what slows the machine down for a while slows all of them. */
export async function alternate<C>({ contenders, runs, measure }: Contest<C>): Promise<Map<C, (readonly number[])[]>> {
  const measured = new Map<C, (readonly number[])[]>(contenders.map((contender) => [contender, []]));
  for (let run = 0; run < runs; run++) {
    const order = contenders.map((_, index) => contenders[(index + run) % contenders.length] as C);
    for (const contender of order) measured.get(contender)?.push(await measure(contender, run));
  }
  return measured;
}
