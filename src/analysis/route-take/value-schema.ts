import { z } from 'zod';
import type { Text } from '../../lib/errors.ts';
import { textSchema } from '../../lib/schema.ts';
import { RULE_STATUSES } from '../rule-status.ts';

/** Reasons for which a part has no value. */
export const NOT_VALUED = {
  no_price: {
    vi: 'Bảng giá không có giá của loại đất này ở đơn vị này.',
    en: 'The table has no price of this use in this commune.',
  },
  no_street: { vi: 'Địa chỉ của thửa không ghi tên đường.', en: 'The address of the parcel names no street.' },
  street_not_listed: { vi: 'Bảng giá không có đường này.', en: 'The table does not list this street.' },
  several_segments: {
    vi: 'Bảng giá có nhiều đoạn của đường này; dữ liệu không cho biết thửa thuộc đoạn nào.',
    en: 'The table has several segments of this street; the data do not tell which is that of the parcel.',
  },
  alley: {
    vi: 'Thửa trong hẻm: vị trí 2-4 tùy bề rộng hẻm, mà dữ liệu không có.',
    en: 'The parcel is in an alley: positions 2 to 4 depend on its width, which the data lack.',
  },
  several_positions: {
    vi: 'Bảng giá có nhiều khu vực hoặc vị trí; dữ liệu không cho biết thửa thuộc vị trí nào.',
    en: 'The table has several regions or positions; the data do not tell which is that of the parcel.',
  },
} as const satisfies Readonly<Record<string, Text>>;
export type NotValued = keyof typeof NOT_VALUED;

const vnd = z.int().nullable();
const area = z.number();
const reasonSchema = z.enum(Object.keys(NOT_VALUED) as [NotValued, ...NotValued[]]);

/** `vndM2` is the price of the table; `coefficient` that of the position. */
const priceSchema = z.strictObject({
  document: z.string(),
  street: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  region: z.string().nullable(),
  position: z.int().nullable(),
  coefficient: z.number(),
  vndM2: z.number(),
  status: z.enum(RULE_STATUSES),
});

/** A part of one use: `vnd` = `takenM2` × `price.vndM2` × `price.coefficient`; or null, and `notValued` says why. */
const partValueSchema = z.strictObject({
  use: z.string(),
  takenM2: area,
  vnd,
  price: priceSchema.nullable(),
  notValued: reasonSchema.nullable(),
  notValuedText: textSchema.nullable(),
});
export type PartValue = z.infer<typeof partValueSchema>;

/** `vnd` of what is valued; null if nothing is. */
export const parcelValueSchema = z.strictObject({
  vnd,
  valuedM2: area,
  notValuedM2: area,
  parts: z.array(partValueSchema),
});
export type ParcelValue = z.infer<typeof parcelValueSchema>;

/** The same over all parcels, with the m² of each reason. `status` is `checked` if there are prices and every one is. */
export const valueSumSchema = z.strictObject({
  vnd,
  valuedM2: area,
  notValuedM2: area,
  notValued: z.array(z.strictObject({ reason: reasonSchema, text: textSchema, takenM2: area })),
  documents: z.array(z.string()),
  status: z.enum(RULE_STATUSES),
  statusText: textSchema,
});
export type ValueSum = z.infer<typeof valueSumSchema>;
