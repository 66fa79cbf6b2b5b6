import type { Text } from '../lib/errors.ts';

/** Certainty of a legal rule, for people. */
export type RuleStatus = 'checked' | 'unchecked' | 'superseded';

export const RULE_STATUSES = ['checked', 'unchecked', 'superseded'] as const satisfies readonly RuleStatus[];

export const RULE_STATUS_WORDS: Readonly<Record<RuleStatus, Text>> = {
  checked: { vi: 'đã đối chiếu', en: 'checked against the text' },
  unchecked: { vi: 'chưa đối chiếu', en: 'not checked against the text' },
  superseded: { vi: 'hết hiệu lực', en: 'no longer in force' },
};

/** Columns of `land.buffer_preset` that say how sure a rule is. */
export interface RuleRecord {
  readonly status: string;
  readonly validity: string;
}

/** Returns the certainty of a rule. Only a rule read in its source, and known to be in force, counts as checked. */
export function ruleStatusOf({ status, validity }: RuleRecord): RuleStatus {
  if (validity === 'superseded') return 'superseded';
  return status === 'source' && validity === 'in_force' ? 'checked' : 'unchecked';
}
