import type { Request } from 'express';
import type { Layer } from '../../catalog/layer.ts';
import { isUnreadable } from '../../database/sqlstate.ts';
import { type CsvHeaders, csvText } from '../../features/csv.ts';
import type { ExportQuestion } from '../../features/export-query.ts';
import { geoJsonSequence, geoJsonText } from '../../features/geojson-text.ts';
import { type LayerText, writeLayer } from '../../features/layer-text.ts';
import type { Services } from '../../services.ts';
import type { Link } from '../kit/links.ts';
import { CSV_TYPE, GEOJSON_SEQ_TYPE, GEOJSON_TYPE } from '../kit/media-types.ts';
import { choiceParameter, withDefault } from '../kit/parameters.ts';
import { type Reply, stream } from '../kit/reply.ts';
import { refusedBy } from '../layers/function-arguments.ts';

/** Parameter of CSV, in addition to those of the JSON and the page. */
export const csvHeadersParameter = withDefault(
  choiceParameter(
    {
      vi: 'Dòng đầu của CSV: tên cột, tiêu đề tiếng Việt hay tiếng Anh',
      en: 'First line of CSV: names of columns, Vietnamese or English titles',
    },
    ['names', 'vi', 'en'],
  ),
  'names',
);

interface LayerSource {
  readonly layer: Layer;
  readonly question: ExportQuestion;
  readonly headers: CsvHeaders;
  /** Links of a document, for formats that support them. */
  readonly links: readonly Link[];
  readonly signal: AbortSignal;
  /** Returns the error for a value of the question that cannot be read as one of its field's type. */
  readonly unreadable: () => Error;
}

interface Rendering {
  readonly type: string;
  readonly extension: string;
  readonly write: (source: LayerSource) => LayerText<never>;
}

/** Formats that hold a whole layer of any size, by their names in `f`. */
const RENDERINGS = {
  csv: {
    type: `${CSV_TYPE}; charset=utf-8; header=present`,
    extension: 'csv',
    write: ({ layer, question, headers }) => csvText(layer, { ...question, headers }),
  },
  geojson: {
    type: GEOJSON_TYPE,
    extension: 'geojson',
    write: ({ layer, question, links }) => geoJsonText(layer, question, { timeStamp: new Date().toISOString(), links }),
  },
  geojsonseq: {
    type: GEOJSON_SEQ_TYPE,
    extension: 'geojsons',
    write: ({ layer, question }) => geoJsonSequence(layer, question),
  },
} as const satisfies Record<string, Rendering>;

export type StreamedFormat = keyof typeof RENDERINGS;

export const STREAMED_FORMATS = Object.keys(RENDERINGS) as readonly StreamedFormat[];

/** Formats by media type. GeoJSON is left out: unless a file is requested, it is a page. */
const ACCEPTED: Readonly<Record<string, StreamedFormat>> = { [CSV_TYPE]: 'csv', [GEOJSON_SEQ_TYPE]: 'geojsonseq' };

/** Returns the format for a whole layer: by `f`, or by an Accept that prefers it to JSON and HTML. undefined: none. */
export function streamedFormat(request: Request, f: string | undefined): StreamedFormat | undefined {
  if (f !== undefined) return STREAMED_FORMATS.find((format) => format === f);
  const accepted = request.accepts(['json', GEOJSON_TYPE, 'html', ...Object.keys(ACCEPTED)]);
  return accepted === false ? undefined : ACCEPTED[accepted];
}

/** Returns a file that is sent while it is read. */
export function wholeLayerReply({ db }: Services, format: StreamedFormat, source: LayerSource): Reply {
  const { layer, question, signal } = source;
  const { type, extension, write }: Rendering = RENDERINGS[format];
  return stream(explained(writeLayer(db, write(source), { signal }), source), type, {
    'content-crs': `<${question.crs.uri}>`,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(layer.id)}.${extension}`,
  });
}

async function* explained(
  pieces: AsyncIterable<string>,
  { layer, unreadable }: Pick<LayerSource, 'layer' | 'unreadable'>,
): AsyncIterable<string> {
  try {
    yield* pieces;
  } catch (error) {
    if (isUnreadable(error)) throw unreadable();
    refusedBy([layer])(error);
  }
}
