import type { Request } from 'express';
import type { Layer } from '../../catalog/layer.ts';
import { isUnreadable } from '../../database/sqlstate.ts';
import { wrongParameter } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import {
  LAYER_FILE_FORMATS,
  type LayerFileFormat,
  type LayerFileSource,
  layerFileForm,
} from '../../transfer/export/layer-file.ts';
import { MOST_AWAITED_TILES, writeLayerTiles } from '../../transfer/export/layer-tiles.ts';
import { GEOJSON_TYPE, LAYER_FILE_TYPES } from '../kit/media-types.ts';
import { choiceParameter, textParameter, withDefault } from '../kit/parameters.ts';
import { type Reply, stream } from '../kit/reply.ts';
import type { Chunk } from '../kit/stream-reply.ts';
import { refusedBy } from '../layers/function-arguments.ts';

/** Parameter of CSV and XLSX, in addition to those of the JSON and the page. */
export const csvHeadersParameter = withDefault(
  choiceParameter(
    {
      vi: 'Dòng đầu của CSV và XLSX: tên cột, tiêu đề tiếng Việt hay tiếng Anh; XLSX: mặc định là tiêu đề theo ngôn ngữ',
      en: 'First line of CSV and XLSX: names of columns, Vietnamese or English titles; for XLSX the titles in the language of the answer by default',
    },
    ['names', 'vi', 'en'],
  ),
  'names',
);

/** Parameter of drawings. */
export const drawnByParameter = textParameter(
  {
    vi: 'Chỉ với f=dxf: trường mà mỗi giá trị thành một lớp của bản vẽ; mặc định là loại đất',
    en: 'With f=dxf only: the field whose values become layers of the drawing; by default the land use',
  },
  { max: 200 },
);

interface ExplainedErrors {
  readonly layer: Layer;
  /** Returns the error for a value of the question that cannot be read as one of its field's type. */
  readonly unreadable: () => Error;
}

type LayerSource = LayerFileSource & ExplainedErrors;

/**
 * Returns the format for a whole layer: by `f`, or by an Accept that prefers it to JSON and HTML. GeoJSON by Accept is a
 * page. undefined: none.
 */
export function streamedFormat(request: Request, f: string | undefined): LayerFileFormat | undefined {
  if (f !== undefined) return LAYER_FILE_FORMATS.find((format) => format === f);
  const files = LAYER_FILE_FORMATS.filter((format) => format !== 'geojson');
  const types = files.map((format) => LAYER_FILE_TYPES[format].split(';')[0] as string);
  const accepted = request.accepts(['json', GEOJSON_TYPE, 'html', ...types]);
  return accepted === false ? undefined : files[types.indexOf(accepted)];
}

/** Returns a file that is sent while it is read. */
export function wholeLayerReply(services: Services, format: LayerFileFormat, source: LayerSource): Reply {
  const { layer, question } = source;
  const { extension, write } = layerFileForm(format);
  return stream(withExplainedErrors(write(services, source), source), LAYER_FILE_TYPES[format], {
    'content-crs': `<${question.crs.uri}>`,
    ...savedAs(layer, extension),
  });
}

/** Parameters of features that tiles have no place for. */
const NOT_OF_TILES = ['crs', 'sortby', 'limit', 'cursor', 'skipGeometry'];

/**
 * Returns an archive of the tiles of a selection. It is sent once all of them are rendered.
 * @throws Problem invalid-parameter for a parameter that tiles have no place for
 */
export function layerTilesReply(
  services: Services,
  { http, ...source }: ExplainedErrors & Pick<LayerFileSource, 'question' | 'signal'> & { readonly http: Request },
): Reply {
  const { layer } = source;
  const misplaced = NOT_OF_TILES.find((name) => http.query[name] !== undefined);
  if (misplaced !== undefined) {
    throw wrongParameter(misplaced, {
      vi: `Bỏ "${misplaced}" khi f=pmtiles: các ô luôn ở Web Mercator và chứa mọi đối tượng khớp bộ lọc.`,
      en: `Leave out "${misplaced}" with f=pmtiles: tiles are always in Web Mercator, and hold every feature that matches.`,
    });
  }
  const archive = writeLayerTiles(services, { ...source, most: MOST_AWAITED_TILES });
  return stream(withExplainedErrors(archive, source), LAYER_FILE_TYPES.pmtiles, savedAs(layer, 'pmtiles'));
}

function savedAs({ id }: Layer, extension: string) {
  return { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(id)}.${extension}` };
}

async function* withExplainedErrors(
  pieces: AsyncIterable<Chunk>,
  { layer, unreadable }: ExplainedErrors,
): AsyncIterable<Chunk> {
  try {
    yield* pieces;
  } catch (error) {
    if (isUnreadable(error)) throw unreadable();
    refusedBy([layer])(error);
  }
}
