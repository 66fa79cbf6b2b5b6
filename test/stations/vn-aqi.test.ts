import { beforeAll, expect, it } from 'vitest';
import { sql } from '../../src/database/sql.ts';
import { describeEngines } from '../engine.ts';
import { EIGHT_HOURS, INDEX, NOWCAST } from '../fixtures/vn-aqi.ts';

const HOUR_MS = 3_600_000;
/** End of the last hour of a day in Việt Nam: 00:00 of 11 March 2026. */
const END = Date.parse('2026-03-10T17:00:00Z');
const DAY = '2026-03-10';

describeEngines('VN_AQI', (engine) => {
  /** Adds an air station. @param hours values before an end, the latest first; null: missing */
  const add = async (id: number, series: Record<string, readonly (number | null)[]>, kind = 'air') => {
    const lines = Object.entries(series).flatMap(([parameter, hours]) =>
      hours.flatMap((value, back) =>
        value === null ? [] : [`(${id}, '${parameter}', '${new Date(END - back * HOUR_MS).toISOString()}', ${value})`],
      ),
    );
    await engine.db.script(`INSERT INTO environment.station (id, code, name, kind, geom) OVERRIDING SYSTEM VALUE
        VALUES (${id}, 'A${id}', 'Trạm', '${kind}', 'SRID=9210;POINT(600000 1230000)');
      INSERT INTO environment.observation (station_id, parameter, observed_at, value) VALUES ${lines.join(', ')}`);
  };
  const hourly = (id: number) =>
    engine.db.query<{ parameter: string; index: number }>(
      sql`SELECT parameter, index FROM environment.aqi_hourly(${id}::bigint, ${new Date(END).toISOString()}::timestamptz)`,
    );
  const daily = (id: number) =>
    engine.db.query(
      sql`SELECT parameter, averaging, concentration, index FROM environment.aqi_daily(${id}::bigint, ${DAY}::date)`,
    );

  beforeAll(async () => {
    for (const [index, { hours }] of NOWCAST.entries()) await add(9300 + index, { 'PM2.5': hours });
  });

  it.each(NOWCAST.map(({ title, value }, index) => [title, 9300 + index, value] as const))(
    'has the Nowcast of the decision: %s',
    async (_title, id, value) => {
      const [found] = await engine.db.query<{ value: number | null }>(
        sql`SELECT round(environment.nowcast(${id}::bigint, 'PM2.5', ${new Date(END).toISOString()}::timestamptz), 4) AS value`,
      );
      expect(found?.value).toBe(value);
    },
  );

  it('has the indices of the decision, and the ends of its scales', async () => {
    for (const [parameter, averaging, concentration, index] of INDEX) {
      const [found] = await engine.db.query(
        sql`SELECT environment.aqi_of(${parameter}, ${averaging}, ${concentration}::numeric) AS index`,
      );
      expect(found, `${parameter} ${averaging} ${concentration}`).toEqual({ index });
    }
  });

  it('has the 24 means of 8 hours of the decision', async () => {
    await add(9310, { O3: EIGHT_HOURS.hours.toReversed() });
    const rows = await engine.db.query<{ mean: number }>(
      sql`SELECT round(value, 1) AS mean FROM environment.averages(9310, 'O3', 8, ${new Date(END - 23 * HOUR_MS).toISOString()}::timestamptz,
        ${new Date(END).toISOString()}::timestamptz)`,
    );
    expect(rows.map(({ mean }) => mean)).toEqual(EIGHT_HOURS.means);
    const [most] = await engine.db.query(
      sql`SELECT max(value) AS most FROM environment.averages(9310, 'O3', 8, ${new Date(END - 23 * HOUR_MS).toISOString()}::timestamptz,
        ${new Date(END).toISOString()}::timestamptz)`,
    );
    expect(most).toEqual({ most: 74.3875 });
  });

  it('is the largest of the parts of an hour, with PM10 or PM2.5 alone', async () => {
    await add(9320, { 'PM2.5': NOWCAST[0].hours, O3: [136.1], NO2: [118.7] });
    expect(await hourly(9320)).toEqual([
      { parameter: 'NO2', index: 59 },
      { parameter: 'O3', index: 43 },
      { parameter: 'PM2.5', index: 41 },
    ]);
    await add(9321, { 'PM2.5': [50, null, null, 50], O3: [136.1] });
    expect(await hourly(9321)).toEqual([]);
    await add(9322, { 'PM2.5': NOWCAST[0].hours }, 'noise');
    expect(await hourly(9322)).toEqual([]);
  });

  it('has a day from 01:00 to 00:00, the example of the decision', async () => {
    const usual = (value: number, most: readonly number[]) => [...most, ...Array(24 - most.length).fill(value)];
    // The hour until 00:00 belongs to the day, the one that ends as it begins to the day before.
    const before = [900];
    await add(9330, {
      'PM2.5': [...usual(55.7, []), ...before],
      NO2: [...usual(30, [130.8]), ...before],
      O3: [...usual(20, [114.6, 85.7, 85.7, 85.7, 85.7, 85.7, 85.7, 85.6]), ...before],
    });
    expect(await daily(9330)).toEqual([
      // The mean of 8 hours that ends at 05:00 reaches back to the hour before the day; two of its hours are missing.
      { parameter: 'O3', averaging: '8h', concentration: 166.666667, index: 147 },
      { parameter: 'PM2.5', averaging: '24h', concentration: 55.7, index: 110 },
      { parameter: 'NO2', averaging: '1h', concentration: 130.8, index: 65 },
      { parameter: 'O3', averaging: '1h', concentration: 114.6, index: 36 },
    ]);
    await add(9331, {
      'PM2.5': usual(55.7, []),
      NO2: usual(30, [130.8]),
      O3: usual(20, [114.6, 85.7, 85.7, 85.7, 85.7, 85.7, 85.7, 85.6]),
    });
    expect(await daily(9331)).toEqual([
      { parameter: 'PM2.5', averaging: '24h', concentration: 55.7, index: 110 },
      { parameter: 'NO2', averaging: '1h', concentration: 130.8, index: 65 },
      { parameter: 'O3', averaging: '8h', concentration: 89.3, index: 45 },
      { parameter: 'O3', averaging: '1h', concentration: 114.6, index: 36 },
    ]);
  });

  it('needs 75 % of the hours of a day', async () => {
    await add(9340, { 'PM2.5': Array(18).fill(55.7), NO2: Array(17).fill(130.8) });
    expect(await daily(9340)).toEqual([{ parameter: 'PM2.5', averaging: '24h', concentration: 55.7, index: 110 }]);
    await add(9341, { 'PM2.5': Array(17).fill(55.7), NO2: Array(24).fill(130.8) });
    expect(await daily(9341)).toEqual([]);
  });
});
