import { beforeAll, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { HAND_MADE, NOON } from '../fixtures/station-series.ts';

const HOUR_MS = 3_600_000;
const FIRST_ID = 9200;

/** Returns SQL that inserts an invented station and its values. */
function insertion({ title, place, parameter, spans, hour = NOON }: (typeof HAND_MADE)[number], index: number): string {
  const { kind, waterClass, limit, medium, interval = 60, perHour = 1, minutes = 0 } = place;
  const text = (value: string | undefined) => (value === undefined ? 'NULL' : `'${value}'`);
  const id = FIRST_ID + index;
  const values = spans.map(
    ([
      from,
      to,
      value,
      status = '00',
    ]) => `INSERT INTO environment.observation (station_id, parameter, observed_at, value, status)
      SELECT ${id}, '${parameter}', timestamptz '${hour}' - back * interval '1 hour' - interval '${minutes} minutes' - n * interval '${interval} minutes', '${value}', '${status}'
      FROM generate_series(${from}, ${to}) AS back, generate_series(0, ${perHour - 1}) AS n;`,
  );
  return `INSERT INTO environment.station (id, code, name, kind, water_class, limit_class, limit_medium, interval_minutes, geom) OVERRIDING SYSTEM VALUE
    VALUES (${id}, 'H${index}', '${title}', '${kind}', ${text(waterClass)}, ${text(limit)}, ${text(medium)}, ${interval}, 'SRID=9210;POINT(600000 1230000)'); ${values.join('\n')}`;
}

describeEngines('hand-made series', (engine) => {
  beforeAll(() => engine.db.script(HAND_MADE.map(insertion).join('\n')));

  it('have the state, the reason and the beginning that were worked out by hand', async () => {
    expect(HAND_MADE.length).toBeGreaterThanOrEqual(40);
    for (const [index, { title, expected, hour = NOON }] of HAND_MADE.entries()) {
      const moment = new Date(Date.parse(hour) + HOUR_MS / 3).toISOString();
      const [found] = await engine.db.query<{ state: string; reason: string | null; since: string | null }>(
        sql`SELECT state, reason, since FROM environment.summary(${FIRST_ID + index}::bigint, ${moment}::timestamptz)`,
      );
      const back = found?.since ? (Date.parse(hour) - Date.parse(found.since)) / HOUR_MS : undefined;
      expect(
        [found?.state, ...(found?.reason ? [found.reason] : []), ...(back === undefined ? [] : [back])],
        title,
      ).toEqual(expected);
    }
  });

  it('are computed without a call for each value: hours are inlined', async () => {
    const rows = await engine.db.query<Record<string, string>>(
      sql`EXPLAIN (VERBOSE, COSTS OFF) SELECT environment.hour_of(observed_at), environment.stale_before(observed_at) FROM environment.observation`,
    );
    const plan = rows.flatMap((row) => Object.values(row)).join(' ');
    expect(plan).toContain('date_bin');
    expect(plan).not.toMatch(/hour_of|stale_before/);
    const [hours] = await engine.db.query(sql`SELECT
      environment.hour_of('2026-03-10T02:00:00Z') = '2026-03-10T02:00:00Z' AS whole,
      environment.hour_of('2026-03-10T02:00:00.000001Z') = '2026-03-10T03:00:00Z' AS "next",
      environment.hour_of('1999-12-31T23:10:00+05:45') = '1999-12-31T18:00:00Z' AS early,
      environment.stale_before('2026-03-10T02:00:00Z') = '2026-03-09T23:00:00Z' AS stale`);
    expect(hours).toEqual({ whole: true, next: true, early: true, stale: true });
  });

  it('average sound by its power, and no other value', async () => {
    await engine.db.script(`INSERT INTO environment.station (id, code, name, kind, geom) OVERRIDING SYSTEM VALUE
        VALUES (9190, 'H-', 'Âm', 'noise', 'SRID=9210;POINT(600000 1230000)');
      INSERT INTO environment.observation (station_id, parameter, observed_at, value)
      SELECT 9190, parameter, timestamptz '${NOON}' - back * interval '1 hour', 60 + 20 * (back % 2)
      FROM generate_series(0, 7) AS back, (VALUES ('LAeq'), ('COD')) AS each (parameter)`);
    const mean = async (parameter: string) =>
      (
        await engine.db.query<{ value: number }>(
          sql`SELECT value FROM environment.averages(9190, ${parameter}, 8, ${NOON}::timestamptz, ${NOON}::timestamptz)`,
        )
      )[0]?.value;
    // 10 log10((10^6 + 10^8) / 2)
    expect(await mean('LAeq')).toBeCloseTo(77.0329, 4);
    expect(await mean('COD')).toBe(70);
  });
});
