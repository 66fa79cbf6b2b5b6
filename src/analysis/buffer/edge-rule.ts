import type { Geometry } from 'geojson';
import type { Problem } from '../../lib/errors.ts';
import { wrongInput } from '../wrong-input.ts';
import type { BufferRequest, FeatureSource } from './buffer-request.ts';
import type { Preset } from './preset-schema.ts';

/** The column with the width of lines, in metres. */
export const WIDTH = 'width_m';

/**
 * Returns true if a rule measures from an edge: the bank, the road land, the outermost wire. All rules with a stated
 * origin do.
 */
export function isFromEdge(preset: Preset | undefined): preset is Preset {
  return Boolean(preset?.measuredFromVi);
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

/**
 * Requires an edge for a rule that measures from one: an area, or a line of known width. Measured from a point or the
 * middle of a line, the area would be too small, also in law.
 * @throws Problem invalid-body that asks for the width or the area
 */
export function requireEdge(request: BufferRequest): void {
  const { source, preset, width } = request;
  if (width !== undefined && !(source.kind === 'geometry' && onlyLines(source.geometry) && isFromEdge(preset))) {
    throw wrongInput('width', {
      vi: '"width" chỉ đi với đường trong "geometry" và "preset" tính từ mép.',
      en: '"width" goes with lines in "geometry" and a "preset" that is measured from the edge only.',
    });
  }
  if (!isFromEdge(preset)) return;
  const hasEdge =
    source.kind === 'geometry'
      ? onlyAreas(source.geometry) || width !== undefined
      : source.layer.geometry.dimension === 'polygon' || addsWidth(request, source);
  if (!hasEdge) throw noEdge(preset);
}

/** @param widthless selected features without a width */
export function requireWidths(request: BufferRequest, widthless: number): void {
  if (!isFromEdge(request.preset) || widthless === 0) return;
  throw wrongInput('features', {
    vi: `${widthless} đối tượng được chọn chưa có bề rộng (${WIDTH}), mà "${request.preset.id}" tính từ ${request.preset.measuredFromVi}. Hãy bổ sung bề rộng, chọn đối tượng khác, hoặc vẽ vùng.`,
    en: `${widthless} of the selected features have no width (${WIDTH}), and "${request.preset.id}" is measured from the edge (${request.preset.measuredFromVi}). Give them a width, select others, or draw the area.`,
  });
}

function noEdge({ id, measuredFromVi }: Preset): Problem {
  return wrongInput('preset', {
    vi: `"${id}" tính từ ${measuredFromVi}, không phải từ điểm hay tim tuyến. Hãy vẽ vùng, cho bề rộng của đường ("width", mét), hoặc chọn đối tượng là vùng hay có ${WIDTH}.`,
    en: `"${id}" is measured from the edge (${measuredFromVi}), not from a point or the middle of a line. Give the area, the width of the line ("width", metres), or features that are areas or have ${WIDTH}.`,
  });
}

const onlyAreas = (geometry: Geometry) => isOnly(geometry, ['Polygon', 'MultiPolygon']);
const onlyLines = (geometry: Geometry) => isOnly(geometry, ['LineString', 'MultiLineString']);

function isOnly(geometry: Geometry, types: readonly Geometry['type'][]): boolean {
  const parts = geometry.type === 'GeometryCollection' ? geometry.geometries : [geometry];
  return parts.every(({ type }) => types.includes(type));
}
