import type { BBox } from '../../geo/bbox.ts';
import type { Crs } from '../../geo/crs.ts';
import { readDecimal } from '../kit/parameters.ts';
import { describedValue, type Expected, oneOf, wholeNumber } from '../ows/key-values.ts';
import { MAP_CRS, mapCrsName, readMapCrs } from './crs.ts';

export const WMS_MAX_SIDE = 2048;
export const MAX_WMS_LAYERS = 20;
export const WMS_STYLE = 'default';
export const MAP_FORMATS = ['image/png', 'image/webp', 'image/jpeg'] as const;
export const LEGEND_FORMATS = ['image/png', 'image/webp'] as const;
export const INFO_FORMATS = ['application/json', 'text/html', 'text/plain'] as const;
export type InfoFormat = (typeof INFO_FORMATS)[number];
export const MAX_FEATURES = 50;

const names: Expected<string> = {
  vi: 'tên các lớp, cách nhau bằng dấu phẩy',
  en: 'names of layers, separated by commas',
  schema: {
    type: 'array',
    minItems: 1,
    maxItems: MAX_WMS_LAYERS,
    items: { type: 'string' },
    examples: [['land.parcel']],
  },
  read: (text) => (text.trim() === '' ? undefined : text),
};

/** Each layer has one style, which need not be named. */
const styles: Expected<string> = {
  vi: 'để trống, hoặc "default" cho mỗi lớp',
  en: 'empty, or "default" for each layer',
  code: 'StyleNotDefined',
  schema: {
    type: 'array',
    maxItems: MAX_WMS_LAYERS,
    items: { type: 'string', enum: [WMS_STYLE, ''] },
    examples: [[WMS_STYLE]],
  },
  read: (text) => (text.split(',').every((name) => name === '' || name === WMS_STYLE) ? text : undefined),
};

const crsName: Expected<Crs> = { ...oneOf(MAP_CRS.map(mapCrsName)), read: readMapCrs };

export function boundsParameter(isNorthFirst: boolean): Expected<BBox> {
  const [vi, en] = isNorthFirst
    ? ['nam,tây,bắc,đông', 'south,west,north,east']
    : ['tây,nam,đông,bắc', 'west,south,east,north'];
  return {
    vi: `bốn số "${vi}" (tây < đông, nam < bắc) theo đơn vị của hệ tọa độ`,
    en: `four numbers "${en}" (west < east, south < north) in units of the CRS`,
    schema: { type: 'array', minItems: 4, maxItems: 4, items: { type: 'number' } },
    read: (text) => {
      const numbers = text.split(',').map((part) => readDecimal(part.trim()) ?? Number.NaN);
      const [a = Number.NaN, b = Number.NaN, c = Number.NaN, d = Number.NaN] = numbers;
      const box: BBox = isNorthFirst ? [b, a, d, c] : [a, b, c, d];
      const isBox =
        numbers.length === 4 && box[0] < box[2] && box[1] < box[3] && numbers.every((n) => Math.abs(n) < 1e9);
      return isBox ? box : undefined;
    },
  };
}

const isTrue: Expected<boolean> = {
  ...oneOf(['TRUE', 'FALSE']),
  read: (text) => (/^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined),
};

