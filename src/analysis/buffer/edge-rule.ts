import type { Geometry } from 'geojson';
import { Problem, type Text } from '../../lib/errors.ts';
import type { AskedPlace, FeatureSource } from '../source/source.ts';
import { wrongInput } from '../wrong-input.ts';
import { type BufferRequest, LIMITS } from './buffer-request.ts';
import type { Preset } from './preset-schema.ts';

/** The column with the width of lines, in metres. */
export const WIDTH = 'width_m';

/**
 * Returns true if a rule measures from an edge: the bank, the road land, the outermost wire. All rules with a stated
 * origin do.
 */
export function isFromEdge(preset: Preset | undefined): preset is Preset {
  return Boolean(preset?.measuredFrom);
}

/**
 * Returns true if the widths of the source's features are added, for lines with a width and a rule that measures from
 * the edge.
 */
export function addsWidth({ preset }: BufferRequest, { layer }: FeatureSource): boolean {
  return (
    isFromEdge(preset) &&
    layer.geometry.dimension === 'line' &&
    layer.fields.some(({ name, type }) => name === WIDTH && (type === 'number' || type === 'integer'))
  );
}

/** Returns true if the lines of a request are as wide as they are known to be, not of the width of their middle. */
export function isWide(request: BufferRequest): boolean {
  const { source, width } = request;
  return source.kind === 'geometry' ? width !== undefined : addsWidth(request, source);
}

/**
 * Requires an edge for a rule that measures from one: an area, or a line of known width. Measured from a point or the
 * middle of a line, the area would be too small, also in law.
 * @throws Problem refused-value that asks for the width or the area
 */
export function requireEdge(request: BufferRequest): void {
  const { source, preset, width } = request;
  if (width !== undefined && !(source.kind === 'geometry' && hasOnlyLines(source) && isFromEdge(preset))) {
    throw wrongInput('width', {
      vi: '"width" chỉ đi với đường trong "geometry" và "preset" tính từ mép.',
      en: '"width" goes with lines in "geometry" and a "preset" that is measured from the edge only.',
    });
  }
  if (!isFromEdge(preset)) return;
  if (!hasOnlyAreas(source) && !isWide(request)) throw noEdge(preset);
}

/**
 * Requires a distance around points and lines, whose own area is none.
 * @throws Problem invalid-body
 */
export function requireExtent({ source, distance }: BufferRequest): void {
  if (hasOnlyAreas(source) || distance >= LIMITS.minDistance) return;
  throw wrongInput('distance', {
    vi: `"inputs.distance" phải ≥ ${LIMITS.minDistance} quanh điểm và đường; 0 chỉ dùng cho vùng.`,
    en: `"inputs.distance" must be ≥ ${LIMITS.minDistance} around points and lines; 0 goes with areas only.`,
  });
}

/**
 * Requires lines for flat ends.
 * @throws Problem invalid-body
 */
export function requireCaps({ source, caps }: BufferRequest): void {
  if (caps === 'round' || hasOnlyLines(source)) return;
  throw wrongInput('caps', {
    vi: '"caps": "flat" chỉ dùng cho đường (LineString, MultiLineString, hoặc đối tượng của lớp đường).',
    en: '"caps": "flat" goes with lines only (LineString, MultiLineString, or features of a layer of lines).',
  });
}

/**
 * Requires a source that can be left out, and ground around it.
 * @throws Problem invalid-body
 */
export function requireRing(request: BufferRequest): void {
  const { source, ring, distance } = request;
  if (!ring) return;
  if (!hasOnlyAreas(source) && !isWide(request)) {
    throw wrongInput('ring', {
      vi: '"ring" cần vùng, hoặc đường có bề rộng ("width", width_m) với "preset" tính từ mép: điểm và tim tuyến không có diện tích để bỏ ra.',
      en: '"ring" needs areas, or lines of known width ("width", width_m) with a "preset" from the edge: points and centre lines have no area to leave out.',
    });
  }
  if (distance >= LIMITS.minDistance) return;
  throw wrongInput('distance', {
    vi: `"inputs.distance" phải ≥ ${LIMITS.minDistance} khi "ring" là true: với 0 m không còn gì.`,
    en: `"inputs.distance" must be ≥ ${LIMITS.minDistance} if "ring" is true: at 0 m nothing is left.`,
  });
}

/** @param widthless selected features without a width */
export function requireWidths(request: BufferRequest, widthless: number): void {
  if (!isFromEdge(request.preset) || widthless === 0) return;
  throw edgeless('features', {
    vi: `${widthless} đối tượng được chọn chưa có bề rộng (${WIDTH}), mà "${request.preset.id}" tính từ ${request.preset.measuredFrom?.vi}. Hãy bổ sung bề rộng, chọn đối tượng khác, hoặc vẽ vùng.`,
    en: `${widthless} of the selected features have no width (${WIDTH}), and "${request.preset.id}" is measured from the edge (${request.preset.measuredFrom?.en}). Give them a width, select others, or draw the area.`,
  });
}

/** The request is well formed, but the width that the rule needs is unknown. */
function edgeless(parameter: string, detail: Text): Problem {
  return new Problem('refused-value', detail, { parameter });
}

function noEdge({ id, measuredFrom }: Preset): Problem {
  return edgeless('preset', {
    vi: `"${id}" tính từ ${measuredFrom?.vi}, không phải từ điểm hay tim tuyến. Hãy vẽ vùng, cho bề rộng của đường ("width", mét), hoặc chọn đối tượng là vùng hay có ${WIDTH}.`,
    en: `"${id}" is measured from the edge (${measuredFrom?.en}), not from a point or the middle of a line. Give the area, the width of the line ("width", metres), or features that are areas or have ${WIDTH}.`,
  });
}

function hasOnlyAreas(source: AskedPlace): boolean {
  if (source.kind === 'features') return source.layer.geometry.dimension === 'polygon';
  return isOnly(source.geometry, ['Polygon', 'MultiPolygon']);
}

function hasOnlyLines(source: AskedPlace): boolean {
  if (source.kind === 'features') return source.layer.geometry.dimension === 'line';
  return isOnly(source.geometry, ['LineString', 'MultiLineString']);
}

function isOnly(geometry: Geometry, types: readonly Geometry['type'][]): boolean {
  const parts = geometry.type === 'GeometryCollection' ? geometry.geometries : [geometry];
  return parts.every(({ type }) => types.includes(type));
}
