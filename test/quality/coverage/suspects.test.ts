/** Whole runs find what the rules find without suspects, in coverages with faults of every kind. */
import { beforeAll, expect, it } from 'vitest';
import { discover } from '../../../src/catalog/discover.ts';
import { readConfig } from '../../../src/config.ts';
import { sql } from '../../../src/database/sql.ts';
import { findingsQuery } from '../../../src/quality/check-query.ts';
import { Quality } from '../../../src/quality/quality.ts';
import { findSuspected } from '../../../src/quality/sweep.ts';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';
import { findGround, type Ground, leaveFew } from '../planting.ts';
import { randomNumbers } from '../random-edits.ts';
import { type Polygon, randomCoverage } from './random-coverage.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];

describeEngines('the suspects of a coverage', (engine) => {
  let quality: Quality;
  let ground: Ground;
  let next = 950_000;

  const insert = async (polygons: readonly Polygon[]) => {
    const first = next + 1;
    next += polygons.length;
    const texts = polygons.map(
      (rings) => `MULTIPOLYGON((${rings.map((ring) => `(${ring.map((at) => at.join(' ')).join()})`).join()}))`,
    );
    await engine.db.query(sql`
      INSERT INTO land.parcel (id, unit_code, unit_valid_from, sheet, number, main_use, geom)
      SELECT ${first}::bigint + n - 1, ${ground.unit.code}, ${ground.unit.from}::date, '997', ${first - 950_000}::int + n, ${ground.codes.present}, ST_GeomFromText(text, 9210)
      FROM unnest(${texts}::text[]) WITH ORDINALITY AS given (text, n)`);
  };
  const ruleOf = (id: string) => {
    const bound = quality.rules.find(({ rule }) => rule.id === id);
    if (!bound) throw new Error(`there is no rule ${id}`);
    return bound;
  };
  const findings = async (id: string, suspected: readonly string[] | undefined) => {
    const rows = await engine.db.query<{ key: string; aspect: string; measure: number; text: string }>(
      sql`SELECT key, aspect, measure, ST_AsText(geom, 3) AS text FROM (${findingsQuery(ruleOf(id), { suspected })}) AS found ORDER BY key, aspect`,
    );
    return rows.map(({ key, aspect, measure, text }) => `${key} ${aspect} ${measure} ${text}`);
  };

  beforeAll(async () => {
    quality = new Quality(engine.db, await discover(engine.db, readConfig({}).schemas));
    ground = await findGround(engine.db);
    await leaveFew(engine.db, { parcels: 1200 });
    for (const seed of SEEDS)
      await insert(randomCoverage(randomNumbers(seed), { x: ground.x + 400 * seed, y: ground.y }));
  });

  it.each(['parcel-overlap', 'parcel-gap'])('lead to every finding of %s', async (id) => {
    const suspected = await engine.db.transaction((session) => findSuspected(session, ruleOf(id)));
    expect(await findings(id, suspected)).toEqual(filled(await findings(id, undefined)));
    // Else those that are not suspected would be too few to show a fault.
    expect(suspected?.length ?? Number.POSITIVE_INFINITY).toBeLessThan(600);
  });
});
