import type { BBox } from '../../geo/bbox.ts';
import { lonLatBBoxToMercator, lonLatToMercator, MAX_ZOOM, metresPerPixel } from '../../geo/tile.ts';
import { invalidParameter, wrongParameter } from '../../lib/errors.ts';
import type { PictureView, PixelRatio } from '../../raster/view.ts';
import type { Sheet } from '../../styles/sheet.ts';
import { type Parameter, readDecimal } from '../kit/parameters.ts';
import { toJsonSchema } from '../kit/schema.ts';
import { overlaySchema } from './overlay-input.ts';

export const MAX_SIDE = 2048;
/**
 * Most pixels of a picture, scale included: 32 MB while it is painted. A sheet of A4 at 250 dots an inch has 6 million.
 */
export const MAX_PIXELS = 8_388_608;
/** Pattern of a whole number from 1 to {@link MAX_SIDE}. */
const SIDE = '([1-9][0-9]{0,2}|1[0-9]{3}|20[0-3][0-9]|204[0-8])';
const SIZE = new RegExp(`^${SIDE}x${SIDE}$`);

/** Map pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export const sizeParameter: Parameter<PictureSize> & { required: true } = {
  description: {
    vi: `Rộng x cao, pixel, mỗi cạnh từ 1 đến ${MAX_SIDE}; "@2x" cho ảnh nét gấp đôi cùng nội dung`,
    en: `Width x height in pixels, each from 1 to ${MAX_SIDE}; "@2x" gives the same in twice as many`,
  },
  schema: { type: 'string', pattern: SIZE.source, examples: ['800x600'] },
  expected: {
    vi: `rộng x cao, ví dụ 800x600, mỗi cạnh từ 1 đến ${MAX_SIDE}`,
    en: `width x height such as 800x600, each side from 1 to ${MAX_SIDE}`,
  },
  required: true,
  read: (text) => {
    const [, width, height] = (SIZE.exec(text) ?? []).map(Number);
    return width && height ? { width, height } : undefined;
  },
};

const DECIMAL = '-?[0-9]{1,3}([.][0-9]+)?';

/** Returns the view of a place, once the size is known. */
export type ViewMaker = (size: PictureSize, scale: PixelRatio) => PictureView;

export const placeParameter: Parameter<ViewMaker> & { required: true } = {
  description: {
    vi: 'Tâm "kinh độ,vĩ độ,mức thu phóng" (mức của MapLibre, có thể lẻ) hoặc khung "tây,nam,đông,bắc", độ WGS 84; khung luôn nằm trọn trong ảnh',
    en: 'Centre "longitude,latitude,zoom" (that of MapLibre, fractions too) or box "west,south,east,north" in degrees of WGS 84, which the picture holds whole',
  },
  schema: {
    type: 'string',
    pattern: `^${DECIMAL}(,${DECIMAL}){2,3}$`,
    examples: ['106.67,10.98,14', '106.6,10.9,106.8,11.1'],
  },
  expected: {
    vi: `"kinh độ,vĩ độ,mức thu phóng" hoặc "tây,nam,đông,bắc": kinh độ từ -180 đến 180, vĩ độ từ -85 đến 85, mức từ 0 đến ${MAX_ZOOM}, tây < đông, nam < bắc`,
    en: `"longitude,latitude,zoom" or "west,south,east,north": longitudes from -180 to 180, latitudes from -85 to 85, zoom from 0 to ${MAX_ZOOM}, west < east, south < north`,
  },
  required: true,
  read: (text) => {
    const numbers = text.split(',').map((part) => readDecimal(part.trim()) ?? Number.NaN);
    const [a = Number.NaN, b = Number.NaN, c = Number.NaN, d = Number.NaN] = numbers;
    if (!isOnMap(a, b)) return undefined;
    if (numbers.length === 3) return c >= 0 && c <= MAX_ZOOM ? about(a, b, c) : undefined;
    if (numbers.length !== 4 || !isOnMap(c, d) || a >= c || b >= d) return undefined;
    return holding([a, b, c, d]);
  },
};

function isOnMap(lon: number, lat: number): boolean {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85;
}

export function about(lon: number, lat: number, zoom: number): ViewMaker {
  return (size, scale) => viewOf(lonLatToMercator(lon, lat), metresPerPixel(zoom), size, scale);
}

