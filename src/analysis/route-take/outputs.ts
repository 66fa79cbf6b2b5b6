import { z } from 'zod';
import { CAPS } from '../corridor/corridor.ts';
import type { OutputValues, ProcessOutput } from '../process.ts';
import { NOTES_OUTPUT } from '../shared-outputs.ts';
import { parcelValueSchema, valueSumSchema } from './value-schema.ts';

const area = z.number();

/** `corridorM2` = `takenM2` + `excludedM2` + `withoutParcelM2` + `outsideUnitsM2` - `countedTwiceM2`. */
const summarySchema = z.strictObject({
  lengthM: z.number(),
  leftM: z.number(),
  rightM: z.number(),
  caps: z.enum(CAPS),
  srid: z.int(),
  corridorM2: area,
  parcels: z.int(),
  takenM2: area,
  excludedParcels: z.int(),
  excludedM2: area,
  withoutParcelM2: area,
  outsideUnitsM2: area,
  countedTwiceM2: area,
  remnants: z.int(),
  buildings: z.int().nullable(),
});
export type RouteSummary = z.infer<typeof summarySchema>;

const lineSchema = z.strictObject({
  corners: z.int(),
  order: z.enum(['east-north', 'north-east']),
  crs: z.string(),
  crsName: z.string(),
  isNamed: z.boolean(),
  isClosed: z.boolean(),
});

/** `takenM2` of a use: the part taken of a parcel is shared out as the areas of its uses are. */
const useSchema = z.strictObject({ code: z.string(), areaM2: area.nullable(), takenM2: area });

const remnantSchema = z.strictObject({ areaM2: area, thresholdM2: area, use: z.string() });

const takenParcelSchema = z.strictObject({
  id: z.union([z.number(), z.string()]),
  fromM: z.number(),
  toM: z.number(),
  unit: z.strictObject({ code: z.string(), validFrom: z.string(), name: z.string() }),
  sheet: z.string(),
  number: z.int(),
  former: z.array(z.strictObject({ unit: z.string(), sheet: z.string(), number: z.int() })),
  uses: z.array(useSchema),
  legalAreaM2: area.nullable(),
  areaM2: area,
  takenM2: area,
  takenPercent: z.number(),
  leftM2: area,
  leftPieces: z.int(),
  remnants: z.array(remnantSchema),
  buildings: z.int().nullable(),
  value: parcelValueSchema.optional(),
});
export type TakenParcel = z.infer<typeof takenParcelSchema>;

export const GAP_KINDS = ['without_parcel', 'outside_units'] as const;

/** `isSliver`: all edges drawn twice in the unit, which are no ground. They count in the sum. */
const gapSchema = z.strictObject({
  kind: z.enum(GAP_KINDS),
  fromM: z.number(),
  toM: z.number(),
  unit: z.strictObject({ code: z.string(), validFrom: z.string(), name: z.string() }).nullable(),
  areaM2: area,
  isSliver: z.boolean(),
});
export type Gap = z.infer<typeof gapSchema>;

const useShareSchema = z.strictObject({
  code: z.string(),
  nameVi: z.string(),
  nameEn: z.string(),
  parcels: z.int(),
  takenM2: area,
});
export type UseShare = z.infer<typeof useShareSchema>;

const unitShareSchema = z.strictObject({
  code: z.string(),
  validFrom: z.string(),
  name: z.string(),
  parcels: z.int(),
  takenM2: area,
  withoutParcelM2: area,
});
export type RouteUnitShare = z.infer<typeof unitShareSchema>;

const zoneShareSchema = z.strictObject({
  plan: z.string(),
  zoneCode: z.string(),
  name: z.string(),
  decision: z.string().nullable(),
  period: z.string(),
  areaM2: area,
});
export type ZoneShare = z.infer<typeof zoneShareSchema>;

export const ROUTE_OUTPUTS = {
  summary: {
    title: {
      vi: 'Tổng hợp: hành lang = thu hồi + không thuộc thửa + ngoài đơn vị',
      en: 'Sums: corridor = taken + without parcel + outside the units',
    },
    schema: summarySchema,
    type: 'application/json',
  },
  line: {
    title: { vi: 'Tuyến đọc từ danh sách tọa độ', en: 'The line as read from a list of coordinates' },
    schema: lineSchema.nullable(),
    type: 'application/json',
  },
  parcels: {
    title: { vi: 'Các thửa bị thu hồi, theo thứ tự lý trình', en: 'Parcels taken, in the order of the line' },
    schema: z.array(takenParcelSchema),
    type: 'application/json',
  },
  parcelsTruncated: {
    title: { vi: 'Có thửa không liệt kê ở đây', en: 'Whether the list of parcels was cut' },
    schema: z.boolean(),
    type: 'application/json',
  },
  gaps: {
    title: {
      vi: 'Đất trong hành lang không thuộc thửa nào, và phần ngoài các đơn vị, theo thứ tự lý trình',
      en: 'Land of the corridor without a parcel, and what lies outside the units, in the order of the line',
    },
    schema: z.array(gapSchema),
    type: 'application/json',
  },
  byUse: {
    title: { vi: 'Theo loại đất, m²', en: 'By use, m²' },
    schema: z.array(useShareSchema),
    type: 'application/json',
  },
  byUnit: {
    title: { vi: 'Theo phường, xã, m²', en: 'By commune, m²' },
    schema: z.array(unitShareSchema),
    type: 'application/json',
  },
  byZone: {
    title: {
      vi: 'Theo khu chức năng quy hoạch, m²; mỗi quy hoạch là một tổng riêng',
      en: 'By planning zone, m²; each plan has a sum of its own',
    },
    schema: z.array(zoneShareSchema),
    type: 'application/json',
  },
  value: {
    title: {
      vi: 'Giá trị theo bảng giá đất; trống nếu chưa có bảng giá',
      en: 'Value by the price table; null if none is loaded',
    },
    schema: valueSumSchema.nullable(),
    type: 'application/json',
  },
  notes: NOTES_OUTPUT,
} satisfies Readonly<Record<string, ProcessOutput>>;

export type RouteValues = OutputValues<typeof ROUTE_OUTPUTS>;
