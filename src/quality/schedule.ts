import type { RuleState } from './due-query.ts';
import type { BoundRule } from './rule.ts';

/** Waiting times of whole runs. */
export interface Pauses {
  /** Least pause before a change of many records makes a rule run again, as a multiple of its last run's time. */
  readonly rest: number;
  /** Seconds after which a failed rule runs again, if something has changed since. */
  readonly retry: number;
}

export const PAUSES: Pauses = { rest: 2, retry: 60 };

/** Seconds after which a failed rule runs again in any case. */
const RETRY_SECONDS = 3600;

/** Most keys that are checked one by one; for more the rule assesses all records. */
export const MOST_KEYS = 5000;

/** Returns true if all records have been assessed by the present text of the rule. */
export function isAssessed({ rule }: BoundRule, state: RuleState): boolean {
  return state.hash === rule.hash && !state.failed;
}

/** Returns true if keys wait that can be checked. A rule that has assessed nothing is not assessed in parts. */
export function hasKeysDue(bound: BoundRule, state: RuleState): boolean {
  return isAssessed(bound, state) && state.keys > 0 && state.keys <= MOST_KEYS;
}

/** Returns true if numbers of assessed records wait to be counted. */
export function isCountDue(bound: BoundRule, state: RuleState): boolean {
  return isAssessed(bound, state) && state.isCountDue;
}

/** Returns true if a rule must assess all records now. */
export function isWholeDue(bound: BoundRule, state: RuleState, pauses: Pauses): boolean {
  const { hash, failed, age, took, keys, isAllDue } = state;
  if (hash !== bound.rule.hash) return true;
  if (failed) return age > RETRY_SECONDS || ((isAllDue || keys > 0) && age > pauses.retry);
  if (age > bound.rule.recheckHours * 3600) return true;
  return (isAllDue || keys > MOST_KEYS) && age > pauses.rest * took;
}
