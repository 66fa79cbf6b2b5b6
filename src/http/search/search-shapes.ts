import { z } from 'zod';
import { namedSchema } from '../../lib/schema.ts';
import { otherQuestionSchema, searchAnswerSchema } from '../../search/answer.ts';
import { HIT_TYPES, hitSchema } from '../../search/hit.ts';
import { linksSchema } from '../kit/shapes.ts';

/** Longest question, in characters: 500 corners with their numbers and edges. */
export const LONGEST_QUESTION = 40_000;

/** Body of `POST /search`. */
export const searchBodySchema = namedSchema(
  'SearchQuestion',
  z.strictObject({
    q: z.string().min(1).max(LONGEST_QUESTION),
    types: z.array(z.enum(HIT_TYPES)).min(1).optional(),
    limit: z.int().min(1).max(100).optional(),
    offset: z.int().min(0).max(100_000).optional(),
  }),
);

const linkedHitSchema = namedSchema('SearchHit', hitSchema.extend({ href: z.string().optional() }));
const others = z.array(otherQuestionSchema.extend({ href: z.string() })).optional();

/** An answer of `/search`, with the URLs of its hits and of other questions. */
export const searchSchema = namedSchema(
  'SearchAnswer',
  searchAnswerSchema.extend({
    q: z.string(),
    numberReturned: z.int().min(0),
    hits: z.array(linkedHitSchema),
    didYouMean: others,
    suggestions: others,
    next: z.string().optional(),
    links: linksSchema,
  }),
);
