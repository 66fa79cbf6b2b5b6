import type { Geometry } from 'geojson';
import { z } from 'zod';
import { integerKey } from '../../catalog/key.ts';
import type { Layer } from '../../catalog/layer.ts';
import { parseCql2Json } from '../../cql2/json.ts';
import { filterToSql } from '../../filter/filter.ts';
import { CRS_PATTERN, CRS84, parseCrs, unknownCrs } from '../../geo/crs.ts';
import { geometrySchema, readGeometry } from '../../geo/geojson.ts';
import { isObject, readShape } from '../../lib/shape.ts';
import type { InputValues, PrepareContext, ProcessInput } from '../process.ts';
import { RELATIONS } from '../relation.ts';
import { inputLayer, requireFew, wrongInput } from '../wrong-input.ts';
import { type BufferRequest, LIMITS } from './buffer-request.ts';
import type { Preset } from './preset-schema.ts';

const layerId = z.string().min(1).max(200);

const featuresSchema = z.strictObject({
  layer: layerId,
  ids: z
    .array(z.union([z.number(), z.string().min(1).max(200)]))
    .min(1)
    .max(LIMITS.ids)
    .optional(),
  filter: z.looseObject({ op: z.string(), args: z.array(z.unknown()) }).optional(),
});

const layersSchema = z.array(layerId).min(1).max(LIMITS.layers).default(['land.parcel']);

export const BUFFER_INPUTS = {
  geometry: {
    description: {
      vi: `Hình học GeoJSON, hướng đông trước hướng bắc sau dù "crs" nói gì; nhiều nhất ${LIMITS.vertices} đỉnh; bỏ độ cao. Hoặc "features".`,
      en: `GeoJSON geometry, east before north whatever "crs" says (EPSG:4326 too); at most ${LIMITS.vertices} vertices; heights are dropped. Or "features".`,
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
      vi: `Đối tượng của một lớp theo "ids" (nhiều nhất ${LIMITS.ids}) và/hoặc "filter" (CQL2 JSON: and, or, not, =, <>, <, <=, >, >=, between, in, like, isNull, s_intersects); nhiều nhất ${LIMITS.features} đối tượng`,
      en: `Features of a layer by "ids" (at most ${LIMITS.ids}) and/or "filter" (CQL2 JSON: and, or, not, =, <>, <, <=, >, >=, between, in, like, isNull, s_intersects); at most ${LIMITS.features} features`,
    },
    schema: featuresSchema.optional(),
    read: (value: unknown, path: string) => {
      if (isObject(value)) requireFew(value.ids, LIMITS.ids, `${path}.ids`);
      return readShape(featuresSchema, value, { root: path });
    },
  },
  distance: {
    description: {
      vi: 'Khoảng cách, mét; đúng như đã cho, kể cả từ tim tuyến',
      en: 'Distance in metres; taken as given, from a centre line too',
    },
    schema: z.number().gte(LIMITS.minDistance).lte(LIMITS.distance).optional(),
  },
  preset: {
    description: {
      vi: 'Quy định khoảng cách (/processes/buffer/presets) thay cho "distance"; tính từ mép: của vùng, hoặc của đường có bề rộng ("width", width_m)',
      en: 'A distance rule (/processes/buffer/presets) in place of "distance"; it runs from the edge of an area, or of a line whose width is known ("width", width_m)',
    },
    schema: z.string().min(1).max(100).optional(),
  },
  width: {
    description: {
      vi: 'Bề rộng (mét) của đường trong "geometry": "preset" tính từ mép thì cộng thêm một nửa; không có thì bị từ chối',
      en: 'Width in metres of the lines of "geometry": half of it is added to a "preset" that runs from the edge, which is refused without it',
    },
    schema: z.number().gte(0).lte(LIMITS.width).optional(),
  },
  layers: {
    description: { vi: 'Các lớp cần báo cáo', en: 'Layers to report' },
    schema: layersSchema,
    read: (value: unknown, path: string) => {
      requireFew(value, LIMITS.layers, path);
      return readShape(layersSchema, value, { root: path });
    },
  },
  relation: {
    description: {
      vi: 'intersecting: chạm hoặc nằm trong; within: nằm trọn; clipped: cắt theo vùng đệm',
      en: 'intersecting: touches or lies in; within: wholly inside; clipped: cut at the buffer',
    },
    schema: z.enum(RELATIONS).default('intersecting'),
  },
} satisfies Readonly<Record<string, ProcessInput>>;

export type BufferInputs = InputValues<typeof BUFFER_INPUTS>;

/**
 * Parses the inputs.
 * @param findPreset returns the rule of an id, and throws a Problem if there is none
 * @throws Problem that says what would be right
 */
export async function readBufferRequest(
  inputs: BufferInputs,
  context: PrepareContext,
  findPreset: (id: string) => Promise<Preset>,
): Promise<BufferRequest> {
  const { features, distance, width, relation } = inputs;
  const crs = inputs.crs === undefined ? CRS84 : parseCrs(inputs.crs);
  if (!crs) throw unknownCrs(inputs.crs ?? '');
  if (features && inputs.crs !== undefined) {
    throw wrongInput('crs', {
      vi: '"crs" chỉ đi với "geometry": đối tượng của một lớp đã có hệ tọa độ của nó.',
      en: '"crs" goes with "geometry" only: features of a layer have its CRS.',
    });
  }
  const preset = inputs.preset === undefined ? undefined : await findPreset(inputs.preset);
  return {
    source: features
      ? readFeatures(features, inputLayer(context, features.layer, 'features.layer'))
      : { kind: 'geometry', geometry: inputs.geometry as Geometry, crs },
    distance: preset?.distanceM ?? (distance as number),
    preset,
    width,
    layers: [...new Set(inputs.layers)].map((id) => inputLayer(context, id, 'layers')),
    relation,
  };
}

function readFeatures({ ids, filter }: z.output<typeof featuresSchema>, layer: Layer): BufferRequest['source'] {
  if (!ids && filter === undefined) {
    throw wrongInput('features', {
      vi: '"features" phải có "ids" hoặc "filter" (hoặc cả hai).',
      en: '"features" must have "ids" or "filter" (or both).',
    });
  }
  if (ids) requireIds(ids, layer);
  const expression = filter === undefined ? undefined : parseCql2Json(filter);
  // Checked now, not by the job, because the names in a filter need no rows.
  if (expression) filterToSql(expression, layer);
  return { kind: 'features', layer, ids: ids && [...new Set(ids)], filter: expression };
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
