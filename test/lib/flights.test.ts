import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { type Flight, Flights } from '../../src/lib/flights.ts';
import { PromiseCache } from '../../src/lib/promise-cache.ts';

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}

describe('work that several ask for', () => {
  it('is done once for each key, for all who ask meanwhile', async () => {
    const flights = new Flights<string, number>();
    const works = [deferred<number>(), deferred<number>()];
    const start = vi.fn(() => (works.shift() as ReturnType<typeof deferred<number>>).promise);
    const [first, other] = works;
    const asked = [flights.join('a', { start }), flights.join('b', { start }), flights.join('a', { start })];
    expect([start.mock.calls.length, flights.count]).toEqual([2, 2]);
    first?.resolve(1);
    other?.resolve(2);
    expect(await Promise.all(asked)).toEqual([1, 2, 1]);
    expect(flights.count).toBe(0);
    await flights.join('a', { start: async () => 3 }).then((value) => expect(value).toBe(3));
  });

  it('fails for all who wait, and is tried again by the next', async () => {
    const flights = new Flights<string, number>();
    const work = deferred<number>();
    const asked = [flights.join('a', { start: () => work.promise }), flights.join('a', { start: async () => 0 })];
    work.reject(new Error('no'));
    for (const each of asked) await expect(each).rejects.toThrow('no');
    expect(await flights.join('a', { start: async () => 5 })).toBe(5);
  });

  it('is aborted when the last who waits goes, and not before', async () => {
    const flights = new Flights<string, number>();
    const work = deferred<number>();
    let flight: Flight | undefined;
    const start = (given: Flight) => {
      flight = given;
      return work.promise;
    };
    const [one, two] = [new AbortController(), new AbortController()];
    const asked = [one, two].map(({ signal }) => flights.join('a', { start, signal }));
    one.abort();
    expect([flight?.signal.aborted, flights.count]).toEqual([false, 1]);
    two.abort();
    expect([flight?.signal.aborted, flights.count]).toEqual([true, 0]);
    const later = flights.join('a', { start: async () => 7 });
    work.resolve(1);
    expect(await Promise.all([...asked, later])).toEqual([1, 1, 7]);
  });

  it('is aborted at once for one who has gone before', async () => {
    const flights = new Flights<string, boolean>();
    const signal = AbortSignal.abort();
    const start = async (flight: Flight) => {
      await wait(1);
      return flight.signal.aborted;
    };
    expect(await flights.join('a', { start, signal })).toBe(true);
  });

  it('goes on for one who waits to the end', async () => {
    const flights = new Flights<string, boolean>();
    const gone = new AbortController();
    const start = async (flight: Flight) => {
      await wait(5);
      return flight.signal.aborted;
    };
    const asked = [flights.join('a', { start, signal: gone.signal }), flights.join('a', { start })];
    gone.abort();
    expect(await Promise.all(asked)).toEqual([false, false]);
  });

  it('leaves no listeners behind on a signal that lives on', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    await new Flights<string, number>().join('a', { start: async () => 1, signal });
    expect(remove).toHaveBeenCalledOnce();
  });

  it('is not joined once it is too old', async () => {
    const flights = new Flights<string, string>();
    const work = deferred<string>();
    const first = flights.join('a', { start: () => work.promise });
    await wait(20);
    const start = async () => 'new';
    expect(await flights.join('a', { start, maxAge: 5 })).toBe('new');
    work.resolve('old');
    expect(await first).toBe('old');
  });

  it('is dropped: who waits is served, who comes later starts anew', async () => {
    const flights = new Flights<{ name: string }, string>(({ name }) => name);
    const work = deferred<string>();
    let flight: Flight | undefined;
    const first = flights.join(
      { name: 'a' },
      {
        start: (given) => {
          flight = given;
          return work.promise;
        },
      },
    );
    const other = flights.join({ name: 'b' }, { start: () => work.promise });
    flights.drop(({ name }) => name === 'a');
    expect([flight?.isDropped, flights.count]).toEqual([true, 1]);
    const second = flights.join({ name: 'a' }, { start: async () => 'second' });
    work.resolve('first');
    expect(await Promise.all([first, second, other])).toEqual(['first', 'second', 'first']);
    const third = flights.join({ name: 'c' }, { start: () => wait(1, 'third') });
    flights.drop();
    expect(flights.count).toBe(0);
    expect(await third).toBe('third');
  });
});

describe('promises that are cached', () => {
  it('are computed once until they are forgotten', async () => {
    const cache = new PromiseCache<string, number>();
    let made = 0;
    const make = async () => ++made;
    expect(await Promise.all([cache.get('a', make), cache.get('a', make), cache.get('b', make)])).toEqual([1, 1, 2]);
    cache.forget('a');
    expect(await Promise.all([cache.get('a', make), cache.get('b', make)])).toEqual([3, 2]);
    cache.forget();
    expect(await cache.get('b', make)).toBe(4);
  });

  it('are not remembered where they are rejected', async () => {
    const cache = new PromiseCache<string, number>();
    await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('a', async () => 1)).toBe(1);
  });

  it('stay where an older one is rejected late', async () => {
    const cache = new PromiseCache<string, number>();
    const work = deferred<number>();
    const first = cache.get('a', () => work.promise);
    cache.forget('a');
    const second = cache.get('a', async () => 2);
    work.reject(new Error('late'));
    await expect(first).rejects.toThrow('late');
    expect(cache.get('a', async () => 3)).toBe(second);
    await second;
  });
});