/** Returns the place that shows the box in the middle of the picture, as large as possible. */
export function holding(box: BBox): ViewMaker {
  const [west, south, east, north] = lonLatBBoxToMercator(box);
  return (size, scale) => {
    const metres = Math.max((east - west) / size.width, (north - south) / size.height, metresPerPixel(MAX_ZOOM));
    return viewOf([(west + east) / 2, (south + north) / 2], metres, size, scale);
  };
}

function viewOf(
  [x, y]: readonly [number, number],
  metres: number,
  { width, height }: PictureSize,
  scale: PixelRatio,
): PictureView {
  const [dx, dy] = [(metres * width) / 2, (metres * height) / 2];
  return { bounds: [x - dx, y - dy, x + dx, y + dy], width, height, scale };
}

const MAX_STYLE_LAYERS = 100;

export const pictureLayersParameter: Parameter<readonly string[]> = {
  description: {
    vi: 'Chỉ vẽ các lớp này của kiểu, theo mã lớp trong kiểu hoặc mã lớp dữ liệu, cách nhau bằng dấu phẩy',
    en: 'Draws only these layers of the style, by their id in it or the id of what they show, separated by commas',
  },
  schema: {
    type: 'array',
    minItems: 1,
    maxItems: MAX_STYLE_LAYERS,
    items: { type: 'string', minLength: 1 },
    examples: [['base.road']],
  },
  expected: { vi: 'danh sách mã lớp', en: 'a list of ids of layers' },
  read: (text) => {
    const names = text.split(',').map((name) => name.trim());
    return names.length <= MAX_STYLE_LAYERS ? [...new Set(names)] : undefined;
  },
};

/** @throws Problem for a picture of more than {@link MAX_PIXELS} */
export function requirePixels({ width, height }: PictureSize, scale: PixelRatio): void {
  if (width * height * scale ** 2 <= MAX_PIXELS) return;
  throw wrongParameter('size', {
    vi: `Ảnh có tối đa ${MAX_PIXELS} pixel, tính cả "@2x"; ${width}x${height}${scale === 2 ? '@2x' : ''} có ${width * height * scale ** 2}.`,
    en: `A picture has at most ${MAX_PIXELS} pixels, those of "@2x" included; ${width}x${height}${scale === 2 ? '@2x' : ''} has ${width * height * scale ** 2}.`,
  });
}

/** @throws Problem for a layer that the style lacks, with the existing ones */
export function requireStyleLayers(
  style: Sheet,
  names: readonly string[] | undefined,
): ReadonlySet<string> | undefined {
  if (!names) return undefined;
  const shown = style.layers.flatMap((layer) => ('source-layer' in layer ? (layer['source-layer'] ?? []) : []));
  const known = new Set([...shown, ...style.layers.map(({ id }) => id)]);
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return new Set(names);
  const list = [...new Set(shown)].join(', ');
  throw wrongParameter('layers', {
    vi: `Kiểu bản đồ không vẽ lớp "${unknown.slice(0, 80)}". Các lớp: ${list}.`,
    en: `The style does not draw the layer "${unknown.slice(0, 80)}". Layers: ${list}.`,
  });
}

const MAX_OVERLAY_TEXT = 8000;

export const geojsonParameter: Parameter<unknown> = {
  description: {
    vi: `Lớp phủ GeoJSON, tô theo simplestyle-spec 1.1; nhiều nhất ${MAX_OVERLAY_TEXT} ký tự, dài hơn thì gửi bằng POST`,
    en: `GeoJSON drawn on top in the colours of simplestyle-spec 1.1; at most ${MAX_OVERLAY_TEXT} characters, longer ones by POST`,
  },
  schema: toJsonSchema(overlaySchema),
  type: 'application/json',
  expected: { vi: 'GeoJSON', en: 'GeoJSON' },
  read: (text) => {
    if (text.length > MAX_OVERLAY_TEXT) {
      throw invalidParameter('geojson', {
        vi: `GeoJSON nhiều nhất ${MAX_OVERLAY_TEXT} ký tự; dài hơn thì gửi bằng POST`,
        en: `GeoJSON of at most ${MAX_OVERLAY_TEXT} characters; send longer ones by POST`,
      });
    }
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return undefined;
    }
  },
};
