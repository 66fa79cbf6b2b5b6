import type { Geometry } from 'geojson';
import { z } from 'zod';
import { requireLayer } from '../../access/policy.ts';
import type { Principal } from '../../access/principal.ts';
import { type BufferRequest, LIMITS, RELATIONS } from '../../analysis/buffer-request.ts';
import { type Asked, OUTPUTS, type Output } from '../../analysis/buffer-result.ts';
import { requirePreset } from '../../analysis/presets.ts';
import { integerKey } from '../../catalog/key.ts';
import type { Catalog, Layer } from '../../catalog/layer.ts';
import { parseCql2Json } from '../../cql2/json.ts';
import type { Database } from '../../database/database.ts';
import { filterToSql } from '../../filter/filter.ts';
import { CRS84, parseCrs } from '../../geo/crs.ts';
import { geometrySchema, readGeometry } from '../../geo/geojson.ts';
import { Problem, type Text } from '../../lib/errors.ts';
import { isObject, readShape } from '../../lib/shape.ts';
import { CRS_PATTERN, unknownCrs } from '../kit/parameters.ts';
import { OUTPUT_SCHEMAS } from './buffer-outputs.ts';

const layerId = z.string().min(1).max(200);

const ALTERNATIVES = ['geometry', 'features'].flatMap((what) =>
  ['distance', 'preset'].map((howFar) => ({ required: [what, howFar] })),
);

/** The inputs: what is read, and what the process description says. */
export const inputsSchema = z.strictObject({
  geometry: geometrySchema.optional(),
  crs: z.string().min(1).max(200).meta({ pattern: CRS_PATTERN }).optional(),
  features: z
    .strictObject({
      layer: layerId,
      ids: z
        .array(z.union([z.number(), z.string().min(1).max(200)]))
        .min(1)
        .max(LIMITS.ids)
        .optional(),
      filter: z.looseObject({ op: z.string(), args: z.array(z.unknown()) }).optional(),
    })
    .optional(),
  distance: z.number().gte(LIMITS.minDistance).lte(LIMITS.distance).optional(),
  preset: z.string().min(1).max(100).optional(),
  width: z.number().gte(0).lte(LIMITS.width).optional(),
  layers: z.array(layerId).min(1).max(LIMITS.layers).default(['land.parcel']),
  relation: z.enum(RELATIONS).default('intersecting'),
});

const outputSchema = z.strictObject({
  transmissionMode: z.literal('value').optional(),
  format: z.strictObject({ mediaType: z.string().optional() }).optional(),
});

function forEachOutput<S>(schema: S): Record<Output, S> {
  return Object.fromEntries(OUTPUTS.map((name) => [name, schema])) as Record<Output, S>;
}

/** The body of an execution (OGC 18-062r2). */
export const executeSchema = z.strictObject({
  inputs: inputsSchema.meta({ oneOf: ALTERNATIVES }),
  outputs: z.strictObject(forEachOutput(outputSchema.optional())).optional(),
  response: z.enum(['raw', 'document']).optional(),
});

export interface ExecutionSources {
  readonly catalog: Catalog;
  readonly principal: Principal;
  readonly db: Database;
  readonly signal: AbortSignal;
}

/** @throws Problem that says what would be right */
export async function readExecution(
  body: unknown,
  { catalog, principal, db, signal }: ExecutionSources,
): Promise<{ request: BufferRequest; asked: Asked }> {
  // The geometry is read by itself, for what is wrong with it is told as `invalid-geometry`.
  const unwrapped = unwrapInputs(body);
  const geometry = unwrapped.geometry === undefined ? undefined : readGeometry(unwrapped.geometry, 'inputs.geometry');
  requireFewIds(unwrapped.body);
  const { inputs, ...given } = readShape(executeSchema, unwrapped.body, { root: '' });
  const { features, preset, distance } = inputs;
  requireOne(geometry, features, { vi: '"geometry" hoặc "features"', en: '"geometry" or "features"' });
  requireOne(distance, preset, { vi: '"distance" hoặc "preset"', en: '"distance" or "preset"' });
  const layerOf = (id: string, parameter: string) => inputLayer(catalog, id, { principal, parameter });
  const crs = inputs.crs === undefined ? CRS84 : parseCrs(inputs.crs);
  if (!crs) throw unknownCrs(inputs.crs ?? '');
  if (features && inputs.crs !== undefined) {
    throw wrong('crs', {
      vi: '"crs" chỉ đi với "geometry": đối tượng của một lớp đã có hệ tọa độ của nó.',
      en: '"crs" goes with "geometry" only: features of a layer have its CRS.',
    });
  }
  const rule = preset === undefined ? undefined : await requirePreset(db, preset, { signal });
  return {
    request: {
      source: features
        ? readFeatures(features, layerOf(features.layer, 'features.layer'))
        : { kind: 'geometry', geometry: geometry as Geometry, crs },
      distance: rule?.distanceM ?? (distance as number),
      preset: rule,
      width: inputs.width,
      layers: [...new Set(inputs.layers)].map((id) => layerOf(id, 'layers')),
      relation: inputs.relation,
    },
    asked: readAsked(given),
  };
}

