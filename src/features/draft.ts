import { coordAll } from '@turf/meta';
import type { Geometry } from 'geojson';
import { z } from 'zod';
import type { Field, FieldType, Layer } from '../catalog/layer.ts';
import { Problem, type Text } from '../errors.ts';
import { type Crs, nameOf, numbersOf } from '../geo/crs.ts';
import { readGeometry } from '../geo/geojson.ts';
import { readShape } from '../shape.ts';

/** A feature as somebody wants it to be: what is not named stays out. */
export interface Draft {
  /** Values as JSON, checked against the types of their fields. */
  readonly values: ReadonlyMap<Field, unknown>;
  /** In `crs`, axes in the order of its URI; null: none; undefined: not said. */
  readonly geometry: Geometry | null | undefined;
  readonly crs: Crs;
}

const whole = z.object({
  type: z.literal('Feature'),
  geometry: z.unknown(),
  properties: z.union([z.record(z.string(), z.unknown()), z.null()]),
});
const part = z.object({
  type: z.literal('Feature').optional(),
  geometry: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});

interface DraftOptions {
  readonly crs: Crs;
  /** Whether it is a patch (RFC 7396): members that are not there stay as they are. */
  readonly isPatch: boolean;
}

/**
 * A GeoJSON feature, or a patch of one, from unknown JSON.
 * @throws Problem invalid-body or invalid-geometry that names the member and what would be right
 */
export function readDraft(layer: Layer, body: unknown, { crs, isPatch }: DraftOptions): Draft {
  const { geometry, properties } = readShape(isPatch ? part : whole, body, { root: '' });
  const values = new Map(
    Object.entries(properties ?? {}).map(([name, value]) => {
      const field = layer.fields.find((each) => each.name === name);
      if (!field) throw unknownField(layer, name);
      return [field, readValue(field, value)] as const;
    }),
  );
  return { values, geometry: readShapeOf(layer, geometry, crs), crs };
}

function readShapeOf({ geometry: { type } }: Layer, value: unknown, crs: Crs): Geometry | null | undefined {
  if (value === undefined || value === null) return value;
  const geometry = readGeometry(value, 'geometry');
  const given = geometry.type.toUpperCase();
  if (type !== 'GEOMETRY' && given !== type && `MULTI${given}` !== type) {
    throw wrongGeometry(
      `phải là ${type.startsWith('MULTI') ? `${type.slice(5)} hoặc ${type}` : type}, không phải ${given}`,
      `must be ${type.startsWith('MULTI') ? `a ${type.slice(5)} or ${type}` : `a ${type}`}, not a ${given}`,
    );
  }
  const [west, south, east, north] = numbersOf(crs);
  for (const [a = 0, b = 0] of coordAll(geometry)) {
    const [x, y] = crs.axes === 'east-north' ? [a, b] : [b, a];
    if (x >= west && x <= east && y >= south && y <= north) continue;
    const order = crs.axes === 'east-north' ? '[kinh độ/easting, vĩ độ/northing]' : '[vĩ độ, kinh độ]';
    const orderEn = crs.axes === 'east-north' ? '[longitude/easting, latitude/northing]' : '[latitude, longitude]';
    throw wrongGeometry(
      `có điểm [${a}, ${b}] nằm ngoài ${nameOf(crs)}; tọa độ ghi theo ${order}, hệ khác thì nêu ở Content-Crs`,
      `has the position [${a}, ${b}], outside of ${nameOf(crs)}; positions are ${orderEn}, and Content-Crs names another system`,
    );
  }
  return geometry;
}

export function wrongGeometry(vi: string, en: string): Problem {
  return new Problem(
    'invalid-geometry',
    { vi: `"geometry" ${vi}.`, en: `"geometry" ${en}.` },
    { parameter: 'geometry' },
  );
}

interface ValueReader {
  readonly expected: Text;
  /** undefined: not what is expected. */
  readonly read: (value: unknown) => unknown;
}

const TIME = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
const only = (isRight: (value: unknown) => boolean) => (value: unknown) => (isRight(value) ? value : undefined);
const matching = (pattern: RegExp) => only((value) => typeof value === 'string' && pattern.test(value));

const READERS: Readonly<Record<FieldType, ValueReader>> = {
  string: { expected: { vi: 'chữ', en: 'text' }, read: matching(/^[^\0]*$/) },
  integer: {
    // As text, integers beyond 2^53 keep their last digits.
    expected: { vi: 'số nguyên', en: 'a whole number' },
    read: only((value) => Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,19}$/.test(value))),
  },
  number: {
    expected: { vi: 'số', en: 'a number' },
    read: only(
      (value) =>
        (typeof value === 'number' && Number.isFinite(value)) ||
        (typeof value === 'string' && /^-?\d{1,400}(\.\d{1,400})?$/.test(value)),
    ),
  },
  boolean: {
    expected: { vi: 'true hoặc false', en: 'true or false' },
    read: only((value) => typeof value === 'boolean'),
  },
  date: {
    expected: { vi: 'ngày, như "2025-07-01"', en: 'a date such as "2025-07-01"' },
    read: matching(/^\d{4}-\d\d-\d\d$/),
  },
  datetime: {
    expected: { vi: 'thời điểm, như "2025-07-01T00:00:00Z"', en: 'a time such as "2025-07-01T00:00:00Z"' },
    read: matching(TIME),
  },
  json: {
    expected: { vi: 'JSON không có ký tự NUL', en: 'JSON without the character NUL' },
    read: only((value) => !JSON.stringify(value).includes('\\u0000')),
  },
};

function readValue(field: Field, given: unknown): unknown {
  const { name, type, nullable, sqlType } = field;
  if (given === null && nullable) return null;
  const { expected, read } = READERS[type];
  const value = read(given);
  if (value === undefined || value === null) {
    throw wrongField(name, { vi: `phải là ${expected.vi}`, en: `must be ${expected.en}` });
  }
  // A column without a zone holds UTC; PostgreSQL would leave the zone of the text out.
  const isLocal = type === 'datetime' && sqlType.includes('without time zone') && !/Z$/i.test(String(value));
  if (!isLocal) return value;
  const time = new Date(String(value));
  if (Number.isNaN(time.getTime()))
    throw wrongField(name, { vi: `phải là ${expected.vi}`, en: `must be ${expected.en}` });
  return time.toISOString();
}

export function wrongField(name: string, detail: Text): Problem {
  const parameter = `properties.${name}`;
  return new Problem(
    'invalid-body',
    { vi: `"${parameter}" ${detail.vi}.`, en: `"${parameter}" ${detail.en}.` },
    { parameter },
  );
}

function unknownField({ fields }: Layer, name: string): Problem {
  const known = fields.map((field) => field.name);
  return new Problem(
    'invalid-body',
    {
      vi: `Lớp này không có trường "${name.slice(0, 60)}". Các trường: ${known.join(', ')}.`,
      en: `The layer has no field "${name.slice(0, 60)}". Fields: ${known.join(', ')}.`,
    },
    { parameter: `properties.${name.slice(0, 60)}`, known },
  );
}
