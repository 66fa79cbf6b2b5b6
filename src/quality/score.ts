import type { Text } from '../lib/errors.ts';
import { CRITERIA, type Criterion, type QualityRule } from './rule.ts';
import type { TallyRow, WeightRow } from './score-query.ts';

/** Percent, not rounded; null: not assessed. */
export type Score = number | null;

/** A score and its weight in the mean above it. */
interface Weighted {
  readonly score: Score;
  readonly weight: number;
}

export interface RuleScore extends Weighted {
  readonly rule: QualityRule;
  /** Assessed records, or expected amounts. */
  readonly records: number;
  /** Records with a finding that nobody has acknowledged, or amounts missing in such findings. */
  readonly failing: number;
  readonly findings: number;
  readonly acknowledged: number;
}

export interface CriterionScore extends Weighted {
  readonly criterion: Criterion;
  readonly title: Text;
  readonly rules: readonly RuleScore[];
}

export interface FieldScore extends Weighted {
  /** A layer. */
  readonly layer: string;
  readonly criteria: readonly CriterionScore[];
}

export interface DatabaseScore extends Weighted {
  /** A schema. */
  readonly database: string;
  readonly fields: readonly FieldScore[];
}

/** Weights of the database; what has none counts once, and a rule as its file says. */
export type Weights = readonly Omit<WeightRow, 'status'>[];

/**
 * Returns the scores in the form of the state's data-quality index (CV 4856/BCA-TTDLQG, Phụ lục 3): a rule has the
 * percentage of its records that pass; a criterion, a field (here: a layer) and a database (here: a schema) each have
 * the weighted mean of the scores below. A score is null where nothing was assessed, and counts in no mean.
 */
export function scoreDatabases(
  rules: readonly QualityRule[],
  tallies: readonly TallyRow[],
  weights: Weights,
): readonly DatabaseScore[] {
  const weigh = weigher(weights);
  const scored = rules.map((rule) => scoreRule(rule, tallies, weigh));
  const layers = distinct(rules.map(({ layer }) => layer));
  return distinct(layers.map(schemaOf)).map((database) => {
    const fields = layers
      .filter((layer) => schemaOf(layer) === database)
      .map((layer) => scoreField(layer, scored, weigh));
    return { database, weight: weigh('database', database), score: weightedMean(fields), fields };
  });
}

type Weigh = (level: WeightRow['level'], name: string, usual?: number) => number;

function weigher(weights: Weights): Weigh {
  const given = new Map(weights.map(({ level, name, weight }) => [`${level} ${name}`, weight]));
  return (level, name, usual = 1) => given.get(`${level} ${name}`) ?? usual;
}

function schemaOf(layer: string): string {
  return layer.split('.')[0] ?? '';
}

function scoreRule(rule: QualityRule, tallies: readonly TallyRow[], weigh: Weigh): RuleScore {
  const own = tallies.filter((tally) => tally.rule === rule.id);
  const total = (member: 'records' | 'failing' | 'findings' | 'acknowledged') =>
    own.reduce((sum, tally) => sum + tally[member], 0);
  const [records, failing] = [total('records'), total('failing')];
  // A new record can have a finding for a moment before it is counted.
  const score = records === 0 ? null : Math.max(0, (100 * (records - failing)) / records);
  const weight = weigh('rule', rule.id, rule.weight);
  return { rule, weight, records, failing, findings: total('findings'), acknowledged: total('acknowledged'), score };
}

function scoreField(layer: string, scored: readonly RuleScore[], weigh: Weigh): FieldScore {
  const own = scored.filter(({ rule }) => rule.layer === layer);
  const criteria = (Object.keys(CRITERIA) as Criterion[]).map((criterion) => {
    const rules = own.filter(({ rule }) => rule.criterion === criterion);
    const weight = weigh('criterion', criterion);
    return { criterion, title: CRITERIA[criterion], weight, score: weightedMean(rules), rules };
  });
  return { layer, weight: weigh('layer', layer), score: weightedMean(criteria), criteria };
}

/** Returns the score of all databases. */
export function scoreOfAll(databases: readonly DatabaseScore[]): Score {
  return weightedMean(databases);
}

/** Returns the mean of what was assessed; null if nothing was, or if nothing of it counts. */
function weightedMean(parts: readonly Weighted[]): Score {
  const assessed = parts.filter((part): part is { score: number; weight: number } => part.score !== null);
  const weights = weightOfAssessed(parts);
  return weights === 0 ? null : assessed.reduce((sum, { score, weight }) => sum + score * weight, 0) / weights;
}

function weightOfAssessed(parts: readonly Weighted[]): number {
  return parts.reduce((sum, { score, weight }) => (score === null ? sum : sum + weight), 0);
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

/** Returns every rule of the databases. */
export function rulesOf(databases: readonly DatabaseScore[]): readonly RuleScore[] {
  return databases.flatMap(({ fields }) =>
    fields.flatMap(({ criteria }) => criteria.flatMap((criterion) => criterion.rules)),
  );
}

/** Findings that count against the score. */
export function openFindings({ findings, acknowledged }: Pick<RuleScore, 'findings' | 'acknowledged'>): number {
  return findings - acknowledged;
}

/** A rule with findings, and the points of the score of all that mending them wins. */
export interface Mending {
  readonly scored: RuleScore;
  /** Points for all of its findings, and for one of them on average. */
  readonly points: number;
  readonly pointsEach: number;
}

/**
 * Returns the rules whose findings lower the score, that with the most points a finding first. A rule's share in the
 * score of all is the product of its weights, each divided by those of what was assessed beside it.
 */
export function rankMending(databases: readonly DatabaseScore[]): readonly Mending[] {
  const mendings = assessedShares(databases, 1).flatMap(([database, ofDatabase]) =>
    assessedShares(database.fields, ofDatabase).flatMap(([field, ofField]) =>
      assessedShares(field.criteria, ofField).flatMap(([criterion, ofCriterion]) =>
        assessedShares(criterion.rules, ofCriterion).map(([scored, share]) => {
          const points = (share * 100 * scored.failing) / scored.records;
          return { scored, points, pointsEach: points / openFindings(scored) };
        }),
      ),
    ),
  );
  return mendings.filter(({ points }) => points > 0).sort((a, b) => b.pointsEach - a.pointsEach);
}

/** Returns the assessed parts, and the share of each in a whole. */
function assessedShares<Part extends Weighted>(parts: readonly Part[], whole: number): (readonly [Part, number])[] {
  const weights = weightOfAssessed(parts);
  return parts
    .filter(({ score, weight }) => score !== null && weight > 0)
    .map((part) => [part, (whole * part.weight) / weights] as const);
}

/** Lines against which scores are read: the state's two colours, and the agency's aim. */
export const SCORE_LINES = { yellow: 75, aim: 80, green: 90 } as const;

/** Colour of the state's index; null: not assessed. */
export function scoreColour(score: Score): 'green' | 'yellow' | 'red' | null {
  if (score === null) return null;
  return score >= SCORE_LINES.green ? 'green' : score >= SCORE_LINES.yellow ? 'yellow' : 'red';
}
