import { z } from 'zod';
import type { OutputValues, ProcessOutput } from '../process.ts';

/** `distanceM`: planar metres in VN-2000. `bearing`: degrees clockwise from grid north, null if they touch. */
export const NEAREST_OUTPUTS = {
  features: {
    title: { vi: 'Đối tượng gần nhất trước', en: 'Features, the nearest first' },
    schema: z.array(
      z.strictObject({
        rank: z.int(),
        id: z.string().nullable(),
        distanceM: z.number(),
        bearing: z.number().nullable(),
        properties: z.record(z.string(), z.unknown()),
      }),
    ),
    type: 'application/json',
  },
  srid: { title: { vi: 'Hệ tọa độ để đo', en: 'CRS of the measurements' }, schema: z.int(), type: 'application/json' },
} satisfies Readonly<Record<string, ProcessOutput>>;

export type NearestValues = OutputValues<typeof NEAREST_OUTPUTS>;
