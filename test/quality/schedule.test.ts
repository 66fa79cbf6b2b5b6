/** When a rule assesses some records, and when all. */
import { expect, it } from 'vitest';
import type { RuleState } from '../../src/quality/due-query.ts';
import type { BoundRule } from '../../src/quality/rule.ts';
import { hasKeysDue, isCountDue, isWholeDue, PAUSES } from '../../src/quality/schedule.ts';

const bound = { rule: { id: 'a', hash: 'now', recheckHours: 2 } } as unknown as BoundRule;
const FRESH: RuleState = {
  ...{ rule: 'a', hash: 'now', failed: false, age: 5, took: 1 },
  ...{ keys: 0, isAllDue: false, isCountDue: false },
};

it.each<readonly [state: string, part: Partial<RuleState>, keys: boolean, whole: boolean]>([
  ['nothing is due', {}, false, false],
  ['some keys are due', { keys: 5000 }, true, false],
  ['more keys are due than are checked one by one', { keys: 5001 }, false, true],
  ['all records are due, and some keys too', { keys: 1, isAllDue: true }, true, true],
  ['all are due, but the last run took long', { isAllDue: true, took: 2.5 }, false, false],
  ['many keys are due, but the last run took long', { keys: 5001, took: 2.5 }, false, false],
  ['its hours are over', { age: 7201 }, false, true],
  ['its hours are nearly over', { age: 7199 }, false, false],
  ['it never ran', { hash: null, keys: 1 }, false, true],
  ['its file has changed', { hash: 'before', keys: 1 }, false, true],
  ['it failed just now', { failed: true, keys: 1, isAllDue: true }, false, false],
  ['it failed a minute ago, and something has changed', { failed: true, keys: 1, age: 61 }, false, true],
  ['it failed a minute ago, and nothing has changed', { failed: true, age: 61 }, false, false],
  ['it failed an hour ago', { failed: true, age: 3601 }, false, true],
])('is decided where %s', (_state, part, keys, whole) => {
  const state = { ...FRESH, ...part };
  expect([hasKeysDue(bound, state), isWholeDue(bound, state, PAUSES)]).toEqual([keys, whole]);
});

it.each<readonly [state: string, part: Partial<RuleState>, counts: boolean]>([
  ['no number is due', { keys: 1, isAllDue: true }, false],
  ['numbers are due', { isCountDue: true }, true],
  ['it never ran', { hash: null, isCountDue: true }, false],
  ['it failed', { failed: true, isCountDue: true }, false],
])('counts the records of units if %s', (_state, part, counts) => {
  expect(isCountDue(bound, { ...FRESH, ...part })).toBe(counts);
});