function readAsked({ outputs, response }: Omit<z.output<typeof executeSchema>, 'inputs'>): Asked {
  for (const [name, { format } = {}] of Object.entries(outputs ?? {})) {
    const { type } = OUTPUT_SCHEMAS[name as Output];
    if (format?.mediaType === undefined || format.mediaType === type) continue;
    throw wrong(`outputs.${name}.format.mediaType`, {
      vi: `"${name}" chỉ có dạng ${type}.`,
      en: `"${name}" comes as ${type} only.`,
    });
  }
  const names = outputs ? OUTPUTS.filter((name) => name in outputs) : OUTPUTS;
  // Whoever names no form gets one value as it is, but several never as a multipart message, which few can read.
  return { outputs: names, response: response ?? (names.length === 1 ? 'raw' : 'document') };
}

/** Standard clients wrap an object as `{value, mediaType}` (7.11.2.2). @returns the body without wrappers and geometry */
function unwrapInputs(body: unknown): { body: unknown; geometry: unknown } {
  if (!isObject(body) || !isObject(body.inputs)) return { body, geometry: undefined };
  const inputs = Object.fromEntries(
    Object.entries(body.inputs).map(([name, value]) => [
      name,
      isObject(value) && 'value' in value ? value.value : requireValue(name, value),
    ]),
  );
  const { geometry, ...others } = inputs;
  return { body: { ...body, inputs: others }, geometry };
}

/** Counted before they are read: the schema reads every one of half a million before it says that there are too many. */
function requireFewIds(body: unknown): void {
  const inputs = isObject(body) && isObject(body.inputs) ? body.inputs : {};
  const lists = { 'features.ids': isObject(inputs.features) ? inputs.features.ids : undefined, layers: inputs.layers };
  for (const [parameter, list] of Object.entries(lists)) {
    const most = parameter === 'layers' ? LIMITS.layers : LIMITS.ids;
    if (!Array.isArray(list) || list.length <= most) continue;
    throw wrong(parameter, {
      vi: `"inputs.${parameter}" có ${list.length} phần tử; nhiều nhất là ${most} (≤ ${most}).`,
      en: `"inputs.${parameter}" has ${list.length} items; it must have a number of items ≤ ${most}.`,
    });
  }
}

/** A link would have this server ask others for whoever asks it. @throws Problem for an input by reference */
function requireValue(name: string, value: unknown): unknown {
  if (!isObject(value) || typeof value.href !== 'string') return value;
  throw wrong(`inputs.${name}`, {
    vi: `"inputs.${name}" phải là giá trị, không phải liên kết (href): máy chủ không tải dữ liệu từ nơi khác.`,
    en: `"inputs.${name}" must be a value and no link (href): this server fetches nothing from elsewhere.`,
  });
}

function readFeatures(
  { ids, filter }: { ids?: readonly (string | number)[] | undefined; filter?: unknown },
  layer: Layer,
): BufferRequest['source'] {
  if (!ids && filter === undefined) {
    throw wrong('features', {
      vi: '"features" phải có "ids" hoặc "filter" (hoặc cả hai).',
      en: '"features" must have "ids" or "filter" (or both).',
    });
  }
  if (ids) requireIds(ids, layer);
  const expression = filter === undefined ? undefined : parseCql2Json(filter);
  // Told now, not by the job: what a filter names is known without reading a row.
  if (expression) filterToSql(expression, layer);
  return { kind: 'features', layer, ids: ids && [...new Set(ids)], filter: expression };
}

function requireIds(ids: readonly (string | number)[], layer: Layer): void {
  if (layer.key.kind !== 'columns') {
    throw wrong('features.ids', {
      vi: `${layer.id} không có khóa chính nên không có id; hãy dùng "filter".`,
      en: `${layer.id} has no primary key and so no ids; use "filter".`,
    });
  }
  const isRight = integerKey(layer)
    ? (id: string | number) => (typeof id === 'number' ? Number.isSafeInteger(id) : isBigInteger(id))
    : (id: string | number) => !String(id).includes('\0');
  const bad = ids.find((id) => !isRight(id));
  if (bad === undefined) return;
  throw wrong('features.ids', {
    vi: `"features.ids" của ${layer.id} phải là số nguyên (ở đây có "${String(bad).slice(0, 40)}").`,
    en: `"features.ids" of ${layer.id} must be whole numbers (here is "${String(bad).slice(0, 40)}").`,
  });
}

/** As text an integer keeps all of its digits, up to the 64 bits that a column has. */
function isBigInteger(text: string): boolean {
  return /^(0|-?[1-9]\d{0,18})$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** A layer that a body names: that it is not there is an error of the body, not of the path. */
function inputLayer(
  catalog: Catalog,
  id: string,
  { principal, parameter }: { principal: Principal; parameter: string },
): Layer {
  try {
    return requireLayer(catalog, id, principal);
  } catch (error) {
    throw error instanceof Problem ? wrong(parameter, error.detail) : error;
  }
}

function requireOne(a: unknown, b: unknown, names: Text): void {
  if ((a === undefined) !== (b === undefined)) return;
  throw new Problem(
    'invalid-body',
    { vi: `"inputs" phải có một trong hai: ${names.vi}.`, en: `"inputs" must have one of the two: ${names.en}.` },
    { parameter: 'inputs' },
  );
}

function wrong(parameter: string, detail: Text): Problem {
  return new Problem('invalid-body', detail, { parameter });
}
