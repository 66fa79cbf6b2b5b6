import { z } from 'zod';
import { namedSchema, textSchema, type ValueOf } from '../../lib/schema.ts';
import { linksSchema } from '../kit/shapes.ts';

/** Percent, rounded down to one digit; null: not assessed. */
const score = z.number().min(0).max(100).nullable();
const colourShape = z.enum(['green', 'yellow', 'red']).nullable();
const scored = { weight: z.number(), score, colour: colourShape };

const ruleShape = z.strictObject({
  rule: z.string(),
  title: textSchema,
  severity: z.string(),
  scope: textSchema,
  tolerance: textSchema.nullable(),
  basis: z.string(),
  advice: textSchema,
  /** `amounts`: `records` and `failing` are amounts in `unit`, such as m². */
  counts: z.enum(['records', 'amounts']),
  unit: textSchema.nullable(),
  records: z.int(),
  failing: z.int(),
  findings: z.int(),
  acknowledged: z.int(),
  ...scored,
  /** Why there is no score; null with one. */
  why: textSchema.nullable(),
  /** The last run; null: never. */
  checkedAt: z.string().nullable(),
  /** False if the last run failed, or the rule has changed since. */
  isCurrent: z.boolean(),
  /** The same document with the findings of this rule. */
  url: z.string(),
  /** The open findings as features. */
  items: z.string(),
});
const ruleSchema = namedSchema('QualityRule', ruleShape);

const criterionSchema = namedSchema(
  'QualityCriterion',
  z.strictObject({ criterion: z.string(), title: textSchema, ...scored, rules: z.array(ruleSchema) }),
);

const fieldSchema = z.strictObject({
  layer: z.string(),
  title: textSchema,
  ...scored,
  criteria: z.array(criterionSchema),
});

const databaseSchema = namedSchema(
  'QualityDatabase',
  z.strictObject({ database: z.string(), title: textSchema, ...scored, fields: z.array(fieldSchema) }),
);

const unitShape = z.strictObject({
  code: z.string().nullable(),
  validFrom: z.string().nullable(),
  name: z.string().nullable(),
});

const unitScoreSchema = unitShape.extend({ score, colour: colourShape, findings: z.int(), url: z.string() });

/** Points of the score of all, won by mending all findings of a rule, and one of them on average. */
const mendingSchema = z.strictObject({
  rule: z.string(),
  title: textSchema,
  advice: textSchema,
  findings: z.int(),
  points: z.number(),
  pointsEach: z.number(),
  /** The commune with most of them. */
  most: unitScoreSchema.pick({ name: true, findings: true, url: true }).nullable(),
  url: z.string(),
});

const trendSchema = z.strictObject({
  /** Day in Vietnam. */
  snapshots: z.array(z.strictObject({ day: z.string(), score: z.number(), findings: z.int() })),
  state: z.enum(['unknown', 'stalled', 'done', 'measured']),
  /** Days until no finding is left, at the pace of four weeks. */
  daysLeft: z.int().nullable(),
});

const findingSchema = z.strictObject({
  id: z.int(),
  layer: z.string(),
  key: z.string(),
  severity: z.string(),
  title: textSchema,
  measure: z.number().nullable(),
  foundAt: z.string(),
  acknowledgedReason: z.string().nullable(),
  /** Degrees; null without a place. */
  lon: z.number().nullable(),
  lat: z.number().nullable(),
  item: z.string(),
  map: z.string(),
});

export const qualitySchema = namedSchema(
  'Quality',
  z.strictObject({
    /** null: the whole province. */
    unit: unitShape.nullable(),
    score,
    colour: colourShape,
    lines: z.strictObject({ yellow: z.number(), aim: z.number(), green: z.number() }),
    findings: z.int(),
    notes: z.array(textSchema),
    databases: z.array(databaseSchema),
    /** That with the most points a finding comes first. */
    mending: z.array(mendingSchema),
    trend: trendSchema,
    units: z.array(unitScoreSchema),
    /** The asked rule: its score by commune, and its first findings. */
    rule: ruleShape.extend({ units: z.array(unitScoreSchema), listed: z.array(findingSchema) }).nullable(),
    links: linksSchema,
  }),
);

export type QualityDocument = ValueOf<typeof qualitySchema>;
export type QualityDatabase = QualityDocument['databases'][number];
export type ScoredRule = QualityDatabase['fields'][number]['criteria'][number]['rules'][number];
export type ScoredUnit = QualityDocument['units'][number];
export type RuleDocument = NonNullable<QualityDocument['rule']>;
export type ListedFinding = RuleDocument['listed'][number];
