/** Faults planted into the sample, each with the findings that it must have. */
import { PLANTED_LINES } from './planted-lines.ts';
import { PLANTED_PARCELS } from './planted-parcels.ts';
import type { Planted } from './planted-record.ts';
import { PLANTED_PERMITS, PLANTED_STATIONS } from './planted-stations.ts';

/** Every planted record with its findings. */
export const PLANTED: readonly Planted[] = [
  ...PLANTED_PARCELS,
  ...PLANTED_STATIONS,
  ...PLANTED_PERMITS,
  ...PLANTED_LINES.flatMap(({ lines }) => lines),
];

/** Ids of a copy begin this much higher than those of the copy before. */
const IDS_A_COPY = 10_000;

export function idOfCopy(id: number, copy: number): number {
  return id + copy * IDS_A_COPY;
}

/** Returns the planted records of several copies. */
export function plantedCopies(copies: number): readonly Planted[] {
  const ids = new Set(PLANTED.map(({ id }) => String(id)));
  return Array.from({ length: copies }, (_, copy) =>
    PLANTED.map(({ id, expected, ...planted }) => ({
      ...planted,
      id: idOfCopy(id, copy),
      expected: expected.map(([rule, aspect, measure]) => {
        const own = ids.has(aspect) ? String(idOfCopy(Number(aspect), copy)) : aspect;
        return [rule, own, measure] as const;
      }),
    })),
  ).flat();
}
