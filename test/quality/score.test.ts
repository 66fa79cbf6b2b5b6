/** Scores by hand, in the form of the state's index. */
import { expect, it } from 'vitest';
import type { QualityRule } from '../../src/quality/rule.ts';
import { rankMending, scoreColour, scoreDatabases, scoreOfAll } from '../../src/quality/score.ts';
import type { TallyRow } from '../../src/quality/score-query.ts';

const rule = (id: string, layer: string, criterion: QualityRule['criterion'], weight: number) =>
  ({ id, layer, criterion, weight }) as QualityRule;

const RULES = [
  rule('a', 'land.parcel', 'clean', 3),
  rule('b', 'land.parcel', 'clean', 1),
  rule('c', 'land.parcel', 'correct', 2),
  rule('d', 'land.parcel', 'complete', 2),
  rule('e', 'environment.station', 'current', 1),
];

const tally = (id: string, unitCode: string | null, records: number, failing: number): TallyRow => ({
  rule: id,
  unitCode,
  unitValidFrom: unitCode && '2025-07-01',
  unitName: unitCode,
  records,
  failing,
  findings: failing + 1,
  acknowledged: 1,
});

const TALLIES = [tally('a', '1', 90, 9), tally('a', null, 10, 1), tally('b', '1', 100, 50), tally('c', '1', 50, 0)];

it('are percentages of records, then weighted means', () => {
  const [land] = scoreDatabases(RULES, TALLIES, []);
  const criteria = land?.fields[0]?.criteria.map(({ criterion, score }) => [criterion, score]);
  // a: 90 of 100 pass; b: 50 of 100. (3 * 90 + 1 * 50) / 4 = 80.
  expect(criteria).toEqual([
    ['correct', 100],
    ['complete', null],
    ['clean', 80],
    ['current', null],
    ['consistent', null],
  ]);
  expect([land?.database, land?.score, land?.fields[0]?.layer]).toEqual(['land', 90, 'land.parcel']);
  const first = land?.fields[0]?.criteria[2]?.rules[0];
  expect(first).toMatchObject({ records: 100, failing: 10, findings: 12, acknowledged: 2, score: 90 });
});

it('are not 100 where nothing was assessed', () => {
  const [land, environment] = scoreDatabases(RULES, TALLIES, []);
  expect(environment).toMatchObject({ database: 'environment', score: null, fields: [{ score: null }] });
  expect(scoreOfAll([land!, environment!])).toBe(90);
  expect(scoreOfAll(scoreDatabases(RULES, [], []))).toBeNull();
});

it('are not below 0 for a record that has a finding and is not counted yet', () => {
  const [land] = scoreDatabases(RULES, [tally('a', '1', 2, 3)], []);
  expect(land?.score).toBe(0);
});

it('have the weights of the database, and a rule without one that of its file', () => {
  const weights = [
    { level: 'rule', name: 'b', weight: 2 },
    { level: 'criterion', name: 'clean', weight: 3 },
    { level: 'layer', name: 'land.parcel', weight: 5 },
  ] as const;
  const [land] = scoreDatabases(RULES, TALLIES, weights);
  // a weighs 3 by its file, b 2: (3 * 90 + 2 * 50) / 5 = 74. Clean weighs 3, correct 1: (3 * 74 + 100) / 4 = 80.5.
  expect(land?.fields[0]?.criteria[2]).toMatchObject({ score: 74, weight: 3, rules: [{ weight: 3 }, { weight: 2 }] });
  expect(land).toMatchObject({ score: 80.5, weight: 1, fields: [{ weight: 5 }] });
  const none = [{ level: 'criterion', name: 'correct', weight: 0 }] as const;
  expect(scoreDatabases(RULES, TALLIES, none)[0]?.score).toBe(80);
});

it('rise by the points of what is mended, that with the most points a finding first', () => {
  const tallies = [...TALLIES, tally('e', '1', 20, 2)];
  const databases = scoreDatabases(RULES, tallies, []);
  const mendings = rankMending(databases);
  // e: 10 % of the half that is the environment, over 2 open findings. a and b share the half of clean in the half of land.
  expect(mendings.map(({ scored, points, pointsEach }) => [scored.rule.id, points, pointsEach])).toEqual(
    [
      ['e', 5, 2.5],
      ['b', 3.125, 0.0625],
      ['a', 1.875, 0.1875],
    ].sort(([, , a], [, , b]) => Number(b) - Number(a)),
  );
  for (const { scored, points } of mendings) {
    const mended = tallies.map((each) => (each.rule === scored.rule.id ? { ...each, failing: 0 } : each));
    const gain = Number(scoreOfAll(scoreDatabases(RULES, mended, []))) - Number(scoreOfAll(databases));
    expect(gain).toBeCloseTo(points, 10);
  }
});

it.each([
  [null, null],
  [0, 'red'],
  [74.999, 'red'],
  [75, 'yellow'],
  [89.999, 'yellow'],
  [90, 'green'],
  [100, 'green'],
])('of %s are %s', (score, colour) => {
  expect(scoreColour(score)).toBe(colour);
});
