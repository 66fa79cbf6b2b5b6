import { DAY_MS } from '../lib/time.ts';
import type { ScoreSnapshot } from './snapshot-query.ts';

/** Days over which the pace is measured, and the fewest that show one. */
const PACE_DAYS = 28;
const LEAST_DAYS = 7;

/** `unknown`: the snapshots span fewer than 7 days. `stalled`: findings do not become fewer. */
export type Pace =
  | { readonly state: 'unknown' | 'stalled' | 'done'; readonly days: null }
  | { readonly state: 'measured'; readonly days: number };

/**
 * Returns the days until no finding is left, at the pace of the last 28 days.
 * @param snapshots from old to new, the last one of today
 */
export function paceOf(snapshots: readonly ScoreSnapshot[]): Pace {
  const last = snapshots.at(-1);
  const dayOf = ({ day }: ScoreSnapshot) => Date.parse(day) / DAY_MS;
  const first = last && snapshots.find((each) => dayOf(last) - dayOf(each) <= PACE_DAYS);
  if (!last || !first || dayOf(last) - dayOf(first) < LEAST_DAYS) return { state: 'unknown', days: null };
  if (last.findings === 0) return { state: 'done', days: null };
  const fewer = first.findings - last.findings;
  if (fewer <= 0) return { state: 'stalled', days: null };
  return { state: 'measured', days: Math.ceil((last.findings * (dayOf(last) - dayOf(first))) / fewer) };
}
