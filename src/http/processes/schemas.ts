import { z } from 'zod';
import { namedSchema, textSchema } from '../../lib/schema.ts';
import { linksSchema } from '../kit/shapes.ts';

/** statusInfo (OGC 18-062r2, 7.12). */
export const statusSchema = namedSchema(
  'JobStatus',
  z.strictObject({
    processID: z.string(),
    type: z.literal('process'),
    jobID: z.string(),
    status: z.enum(['accepted', 'running', 'successful', 'failed', 'dismissed']),
    message: z.string(),
    messages: textSchema,
    created: z.string(),
    started: z.string().optional(),
    finished: z.string().optional(),
    updated: z.string(),
    progress: z.int().min(0).max(100),
    /** The time from which the result is gone. */
    expires: z.string(),
    /** A POST of them to the link `execute` computes the same again. */
    inputs: z.record(z.string(), z.unknown()),
    links: linksSchema,
  }),
);

export type StatusDocument = z.infer<typeof statusSchema>;

export const jobListSchema = z.strictObject({ jobs: z.array(statusSchema), links: linksSchema });

const summary = {
  id: z.string(),
  version: z.string(),
  title: z.string(),
  description: z.string(),
  jobControlOptions: z.array(z.enum(['sync-execute', 'async-execute', 'dismiss'])),
  outputTransmission: z.array(z.literal('value')),
  links: linksSchema,
};
const anySchema = z.record(z.string(), z.unknown());

/** processSummary (OGC 18-062r2, 7.9). */
const summarySchema = z.strictObject(summary);
export type SummaryDocument = z.infer<typeof summarySchema>;

export const processListSchema = z.strictObject({ processes: z.array(summarySchema), links: linksSchema });

/** process (OGC 18-062r2, 7.10). */
export const processSchema = namedSchema(
  'Process',
  z.strictObject({
    ...summary,
    inputs: z.record(
      z.string(),
      z.strictObject({
        title: z.string(),
        description: z.string(),
        schema: anySchema,
        minOccurs: z.int(),
        maxOccurs: z.int(),
      }),
    ),
    outputs: z.record(z.string(), z.strictObject({ title: z.string(), schema: anySchema })),
  }),
);
export type ProcessDocument = z.infer<typeof processSchema>;
