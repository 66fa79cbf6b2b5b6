import type { Geometry } from 'geojson';
import { z } from 'zod';
import { integerKey } from '../../catalog/key.ts';
import type { Layer } from '../../catalog/layer.ts';
import { parseCql2Json } from '../../cql2/json.ts';
import { bindFilter } from '../../filter/filter.ts';
import { CRS_PATTERN, CRS84, requireCrs } from '../../geo/crs.ts';
import { geometrySchema, readGeometry } from '../../geo/geojson.ts';
import { isObject, readShape } from '../../lib/shape.ts';
import type { InputValues, PrepareContext, ProcessInput } from '../process.ts';
import { inputLayer, requireFew, wrongInput } from '../wrong-input.ts';
import { type AskedPlace, type FeatureSource, SOURCE_LIMITS } from './source.ts';

export const layerIdSchema = z.string().min(1).max(200);

const featuresSchema = z.strictObject({
  layer: layerIdSchema,
  ids: z
    .array(z.union([z.number(), z.string().min(1).max(200)]))
    .min(1)
    .max(SOURCE_LIMITS.ids)
    .optional(),
  filter: z.looseObject({ op: z.string(), args: z.array(z.unknown()) }).optional(),
});

/** The inputs that say which place is asked about: one of `geometry` and `features`. */
export const SOURCE_INPUTS = {
  geometry: {
    description: {
      vi: `Hình học GeoJSON, hướng đông trước hướng bắc sau dù "crs" nói gì; nhiều nhất ${SOURCE_LIMITS.vertices} đỉnh; bỏ độ cao. Hoặc "features".`,
      en: `GeoJSON geometry, east before north whatever "crs" says (EPSG:4326 too); at most ${SOURCE_LIMITS.vertices} vertices; heights are dropped. Or "features".`,
    },
    schema: geometrySchema.optional(),
    // Read apart, because its errors are `invalid-geometry`.
    read: readGeometry,
  },
  crs: {
    description: { vi: 'Hệ tọa độ của "geometry", mặc định CRS84', en: 'CRS of "geometry", CRS84 by default' },
    schema: z.string().min(1).max(200).meta({ pattern: CRS_PATTERN }).optional(),
  },
  features: {
    description: {
      vi: `Đối tượng của một lớp theo "ids" (nhiều nhất ${SOURCE_LIMITS.ids}) và/hoặc "filter" (CQL2 JSON: and, or, not, =, <>, <, <=, >, >=, between, in, like, isNull, s_intersects); nhiều nhất ${SOURCE_LIMITS.features} đối tượng`,
      en: `Features of a layer by "ids" (at most ${SOURCE_LIMITS.ids}) and/or "filter" (CQL2 JSON: and, or, not, =, <>, <, <=, >, >=, between, in, like, isNull, s_intersects); at most ${SOURCE_LIMITS.features} features`,
    },
    schema: featuresSchema.optional(),
    read: (value: unknown, path: string) => {
      if (isObject(value)) requireFew(value.ids, SOURCE_LIMITS.ids, `${path}.ids`);
      return readShape(featuresSchema, value, { root: path });
    },
  },
} satisfies Readonly<Record<string, ProcessInput>>;

/**
 * Returns the place of the inputs.
 * @throws Problem that says what would be right
 */
export function readSource(inputs: InputValues<typeof SOURCE_INPUTS>, context: PrepareContext): AskedPlace {
  const { features, geometry } = inputs;
  const crs = inputs.crs === undefined ? CRS84 : requireCrs(inputs.crs);
  if (!features) return { kind: 'geometry', geometry: geometry as Geometry, crs };
  if (inputs.crs !== undefined) {
    throw wrongInput('crs', {
      vi: '"crs" chỉ đi với "geometry": đối tượng của một lớp đã có hệ tọa độ của nó.',
      en: '"crs" goes with "geometry" only: features of a layer have their CRS.',
    });
  }
  return readFeatureSource(features, inputLayer(context, features.layer, 'features.layer'));
}

function readFeatureSource({ ids, filter }: z.output<typeof featuresSchema>, layer: Layer): FeatureSource {
  if (!ids && filter === undefined) {
    throw wrongInput('features', {
      vi: '"features" phải có "ids" hoặc "filter" (hoặc cả hai).',
      en: '"features" must have "ids" or "filter" (or both).',
    });
  }
  if (ids) requireIds(ids, layer);
  // Bound now, not by the job, because the names in a filter need no rows.
  const bound = filter === undefined ? undefined : bindFilter(parseCql2Json(filter), layer);
  return { kind: 'features', layer, ids: ids && [...new Set(ids)], filter: bound };
}

function requireIds(ids: readonly (string | number)[], layer: Layer): void {
  if (layer.key.kind !== 'columns') {
    throw wrongInput('features.ids', {
      vi: `${layer.id} không có khóa chính nên không có id; hãy dùng "filter".`,
      en: `${layer.id} has no primary key and so no ids; use "filter".`,
    });
  }
  const isRight = integerKey(layer)
    ? (id: string | number) => (typeof id === 'number' ? Number.isSafeInteger(id) : isBigInteger(id))
    : (id: string | number) => !String(id).includes('\0');
  const bad = ids.find((id) => !isRight(id));
  if (bad === undefined) return;
  throw wrongInput('features.ids', {
    vi: `"features.ids" của ${layer.id} phải là số nguyên (ở đây có "${String(bad).slice(0, 40)}").`,
    en: `"features.ids" of ${layer.id} must be whole numbers (here is "${String(bad).slice(0, 40)}").`,
  });
}

/** Returns true for a big integer as text, which preserves all digits up to the 64 bits of a column. */
function isBigInteger(text: string): boolean {
  return /^(0|-?[1-9]\d{0,18})$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}
