import type { Session } from '../database/database.ts';
import { RenewedThread } from '../lib/renewed-thread.ts';
import { startThread } from '../lib/thread.ts';
import type { MetricBox } from './coverage/cell-index.ts';
import type { Region, Suspects } from './coverage/suspects.ts';
import { boxText, mergePlaces } from './places.ts';
import type { BoundRule } from './rule.ts';
import { type Square, type SquareShapes, squareShapesQuery, squaresQuery } from './sweep-query.ts';

/** Side of a square in metres. The densest ones have 100 000 parcels, which take 200 MB of memory. */
const SIDE = 3200;
/** Most parcels and places that are checked one by one. Beyond them the rule looks at all parcels by itself. */
const MOST = { shapes: 10_000, places: 1000 };
/** Milliseconds after which the thread ends. */
const IDLE_MS = 5000;

const thread = new RenewedThread<Region, Suspects>({
  start: () => startThread('./coverage/coverage-worker', import.meta.url),
  name: 'the search for overlaps and gaps',
  idleMs: IDLE_MS,
});

/**
 * Looks for what a rule of a coverage must assess, square by square. The edges of all parcels are compared in a quarter
 * of the time that the rule takes for their areas.
 * @returns keys of records, or places as `box2d` for a rule with a reach; undefined: too many
 * @throws DatabaseError of a failed statement
 */
export async function findSuspected(session: Session, bound: BoundRule): Promise<readonly string[] | undefined> {
  const { coverage, reach, tolerance, largest } = bound.rule;
  if (!coverage) return undefined;
  const margin = reach ?? 1;
  const keys = new Set<string>();
  const places: MetricBox[] = [];
  let pending: Promise<void> = Promise.resolve();
  for (const { x, y } of await session.query<Square>(squaresQuery(bound, { side: SIDE, margin }))) {
    const square = [x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE] as const;
    const [west, south, east, north] = square;
    const around = [west - margin, south - margin, east + margin, north + margin];
    const [row] = await session.query<SquareShapes>(squareShapesQuery(bound, around));
    await pending;
    if (keys.size > MOST.shapes || places.length > MOST.places) return undefined;
    if (!row?.shapes || row.keys === null) continue;
    // The next square is read meanwhile.
    const limits = { tolerance: tolerance?.value ?? 0, largest: largest ?? Number.POSITIVE_INFINITY };
    pending = take(row.keys, thread.ask({ shapes: row.shapes, square, margin, ...limits }));
    pending.catch(() => {});
  }
  await pending;
  return reach === undefined ? [...keys] : mergePlaces(places.map(boxText), MOST.places);

  async function take(text: string, asked: Promise<Suspects>): Promise<void> {
    const suspects = await asked;
    const names = suspects.shapes.length > 0 ? text.split('\n') : [];
    for (const shape of suspects.shapes) keys.add(names[shape] as string);
    if (reach !== undefined) places.push(...suspects.places);
  }
}
