/** Days left to mend, by the snapshots of the last weeks. */
import { expect, it } from 'vitest';
import { paceOf } from '../../src/quality/pace.ts';

const snapshot = (day: string, findings: number) => ({ day, score: 80, findings });

it.each([
  ['without snapshots', [], { state: 'unknown', days: null }],
  ['of one day', [snapshot('2026-11-27', 5)], { state: 'unknown', days: null }],
  ['of six days', [snapshot('2026-11-21', 9), snapshot('2026-11-27', 5)], { state: 'unknown', days: null }],
  // 20 in 10 days, 30 left.
  ['of ten days', [snapshot('2026-11-17', 50), snapshot('2026-11-27', 30)], { state: 'measured', days: 15 }],
  // 3 in 7 days: 10 left take 23.3 days.
  ['rounded up', [snapshot('2026-11-20', 13), snapshot('2026-11-27', 10)], { state: 'measured', days: 24 }],
  [
    'older than 28 days',
    [snapshot('2026-10-29', 900), snapshot('2026-10-30', 40), snapshot('2026-11-27', 12)],
    { state: 'measured', days: 12 },
  ],
  ['that do not fall', [snapshot('2026-11-10', 5), snapshot('2026-11-27', 5)], { state: 'stalled', days: null }],
  ['that rise', [snapshot('2026-11-10', 5), snapshot('2026-11-27', 6)], { state: 'stalled', days: null }],
  ['that are none', [snapshot('2026-11-10', 5), snapshot('2026-11-27', 0)], { state: 'done', days: null }],
])('from findings %s', (_what, snapshots, pace) => {
  expect(paceOf(snapshots)).toEqual(pace);
});
