import { beforeAll, expect, it } from 'vitest';
import { raw, sql } from '../../src/database/sql.ts';
import { appendObservations } from '../../src/sample/clock.ts';
import { readSampleMark, type SampleMark } from '../../src/sample/mark.ts';
import { describeEngines } from '../engine.ts';

const HOUR_MS = 3_600_000;

describeEngines('the clock of the sample', (engine) => {
  let mark: SampleMark;
  /** The hour of loading, in milliseconds. */
  let loaded: number;
  const at = (hours: number) => new Date(loaded + hours * HOUR_MS).toISOString();
  const count = async () =>
    (await engine.db.query<{ n: number }>(raw('SELECT count(*)::int AS n FROM environment.observation')))[0]?.n;
  const summary = async (code: string, hours: number) =>
    (
      await engine.db.query<{ state: string; reason: string | null; exceeded: string | null; since: string | null }>(
        sql`SELECT f.state, f.reason, f.exceeded, f.since FROM environment.station s
        CROSS JOIN LATERAL environment.summary(s.id, ${at(hours)}::timestamptz) AS f WHERE s.code = ${code}`,
      )
    )[0];

  beforeAll(async () => {
    mark = (await readSampleMark(engine.db)) as SampleMark;
    loaded = Math.floor(Date.parse(mark.loadedAt) / HOUR_MS) * HOUR_MS;
  });

  it('has three stations over their limits for known spans, gaps and silent stations', async () => {
    expect(await summary('KK03', 0)).toMatchObject({ state: 'exceeded', exceeded: 'PM2.5' });
    expect(await summary('NM07', 0)).toMatchObject({ state: 'exceeded', exceeded: 'COD, DO', since: at(-71) });
    expect(await summary('NT04', 0)).toMatchObject({ state: 'exceeded', exceeded: 'COD', since: at(-11) });
    expect(await summary('KK06', 0)).toMatchObject({ state: 'not_assessed', reason: 'stale' });
    expect(await summary('NM02', 0)).toMatchObject({ state: 'not_assessed', reason: 'stale' });
  });

  it('continues each series once, and never at a station that it did not load', async () => {
    await engine.db.script(`INSERT INTO environment.station (code, name, kind, geom)
      VALUES ('THAT', 'Trạm thật', 'air', 'SRID=9210;POINT(600000 1230000)')`);
    const before = (await count()) as number;
    expect((await summary('NM07', 5))?.reason).toBe('stale');
    await appendObservations(engine.db, mark, new Date(at(5)));
    const after = (await count()) as number;
    expect(after).toBeGreaterThan(before + 5 * 200);
    await appendObservations(engine.db, mark, new Date(at(5)));
    expect(await count()).toBe(after);
    expect(await summary('NM07', 5)).toMatchObject({ state: 'exceeded', since: at(-71) });
    expect(await summary('THAT', 5)).toMatchObject({ reason: 'no_values' });
  });

  it('adds at most 14 days, and drops what is older than 60', async () => {
    await appendObservations(engine.db, mark, new Date(at(100 * 24)));
    const [span] = await engine.db.query<{ first: string; last: string }>(
      raw('SELECT min(observed_at) AS first, max(observed_at) AS last FROM environment.observation'),
    );
    expect(span).toEqual({ first: at(100 * 24 - 14 * 24 + 1), last: at(100 * 24) });
  });
});
