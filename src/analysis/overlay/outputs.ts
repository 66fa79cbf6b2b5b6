import { z } from 'zod';
import { namedSchema, textSchema } from '../../lib/schema.ts';
import { coverageSchema } from '../coverage/coverage-schema.ts';
import { overlayRowSchema } from '../parts/row-schema.ts';
import type { OutputValues, ProcessOutput } from '../process.ts';
import { BBOX_OUTPUT, NOTES_OUTPUT } from '../shared-outputs.ts';

export const THEME_STATES = ['concerned', 'not_concerned', 'no_data'] as const;

/** A layer, or one kind of plan, and its relation to the place. */
export const overlayThemeSchema = namedSchema(
  'OverlayTheme',
  z.strictObject({
    theme: z.string(),
    layer: z.string(),
    title: textSchema,
    state: z.enum(THEME_STATES),
    stateText: textSchema,
  }),
);
export type OverlayTheme = z.infer<typeof overlayThemeSchema>;

const placeSchema = z.strictObject({ count: z.int(), areaM2: z.number(), srid: z.int(), withinM: z.number() });

export const OVERLAY_OUTPUTS = {
  place: {
    title: { vi: 'Nơi được hỏi; số đối tượng, m²', en: 'The place: number of features, m²' },
    schema: placeSchema,
    type: 'application/json',
  },
  themes: {
    title: {
      vi: 'Từng chủ đề: có liên quan, không liên quan, chưa có dữ liệu',
      en: 'Each theme: concerned, not concerned, no data here',
    },
    schema: z.array(overlayThemeSchema),
    type: 'application/json',
  },
  rows: {
    title: { vi: 'Những gì áp dụng ở đây; m² và %', en: 'What applies here; m² and %' },
    schema: z.array(overlayRowSchema),
    type: 'application/json',
  },
  coverage: {
    title: { vi: 'Phần của nơi được hỏi có dữ liệu', en: 'Part of the place that has data' },
    schema: z.array(coverageSchema),
    type: 'application/json',
  },
  bbox: BBOX_OUTPUT,
  notes: NOTES_OUTPUT,
} satisfies Readonly<Record<string, ProcessOutput>>;

export type OverlayValues = OutputValues<typeof OVERLAY_OUTPUTS>;
