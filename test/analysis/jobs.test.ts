import { describe, expect, it, vi } from 'vitest';
import { JOB_LIMITS, Jobs, type Work } from '../../src/analysis/jobs.ts';

const outcome = (weight = 1) => ({ weight });
const forever: Work<{ weight: number }> = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true }));

describe('jobs', () => {
  it('run, tell their progress and end', async () => {
    const jobs = new Jobs();
    let go = (_: unknown) => {};
    const gate = new Promise((resolve) => {
      go = resolve;
    });
    const { id } = jobs.start(async ({ onProgress }) => {
      onProgress(0.5);
      await gate;
      return outcome();
    });
    expect(jobs.require(id)).toMatchObject({ status: 'running', progress: 50, finished: undefined });
    go(undefined);
    expect(await jobs.ended(id)).toMatchObject({ status: 'successful', progress: 100, outcome: { weight: 1 } });
  });

  it('keep what went wrong', async () => {
    const jobs = new Jobs();
    const failure = new Error('no');
    const { id } = jobs.start(() => Promise.reject(failure));
    expect(await jobs.ended(id)).toMatchObject({ status: 'failed', error: failure });
  });

  it('wait for their turn, and are refused when too many wait', () => {
    const jobs = new Jobs({ limits: { ...JOB_LIMITS, running: 1, waiting: 2 } });
    const [first, second] = [jobs.start(forever), jobs.start(forever), jobs.start(forever)];
    expect([first?.status, second?.status]).toEqual(['running', 'accepted']);
    expect(() => jobs.start(forever)).toThrow(/overloaded/);
    jobs.close();
  });

  it('take the turn of one that was dismissed', async () => {
    const jobs = new Jobs({ limits: { ...JOB_LIMITS, running: 1 } });
    const first = jobs.start(forever);
    const second = jobs.start(async () => outcome());
    expect(jobs.dismiss(first.id)).toMatchObject({ status: 'dismissed', outcome: undefined });
    expect((await jobs.ended(second.id)).status).toBe('successful');
    expect(jobs.require(first.id).status).toBe('dismissed');
  });

  it('stay dismissed whatever the work comes to', async () => {
    const jobs = new Jobs();
    const { id } = jobs.start(async () => outcome());
    jobs.dismiss(id);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(jobs.require(id)).toMatchObject({ status: 'dismissed', outcome: undefined });
  });

  it('end when they take too long', async () => {
    const jobs = new Jobs({ limits: { ...JOB_LIMITS, duration: 20 } });
    expect((await jobs.ended(jobs.start(forever).id)).status).toBe('failed');
  });

  it('are forgotten by number, by weight and by age, and then told to be gone', async () => {
    const forgotten: string[] = [];
    const jobs = new Jobs({
      limits: { ...JOB_LIMITS, stored: 3, weight: 10, age: 60_000 },
      onGone: (id) => forgotten.push(id),
    });
    const finish = async (weight: number) => (await jobs.ended(jobs.start(async () => outcome(weight)).id)).id;
    const ids = [await finish(1), await finish(1), await finish(1), await finish(1)];
    expect(forgotten).toEqual(ids.slice(0, 1));
    expect(() => jobs.require(ids[0] as string)).toThrow(/^gone/);
    const heavy = await finish(100);
    expect(forgotten).toEqual(ids);
    expect(jobs.require(heavy).status).toBe('successful');
    vi.useFakeTimers({ now: Date.now() + 61_000 });
    expect(() => jobs.require(heavy)).toThrow(/^gone/);
    vi.useRealTimers();
    expect(() => jobs.require('never')).toThrow(/^not-found/);
  });
});
