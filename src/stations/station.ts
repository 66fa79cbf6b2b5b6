import { z } from 'zod';
import type { Text } from '../lib/errors.ts';
import { textSchema, type ValueOf } from '../lib/schema.ts';

/** Averaging periods that values are held against limits in. */
export const AVERAGES = ['1h', '8h', '24h'] as const;
export type Average = (typeof AVERAGES)[number];

/** Hours of each averaging period. */
export const AVERAGE_HOURS: Readonly<Record<Average, number>> = { '1h': 1, '8h': 8, '24h': 24 };

/** Result of an assessment. Nothing compared is never `within`. */
const ASSESSMENT_STATES = ['exceeded', 'within', 'not_assessed'] as const;
export type AssessmentState = (typeof ASSESSMENT_STATES)[number];

/** States of one parameter or of one value, in words. */
export const STATE_TITLES: Readonly<Record<AssessmentState, Text>> = {
  exceeded: { vi: 'Vượt giới hạn', en: 'Over the limit' },
  within: { vi: 'Trong giới hạn', en: 'Within the limit' },
  not_assessed: { vi: 'Chưa đánh giá', en: 'Not assessed' },
};

const stateSchema = z.enum(ASSESSMENT_STATES);
const bounds = { minimum: z.number().nullable(), maximum: z.number().nullable() };
const assessed = {
  state: stateSchema,
  title: textSchema,
  reason: z.string().nullable(),
  why: textSchema.nullable(),
  /** Start of the unbroken run of exceeded averages. */
  since: z.string().nullable(),
};

/** A limit, and the average that is held against it. */
const heldLimitSchema = z.strictObject({
  averaging: z.string(),
  regulation: z.string().nullable(),
  /** Class, column or area of the regulation; null: it has none. */
  class: z.string().nullable(),
  ...bounds,
  /** Certainty of the figure; it begins with `source` if it was checked against the text. */
  status: z.string().nullable(),
  /** End of the averaging period. */
  at: z.string(),
  value: z.number().nullable(),
  /** Hours of the period that have a value, and all of them. */
  hours: z.int().nullable(),
  ofHours: z.int().nullable(),
  state: stateSchema,
  reason: z.string().nullable(),
  why: textSchema.nullable(),
  since: z.string().nullable(),
});
export type HeldLimit = ValueOf<typeof heldLimitSchema>;

const measuredSchema = z.strictObject({ code: z.string(), name: textSchema, unit: z.string() });
export type Measured = ValueOf<typeof measuredSchema>;

/** One parameter of a station: its latest value, and each limit that it is held to. */
export const parameterStatusSchema = measuredSchema.extend({
  value: z.number(),
  observedAt: z.string(),
  ...assessed,
  limits: z.array(heldLimitSchema),
});
export type ParameterStatus = ValueOf<typeof parameterStatusSchema>;

/** VN_AQI of an hour or a day (QĐ 1459/QĐ-TCMT 2019). The parts come with the largest first. */
const aqiSchema = z.strictObject({
  /** End of the hour, or the day in Việt Nam. */
  of: z.string(),
  index: z.int().min(0).max(500),
  /** True if a concentration is beyond the last breakpoint, where the index stays 500. */
  isBeyond: z.boolean(),
  parameter: z.string(),
  class: textSchema,
  colour: z.string(),
  /** Concentrations in µg/m³; `averaging` is `nowcast` or the averaging period. */
  parts: z.array(
    z.strictObject({ parameter: z.string(), averaging: z.string(), concentration: z.number(), index: z.int() }),
  ),
});
export type Aqi = ValueOf<typeof aqiSchema>;
export type AqiPart = Aqi['parts'][number];

export const stationSchema = z.strictObject({
  id: z.int(),
  lon: z.number(),
  lat: z.number(),
  code: z.string(),
  name: z.string(),
  kind: z.string(),
  operator: z.string().nullable(),
  automatic: z.boolean(),
  startedOn: z.string().nullable(),
  /** Medium and class of the limits that the station is held to. */
  medium: z.string(),
  limitClass: z.string().nullable(),
  intervalMinutes: z.int(),
});
export type Station = ValueOf<typeof stationSchema>;

/** Assessment of a station as a whole: parameters over their limits, those compared, and the others. */
const assessmentSchema = z.strictObject({
  ...assessed,
  exceeded: z.array(z.string()),
  compared: z.array(z.string()),
  notAssessed: z.array(z.string()),
});
export type Assessment = ValueOf<typeof assessmentSchema>;

export const stationStatusSchema = z.strictObject({
  station: stationSchema,
  /** The moment of the assessment, ISO 8601 in UTC. */
  moment: z.string(),
  observedAt: z.string().nullable(),
  /** True if the latest value is older than 3 hours, or there is none. */
  isStale: z.boolean(),
  assessment: assessmentSchema,
  aqi: z.strictObject({ hourly: aqiSchema.nullable(), daily: aqiSchema.nullable() }),
  parameters: z.array(parameterStatusSchema),
});
export type StationStatus = ValueOf<typeof stationStatusSchema>;

/** An average, held against the limit of its hour. */
const seriesValueSchema = z.strictObject({
  /** End of the averaging period. */
  at: z.string(),
  /** null: fewer than 75 % of its hours have a value. */
  value: z.number().nullable(),
  /** Hours of the period that have a value. */
  hours: z.int(),
  ...bounds,
  state: stateSchema,
});
export type SeriesValue = ValueOf<typeof seriesValueSchema>;

/** A limit of a series, from its first value that it holds for. */
const seriesLimitSchema = z.strictObject({
  regulation: z.string(),
  class: z.string().nullable(),
  ...bounds,
  status: z.string(),
});
export type SeriesLimit = ValueOf<typeof seriesLimitSchema>;

export const seriesSchema = z.strictObject({
  station: stationSchema,
  parameter: measuredSchema,
  average: z.enum(AVERAGES),
  from: z.string(),
  to: z.string(),
  limits: z.array(seriesLimitSchema),
  values: z.array(seriesValueSchema),
});
export type Series = ValueOf<typeof seriesSchema>;
