import { z } from 'zod';
import type { Layer } from '../catalog/layer.ts';
import type { ValueOf } from '../lib/schema.ts';

/** Id of the layer of right holders. */
export const HOLDER_LAYER = 'land.parcel_holder';

/** Columns of the layer that the public does not see, and all that an answer gives. */
export const HOLDER_FIELDS = ['parcel_id', 'holder_kind', 'holder_name', 'certificate_no', 'since'] as const;

/** Most right holders of a parcel in an answer. */
export const MOST_HOLDERS = 100;

/** A right holder of a parcel, only for principals that may see {@link HOLDER_LAYER}. */
export const holderSchema = z.strictObject({
  id: z.int(),
  kind: z.enum(['person', 'household', 'organisation', 'state', 'community']),
  name: z.string(),
  certificateNo: z.string().nullable(),
  /** `YYYY-MM-DD` */
  since: z.string().nullable(),
});
export type RightHolder = ValueOf<typeof holderSchema>;

/** The right holders whom a principal may see. */
export interface VisibleHolders {
  /** Narrowed to the principal's units. */
  readonly layer: Layer;
  /** Adds to the record that these were read; none: that the layer was asked. */
  readonly note: (ids: readonly string[]) => void;
}
