import { describe, expect, it } from 'vitest';
import { Lane } from '../../src/lib/lane.ts';

const never = new AbortController().signal;

/** Returns work that ends on demand. */
function held() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end };
}

describe('turns of pictures', () => {
  it('go to the smallest that waits, and among equals to the first', async () => {
    const lane = new Lane({ atOnce: 1, queue: 10 });
    const first = held();
    const order: string[] = [];
    const run = (name: string, size: number) => lane.run(size, never, async () => void order.push(name));
    const running = lane.run(1, never, first.work);
    const waiting = [run('large', 9), run('small', 2), run('middle', 5), run('small again', 2)];
    first.end();
    await Promise.all([running, ...waiting]);
    expect(order).toEqual(['small', 'small again', 'middle', 'large']);
  });

  it('are taken by so many at once, and handed on when one fails', async () => {
    const lane = new Lane({ atOnce: 2, queue: 10 });
    let busy = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++busy);
      await Promise.resolve();
      busy--;
      throw new Error('failed');
    };
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => lane.run(1, never, work)));
    expect(most).toBe(2);
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await lane.run(1, never, async () => 'still works')).toBe('still works');
  });

  it('are refused to more than may wait', async () => {
    const lane = new Lane({ atOnce: 1, queue: 1 });
    const first = held();
    const running = lane.run(1, never, first.work);
    const waiting = lane.run(1, never, async () => {});
    await expect(lane.run(1, never, async () => {})).rejects.toMatchObject({ type: 'overloaded' });
    first.end();
    await Promise.all([running, waiting]);
  });

  it('are given up by who goes away, whether waiting or not', async () => {
    const lane = new Lane({ atOnce: 1, queue: 1 });
    const first = held();
    const running = lane.run(1, never, first.work);
    const leaving = new AbortController();
    const left = lane.run(1, leaving.signal, async () => 'never');
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    const next = lane.run(1, never, async () => 'next');
    first.end();
    await running;
    expect(await next).toBe('next');
    await expect(lane.run(1, AbortSignal.abort(new Error('gone before')), async () => 'never')).rejects.toThrow(
      'gone before',
    );
    expect(await lane.run(1, never, async () => 'free')).toBe('free');
  });
});
