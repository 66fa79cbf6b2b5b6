import type { Database } from '../../src/database/database.ts';

/** A table with a key, a hidden field, and the columns by which keys are narrowed to units. */
export const PLOTS = `
  CREATE SCHEMA odd;
  CREATE TYPE odd.kind AS ENUM ('field', 'wood');
  CREATE TABLE odd.plot (
    id integer PRIMARY KEY, name varchar(40), area numeric(10,1), kind odd.kind DEFAULT 'field', tags text[], at timestamptz,
    owner_name text, unit_code text DEFAULT '1', unit_valid_from date DEFAULT '2025-07-01', geom geometry(Polygon, 9210));`;

export const square = (x: number, y = 1_210_000, side = 10) =>
  `ST_MakeEnvelope(${x}, ${y}, ${x + side}, ${y + side}, 9210)`;

/** Whole numbers below a bound, the same in every run. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A statement that inserts, changes, renames, leaves as they are or deletes some plots. */
export function randomStatement(random: (below: number) => number): string {
  const id = random(40);
  const x = 600_000 + random(1000);
  const some = `id % ${2 + random(5)} = ${random(3)}`;
  return (
    ([
      `INSERT INTO odd.plot (id, name, area, geom) VALUES (${id}, 'p${random(9)}', ${random(999)} / 10.0, ${square(x)}) ON CONFLICT (id) DO UPDATE SET area = EXCLUDED.area`,
      `INSERT INTO odd.plot (id, name, geom) SELECT n, 'many', ${square(x)} FROM generate_series(${id}, ${id + 5}) AS n ON CONFLICT DO NOTHING`,
      `UPDATE odd.plot SET geom = ${square(x)}, tags = ARRAY['a', '${random(9)}'] WHERE ${some}`,
      `UPDATE odd.plot SET name = name WHERE ${some}`,
      `UPDATE odd.plot SET kind = 'wood', at = '2025-01-0${1 + random(8)} 10:00Z' WHERE id < ${id}`,
      `UPDATE odd.plot SET owner_name = 'owner ${random(99)}' WHERE ${some}`,
      `UPDATE odd.plot SET unit_code = '${random(3)}' WHERE id > ${id}`,
      `UPDATE odd.plot SET id = id + 1000 WHERE id = ${id}`,
      `UPDATE odd.plot SET id = 41 - id WHERE id IN (20, 21)`,
      `DELETE FROM odd.plot WHERE ${some} AND id % 3 = ${random(3)}`,
      `DELETE FROM odd.plot WHERE id > 1000`,
      ...(random(8) === 0 ? [`TRUNCATE odd.plot`] : []),
    ][random(12)] as string) ?? 'DELETE FROM odd.plot WHERE id = 0'
  );
}

/** Runs a transaction of some random statements; one in five is rolled back. */
export async function randomTransaction(db: Database, random: (below: number) => number): Promise<void> {
  const statements = Array.from({ length: 1 + random(4) }, () => randomStatement(random));
  const undone = random(5) === 0;
  await db
    .transaction(async (session) => {
      for (const statement of statements) await session.script(statement);
      if (undone) throw new Undone();
    })
    .catch((error) => {
      // A key that is renamed to one that exists is refused by the table.
      if (!(error instanceof Undone) && (error as { code?: string }).code !== '23505') throw error;
    });
}

class Undone extends Error {}
