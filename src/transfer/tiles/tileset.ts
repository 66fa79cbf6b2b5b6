import { layerExtent, rowsExtent } from '../../catalog/extent.ts';
import type { Layer } from '../../catalog/layer.ts';
import type { Database } from '../../database/database.ts';
import { type BBox, intersectBBox } from '../../geo/bbox.ts';
import { notFound, type Problem, wrongParameter } from '../../lib/errors.ts';
import { filterOf, formed, type TileForm } from '../../tiles/tile-form.ts';
import { type TileJson, tileJson, vectorLayer } from '../../tiles/tilejson.ts';
import { surveyRows } from './survey.ts';
import { TilePyramid } from './tile-pyramid.ts';

/** The requested tiles; undefined values take those of the layers. */
export interface TileSelection {
  readonly minZoom?: number | undefined;
  readonly maxZoom?: number | undefined;
  /** Degrees. */
  readonly bounds?: BBox | undefined;
}

/** Members of an archive's metadata: those of our TileJSON that do not refer to a server. */
export type TilesetInfo = Required<
  Pick<TileJson, 'name' | 'description' | 'attribution' | 'vector_layers' | 'bounds' | 'center' | 'minzoom' | 'maxzoom'>
>;

/** The combined tiles of some layers: the possible tiles, and their metadata. */
export interface Tileset {
  readonly pyramid: TilePyramid;
  readonly info: TilesetInfo;
}

export interface ArchiveSource extends TileSelection {
  /** Narrowed to what everybody may see. */
  readonly layers: readonly Layer[];
  readonly attribution: string;
  /** Filters and fields of the tiles; absent: the default content of the layers. */
  readonly form?: TileForm | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Surveys the rows of the layers.
 * @throws Problem if no row would be drawn, or if there are no such zooms
 */
export async function readTileset(db: Database, { signal, ...source }: ArchiveSource): Promise<Tileset> {
  const { layers, bounds, form = {} } = source;
  const extents = await Promise.all(layers.map((layer) => drawnExtent(db, layer, { form, signal })));
  const info = archiveInfo(source, extents);
  const { minzoom: minZoom, maxzoom: maxZoom } = info;
  const area = await surveyRows(db, layers, { maxZoom, bounds, form, signal });
  return { info, pyramid: new TilePyramid({ area, minZoom, maxZoom, bounds }) };
}

/** Returns the bounds of the rows that a form shows. A function and a filter have those of the rows that they return. */
function drawnExtent(
  db: Database,
  layer: Layer,
  { form, signal }: { readonly form: TileForm; readonly signal: AbortSignal | undefined },
): Promise<BBox | null> {
  const filter = filterOf(layer, form);
  if (!filter && !layer.call) return layerExtent(db, layer);
  return rowsExtent(db, layer, { signal, priority: 'background' }, filter);
}

/** @throws Problem invalid-parameter if the first zoom is below the last */
export function selectZooms(
  { minZoom, maxZoom }: TileSelection,
  own: Pick<TilesetInfo, 'minzoom' | 'maxzoom'>,
): { minzoom: number; maxzoom: number } {
  const zooms = { minzoom: minZoom ?? own.minzoom, maxzoom: maxZoom ?? own.maxzoom };
  if (zooms.minzoom <= zooms.maxzoom) return zooms;
  throw wrongParameter('min-zoom', {
    vi: `Mức đầu (${zooms.minzoom}) lớn hơn mức cuối (${zooms.maxzoom}).`,
    en: `The first zoom (${zooms.minzoom}) is beyond the last (${zooms.maxzoom}).`,
  });
}

export function nothingToDraw(): Problem {
  return notFound({
    vi: 'Ở các mức và vùng này, các lớp đã chọn không có gì để vẽ.',
    en: 'At these zooms and in this area, the layers have nothing to draw.',
  });
}

function archiveInfo(source: Omit<ArchiveSource, 'signal'>, extents: readonly (BBox | null)[]): TilesetInfo {
  const frame = source.bounds;
  const shown = extents.map((box) => (box && frame ? intersectBBox(box, frame) : box));
  const whole = tileJson({
    ...source,
    layers: source.layers.map((layer) => vectorLayer(formed(layer, source.form ?? {}))),
    extents: shown,
    url: '',
    language: 'vi',
  });
  const { name, description, attribution, vector_layers, bounds, center } = whole;
  if (!bounds || !center) throw nothingToDraw();
  const own = { name, description, attribution, vector_layers, bounds, center };
  return withZooms({ ...own, minzoom: whole.minzoom, maxzoom: whole.maxzoom }, selectZooms(source, whole));
}

/** Returns the same tiles for other zooms. */
export function withZooms(
  info: TilesetInfo,
  { minzoom, maxzoom }: Pick<TilesetInfo, 'minzoom' | 'maxzoom'>,
): TilesetInfo {
  const [lon, lat, zoom] = info.center;
  return { ...info, minzoom, maxzoom, center: [lon, lat, Math.max(minzoom, Math.min(maxzoom, zoom))] };
}
