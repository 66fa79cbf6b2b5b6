import type { Feature, Geometry } from 'geojson';
import { z } from 'zod';
import { countVerticesOf, geometrySchema, readGeometry } from '../../geo/geojson.ts';
import { Problem } from '../../lib/errors.ts';
import { namedSchema } from '../../lib/schema.ts';
import { isObject, readShape } from '../../lib/shape.ts';
import type { Overlay, SimpleStyle } from '../../raster/overlay.ts';

export const OVERLAY_LIMITS = { features: 500, vertices: 20_000 } as const;

const colourSchema = z.string().regex(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/);
const share = z.number().min(0).max(1);

/** The supported members of simplestyle-spec 1.1, with its defaults. */
const simpleStyleSchema = z.object({
  stroke: colourSchema.default('#555555'),
  'stroke-width': z.number().min(0).max(50).default(2),
  'stroke-opacity': share.default(1),
  fill: colourSchema.default('#555555'),
  'fill-opacity': share.default(0.6),
  'marker-color': colourSchema.default('#7e7e7e'),
  'marker-size': z.enum(['small', 'medium', 'large']).default('medium'),
});

const overlayFeatureSchema = z.looseObject({
  type: z.literal('Feature'),
  geometry: geometrySchema,
  properties: simpleStyleSchema.nullish(),
});

export const overlaySchema = namedSchema(
  'Overlay',
  z.union([
    geometrySchema,
    overlayFeatureSchema,
    z.looseObject({
      type: z.literal('FeatureCollection'),
      features: z.array(overlayFeatureSchema).max(OVERLAY_LIMITS.features),
    }),
  ]),
);

/**
 * Reads GeoJSON to draw on a map: a geometry, a feature or a feature collection, in longitude and latitude.
 * @param root name of the JSON value in messages
 * @throws Problem if it is no GeoJSON, has an invalid style, or exceeds {@link OVERLAY_LIMITS}
 */
export function readOverlay(value: unknown, root: string): Overlay {
  const given = isObject(value) ? value : {};
  const features: readonly unknown[] =
    given.type === 'FeatureCollection' && Array.isArray(given.features) ? given.features : [value];
  if (features.length > OVERLAY_LIMITS.features) throw overlayTooLarge();
  // Counted first, since reading takes longer.
  const shapes = features.map((each) => (isObject(each) && each.type === 'Feature' ? each.geometry : each));
  if (shapes.reduce((sum: number, each) => sum + countVerticesOf(each), 0) > OVERLAY_LIMITS.vertices)
    throw overlayTooLarge();
  const isOne = given.type !== 'FeatureCollection';
  return features.map((each, index) => readOverlayFeature(each, isOne ? root : `${root}.features[${index}]`));
}

function readOverlayFeature(value: unknown, root: string): Feature<Geometry, SimpleStyle> {
  const isFeature = isObject(value) && value.type === 'Feature';
  const geometry = readGeometry(isFeature ? value.geometry : value, isFeature ? `${root}.geometry` : root);
  const given = isFeature && isObject(value.properties) ? value.properties : {};
  const style = readShape(simpleStyleSchema, given, { root: isFeature ? `${root}.properties` : root });
  return {
    type: 'Feature',
    geometry,
    properties: {
      stroke: withHash(style.stroke),
      strokeWidth: style['stroke-width'],
      strokeOpacity: style['stroke-opacity'],
      fill: withHash(style.fill),
      fillOpacity: style['fill-opacity'],
      markerColour: withHash(style['marker-color']),
      markerSize: style['marker-size'],
    },
  };
}

function withHash(text: string): string {
  return text.startsWith('#') ? text : `#${text}`;
}

function overlayTooLarge(): Problem {
  const { features, vertices } = OVERLAY_LIMITS;
  return new Problem('too-much', {
    vi: `Lớp phủ GeoJSON có nhiều nhất ${features} đối tượng và ${vertices} đỉnh.`,
    en: `A GeoJSON overlay has at most ${features} features and ${vertices} vertices.`,
  });
}
