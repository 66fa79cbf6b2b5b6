import { coordAll } from '@turf/meta';
import type { Geometry, Position } from 'geojson';
import { z } from 'zod';
import type { Field, Layer } from '../catalog/layer.ts';
import { fieldNamed } from '../catalog/names.ts';
import { type Crs, coordinateRange, shortCrsName } from '../geo/crs.ts';
import { mapPositions, readPositions } from '../geo/geojson.ts';
import { Problem } from '../lib/errors.ts';
import { readShape } from '../lib/shape.ts';
import { readFieldValue } from './field-reader.ts';

/** A feature as a client wants to write it. Members that the client left out are absent. */
export interface Draft {
  /** Values as given: JSON, which {@link readFieldValue} converts for the database. */
  readonly values: ReadonlyMap<Field, unknown>;
  /** In `crs`, longitude or easting first, with heights as given. null: no geometry; undefined: left out. */
  readonly geometry: Geometry | null | undefined;
  readonly crs: Crs;
}

const wholeFeature = z.object({
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
  /** True for a patch (RFC 7396): members left out stay unchanged. */
  readonly isPatch: boolean;
}

/**
 * Reads a GeoJSON feature, or a patch of one, from unknown JSON.
 * @throws Problem invalid-body or invalid-geometry that names the member and what would be right
 */
export function readDraft(layer: Layer, body: unknown, { crs, isPatch }: DraftOptions): Draft {
  const { geometry, properties } = readShape(isPatch ? part : wholeFeature, body, { root: '' });
  const values = new Map(
    Object.entries(properties ?? {}).map(([name, value]) => {
      const field = fieldNamed(layer.fields, name);
      if (!field) throw unknownProperty(layer, name);
      return [field, value] as const;
    }),
  );
  return { values, geometry: readDraftGeometry(geometry, crs), crs };
}

function readDraftGeometry(value: unknown, crs: Crs): Geometry | null | undefined {
  if (value === undefined || value === null) return value;
  const isFlipped = crs.axes === 'north-east';
  const given = readPositions(value, 'geometry');
  const geometry = isFlipped ? mapPositions(given, flip) : given;
  const [west, south, east, north] = coordinateRange(crs);
  for (const position of coordAll(geometry)) {
    const [x = 0, y = 0] = position;
    if (x >= west && x <= east && y >= south && y <= north) continue;
    const [a, b] = isFlipped ? [y, x] : [x, y];
    const order = isFlipped ? '[vĩ độ, kinh độ]' : '[kinh độ/easting, vĩ độ/northing]';
    const orderEn = isFlipped ? '[latitude, longitude]' : '[longitude/easting, latitude/northing]';
    throw wrongGeometry(
      `có điểm [${a}, ${b}] nằm ngoài ${shortCrsName(crs)}; tọa độ ghi theo ${order}, hệ khác thì nêu ở Content-Crs`,
      `has the position [${a}, ${b}], outside of ${shortCrsName(crs)}; positions are ${orderEn}, and Content-Crs names another system`,
    );
  }
  return geometry;
}

function flip([a = 0, b = 0, ...rest]: Position): Position {
  return [b, a, ...rest];
}

export function wrongGeometry(vi: string, en: string): Problem {
  return new Problem(
    'invalid-geometry',
    { vi: `"geometry" ${vi}.`, en: `"geometry" ${en}.` },
    { parameter: 'geometry' },
  );
}

function unknownProperty({ fields }: Layer, name: string): Problem {
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
