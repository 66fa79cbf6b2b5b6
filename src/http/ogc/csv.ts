import type { Request } from 'express';
import type { Layer } from '../../catalog/layer.ts';
import { writeCsv } from '../../features/csv.ts';
import type { ExportQuestion } from '../../features/export-query.ts';
import { isUnreadable } from '../../features/items.ts';
import type { Services } from '../../services.ts';
import { CSV_TYPE } from '../media-types.ts';
import { choiceParameter, withDefault } from '../parameters.ts';
import { type Reply, stream } from '../reply.ts';
import { refusedBy } from './function-arguments.ts';

/** Beside what its JSON and its page have, for CSV. */
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

/** Whether CSV is asked for: by `f`, or by an Accept that prefers it to JSON and HTML. */
export function wantsCsv(request: Request, f: string | undefined): boolean {
  return (
    f === 'csv' || (f === undefined && request.accepts(['json', 'application/geo+json', 'html', CSV_TYPE]) === CSV_TYPE)
  );
}

interface CsvSource {
  readonly layer: Layer;
  readonly question: ExportQuestion;
  readonly headers: 'names' | 'vi' | 'en';
  readonly signal: AbortSignal;
  /** What is told where a value of the question cannot be read as one of its field. */
  readonly unreadable: () => Error;
}

export function csvReply({ db }: Services, { layer, question, headers, signal, unreadable }: CsvSource): Reply {
  const pieces = writeCsv(db, layer, { ...question, headers }, { signal });
  return stream(explained(pieces, { layer, unreadable }), `${CSV_TYPE}; charset=utf-8; header=present`, {
    'content-crs': `<${question.crs.uri}>`,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(layer.id)}.csv`,
  });
}

async function* explained(
  pieces: AsyncIterable<string>,
  { layer, unreadable }: Pick<CsvSource, 'layer' | 'unreadable'>,
): AsyncIterable<string> {
  try {
    yield* pieces;
  } catch (error) {
    if (isUnreadable(error)) throw unreadable();
    refusedBy([layer])(error);
  }
}
