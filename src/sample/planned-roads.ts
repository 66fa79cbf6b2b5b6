import type { LonLat } from '../geo/vn2000.ts';

/** A road that is not there yet: no street of the model follows it, and parcels lie across it. */
export interface PlannedRoad {
  readonly name: string;
  /** Metres between its red lines. */
  readonly widthM: number;
  readonly course: readonly LonLat[];
}

export const PLANNED_ROADS: readonly PlannedRoad[] = [
  {
    name: 'Đường Phú Lợi – Chánh Hiệp (quy hoạch)',
    widthM: 32,
    course: [
      [106.6851, 10.9728],
      [106.676, 10.9827],
      [106.6696, 10.9918],
      [106.6605, 11.0036],
      [106.6504, 11.014],
      [106.6413, 11.0199],
      [106.6331, 11.0262],
    ],
  },
];