const colourParameter: Expected<`#${string}`> = {
  vi: 'màu dạng 0xRRGGBB',
  en: 'a colour as 0xRRGGBB',
  schema: { type: 'string', pattern: '^0x[0-9A-Fa-f]{6}$', examples: ['0xFFFFFF'] },
  read: (text) => (/^(0x|#)[0-9a-f]{6}$/i.test(text) ? `#${text.slice(-6)}` : undefined),
};

const pixel = wholeNumber(0, WMS_MAX_SIDE - 1, 'InvalidPoint');
const side = wholeNumber(1, WMS_MAX_SIDE);

/** By the names of the standard (OGC 06-042, and OGC 01-068r3 for 1.1.1), though they are case-insensitive. */
export const WMS_PARAMETERS = {
  SERVICE: describedValue(oneOf(['WMS']), { vi: 'Dịch vụ; GetCapabilities phải có', en: 'Wanted by GetCapabilities' }),
  REQUEST: {
    ...describedValue(
      oneOf(['GetCapabilities', 'GetMap', 'GetFeatureInfo', 'GetLegendGraphic'], 'OperationNotSupported'),
      {
        vi: 'Phép; mỗi phép có những tham số bắt buộc của nó',
        en: 'The operation; each has parameters that it wants',
      },
    ),
    required: true,
  },
  VERSION: describedValue(oneOf(['1.3.0', '1.1.1']), {
    vi: 'Phiên bản; GetMap và GetFeatureInfo phải có',
    en: 'Wanted by GetMap and GetFeatureInfo',
  }),
  LAYERS: describedValue(names, { vi: 'GetMap: các lớp, từ dưới lên', en: 'GetMap: the layers, from below' }),
  STYLES: describedValue(styles, { vi: 'GetMap: mỗi lớp có một kiểu', en: 'GetMap: there is one a layer' }),
  CRS: describedValue({ ...crsName, code: 'InvalidCRS' }, { vi: 'Hệ tọa độ (1.3.0)', en: 'Reference system (1.3.0)' }),
  SRS: describedValue({ ...crsName, code: 'InvalidSRS' }, { vi: 'Hệ tọa độ (1.1.1)', en: 'Reference system (1.1.1)' }),
  BBOX: describedValue(boundsParameter(false), {
    vi: 'Khung: ở 1.3.0 theo thứ tự trục của CRS, ở 1.1.1 đông trước bắc sau',
    en: 'Box: in 1.3.0 with the axes of the CRS, in 1.1.1 east before north',
  }),
  WIDTH: describedValue(side, { vi: 'Chiều rộng, pixel', en: 'Width in pixels' }),
  HEIGHT: describedValue(side, { vi: 'Chiều cao, pixel', en: 'Height in pixels' }),
  FORMAT: describedValue(oneOf(MAP_FORMATS, 'InvalidFormat'), {
    vi: `GetMap: định dạng ảnh. GetLegendGraphic: ${LEGEND_FORMATS.join(', ')}`,
    en: `GetMap: format of the picture. GetLegendGraphic: ${LEGEND_FORMATS.join(', ')}`,
  }),
  TRANSPARENT: describedValue(isTrue, { vi: 'GetMap: nền trong suốt', en: 'GetMap: no background' }),
  BGCOLOR: describedValue(colourParameter, { vi: 'GetMap: màu nền', en: 'GetMap: colour of the background' }),
  QUERY_LAYERS: describedValue(names, {
    vi: 'GetFeatureInfo: các lớp cần hỏi',
    en: 'GetFeatureInfo: the layers to look in',
  }),
  I: describedValue(pixel, {
    vi: 'GetFeatureInfo: cột của điểm ảnh (1.3.0)',
    en: 'GetFeatureInfo: column of the pixel (1.3.0)',
  }),
  J: describedValue(pixel, {
    vi: 'GetFeatureInfo: hàng của điểm ảnh (1.3.0)',
    en: 'GetFeatureInfo: row of the pixel (1.3.0)',
  }),
  X: describedValue(pixel, { vi: 'GetFeatureInfo: như I (1.1.1)', en: 'GetFeatureInfo: as I (1.1.1)' }),
  Y: describedValue(pixel, { vi: 'GetFeatureInfo: như J (1.1.1)', en: 'GetFeatureInfo: as J (1.1.1)' }),
  INFO_FORMAT: describedValue(oneOf(INFO_FORMATS, 'InvalidFormat'), {
    vi: 'GetFeatureInfo: định dạng kết quả',
    en: 'GetFeatureInfo: format of the answer',
  }),
  FEATURE_COUNT: describedValue(wholeNumber(1, MAX_FEATURES), {
    vi: 'GetFeatureInfo: số đối tượng nhiều nhất mỗi lớp; mặc định 1',
    en: 'GetFeatureInfo: most features of a layer; 1 where not given',
  }),
  LAYER: describedValue(
    { ...names, schema: { type: 'string', minLength: 1, examples: ['land.parcel'] } },
    {
      vi: 'GetLegendGraphic: một lớp',
      en: 'GetLegendGraphic: one layer',
    },
  ),
} as const;
