import type { LonLat } from '../geo/vn2000.ts';

export type RoadKind = 'expressway' | 'national' | 'provincial' | 'district' | 'urban' | 'local';

export interface MainRoad {
  readonly name: string;
  readonly ref?: string;
  readonly kind: RoadKind;
  readonly course: readonly LonLat[];
}
