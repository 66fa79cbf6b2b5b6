import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Late } from '../../src/lib/deadline.ts';
import { RenewedThread } from '../../src/lib/renewed-thread.ts';
import { startThread, Thread, ThreadError, type ThreadOptions } from '../../src/lib/thread.ts';
import type { OddRequest } from '../fixtures/threads/odd-worker.ts';

const start = () => startThread('../fixtures/threads/odd-worker', import.meta.url);
const outcome = (asked: Promise<unknown>) => asked.then(String, ({ message }: Error) => message);

describe('a thread', () => {
  let thread: Thread<OddRequest, unknown>;
  const open = (options: Partial<ThreadOptions> = {}) => {
    thread = new Thread(start(), { exited: 'it has ended', ...options });
    return thread;
  };
  afterEach(() => thread.end(new Error('the test is over')));

  it('gives each question its own answer, in whatever order they come', async () => {
    open();
    const ask = (value: string, after: number) => thread.ask({ kind: 'echo', value, after });
    const order: unknown[] = [];
    const asked = [ask('slow', 60), ask('fast', 0)].map((each) => each.then((value) => order.push(value)));
    expect(thread.pending).toBe(2);
    await Promise.all(asked);
    expect(order).toEqual(['fast', 'slow']);
    expect([thread.pending, thread.busyMs]).toEqual([0, 0]);
  });

  it('fails as the worker failed: message, stack, code and detail', async () => {
    const error = await open()
      .ask({ kind: 'fail' })
      .catch((each: unknown) => each);
    expect(error).toBeInstanceOf(ThreadError);
    expect(error).toMatchObject({ message: 'too far', code: '22003', detail: 'by 5' });
    expect((error as Error).stack).toContain('odd-worker');
    expect(await outcome(thread.ask({ kind: 'throw-text' }))).toBe('only text');
    expect(await outcome(thread.ask({ kind: 'echo', value: 'still there' }))).toBe('still there');
  });

  it('lets its owner name the errors', async () => {
    open({ toError: ({ message, name }) => new TypeError(`${name}: ${message}`) });
    expect(await outcome(thread.ask({ kind: 'fail' }))).toBe('ThreadError: too far');
    expect(await outcome(thread.ask({ kind: 'exit' }))).toBe('Error: it has ended');
  });

  it.each([
    ['exits', 'exit', 'it has ended'],
    ['throws outside of any question', 'crash', 'not caught'],
  ] as const)('rejects who waits, and who asks later, when it %s', async (_, kind, message) => {
    const ends: string[] = [];
    open().onEnd((cause) => ends.push(cause.message));
    const waiting = thread.ask({ kind: 'echo', value: 1, after: 10_000 });
    expect(await Promise.all([waiting, thread.ask({ kind })].map(outcome))).toEqual([message, message]);
    expect(await outcome(thread.ask({ kind: 'id' }))).toBe(message);
    expect([thread.hasEnded, thread.pending, ends]).toEqual([true, 0, [message]]);
  });

  it('tells of its end whoever asks after it', async () => {
    await open().end(new Error('enough'));
    const told: unknown[] = [];
    thread.onEnd((cause, gone) => told.push(cause.message, gone instanceof Promise));
    expect(told).toEqual(['enough', true]);
  });

  it('is ended by a question that takes too long', async () => {
    await open().ask({ kind: 'id' });
    const late = thread.ask({ kind: 'block' }, 50);
    await expect(late).rejects.toBeInstanceOf(Late);
    expect(thread.hasEnded).toBe(true);
  });

  it('does not end where the answer comes in time', async () => {
    await open().ask({ kind: 'id' });
    await thread.ask({ kind: 'id' }, 300);
    await wait(400);
    expect(thread.hasEnded).toBe(false);
  });

  it('refuses what cannot cross, on either side', async () => {
    open();
    expect(await outcome(thread.ask({ kind: 'echo', value: () => {} }))).toMatch(/could not be cloned/);
    expect(thread.pending).toBe(0);
    expect(await outcome(thread.ask({ kind: 'function' }))).toMatch(/could not be cloned/);
  });

  it('hands on messages that answer nothing', async () => {
    const told: unknown[] = [];
    await open({ onMessage: (message) => told.push(message) }).ask({ kind: 'tell' });
    expect(told).toEqual([{ kind: 'told' }]);
  });

  it('moves the buffers of an answer that are marked to be moved', async () => {
    open();
    expect(await thread.ask({ kind: 'bytes' })).toEqual({ bytes: new Uint8Array([1, 2, 3]), left: 3 });
    expect(await outcome(thread.ask({ kind: 'bytes' }))).toMatch(/deserialize/);
  });
});

describe('a thread that is renewed', () => {
  let thread: RenewedThread<OddRequest, unknown>;
  const starts = vi.fn(start);
  const open = (idleMs?: number) => {
    starts.mockClear();
    thread = new RenewedThread({ start: starts, name: 'it', ...(idleMs === undefined ? {} : { idleMs }) });
    return thread;
  };
  afterEach(() => thread.close());

  it('starts with the first question, once', async () => {
    open();
    expect([thread.isRunning, starts.mock.calls.length]).toEqual([false, 0]);
    const [first, second] = await Promise.all([thread.ask({ kind: 'id' }), thread.ask({ kind: 'id' })]);
    expect([first === second, thread.isRunning, starts.mock.calls.length]).toEqual([true, true, 1]);
  });

  it('starts again after it has died', async () => {
    const first = await open().ask({ kind: 'id' });
    expect(await outcome(thread.ask({ kind: 'exit' }))).toBe('it has ended');
    expect(thread.isRunning).toBe(false);
    expect(await thread.ask({ kind: 'id' })).not.toBe(first);
  });

  it('ends when idle, and not while it is asked', async () => {
    const first = await open(100).ask({ kind: 'id' });
    const slow = thread.ask({ kind: 'echo', value: 'slow', after: 400 });
    expect(await thread.ask({ kind: 'echo', value: 'fast' })).toBe('fast');
    expect(await slow).toBe('slow');
    expect(await thread.ask({ kind: 'id' })).toBe(first);
    await vi.waitFor(() => expect(thread.isRunning).toBe(false), { timeout: 5000 });
    expect(await thread.ask({ kind: 'id' })).not.toBe(first);
  });

  it('stays where nothing is said of idleness', async () => {
    await open().ask({ kind: 'id' });
    await wait(50);
    expect(thread.isRunning).toBe(true);
  });

  it('answers nobody once it is closed', async () => {
    await open().ask({ kind: 'id' });
    const waiting = thread.ask({ kind: 'echo', value: 1, after: 10_000 });
    const told = outcome(waiting);
    await thread.close();
    expect(await told).toBe('it is closed');
    expect(await outcome(thread.ask({ kind: 'id' }))).toBe('it is closed');
    expect(starts).toHaveBeenCalledOnce();
  });
});
