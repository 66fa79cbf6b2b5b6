import { isUnreadable } from '../../database/sqlstate.ts';
import { encodeCursor } from '../../features/cursor.ts';
import { LARGE_PAGE } from '../../features/items.ts';
import { countRows, countRowsCheaply, readRows, streamRows } from '../../features/rows.ts';
import type { PlainRow } from '../../features/rows-query.ts';
import { XML_DECLARATION } from '../../lib/xml.ts';
import { GEOJSON_TYPE } from '../kit/media-types.ts';
import { type Reply, stream, textReply } from '../kit/reply.ts';
import { exception, XML_TYPE } from '../ows/exception.ts';
import type { Asker } from './asker.ts';
import { type FeaturePage, writeCollection, writeGeoJson, writeHits, writeValues } from './collection-writer.ts';
import { featuresType } from './dialect.ts';
import { invalid } from './exception.ts';
import { documentAttributes, featureWriter } from './feature-writer.ts';
import { referenceName } from './filter-operands.ts';
import { type OutputFormat, readOutputFormat } from './formats.ts';
import { localName } from './names.ts';
import { type Question, readWfsQuestion } from './question.ts';
import { DEFAULT_COUNT, type FeatureRequest } from './request.ts';
import { shapefileReply } from './shapefile-reply.ts';
import { withFirst } from './with-first.ts';

/**
 * Answers GetFeature.
 * @throws Problem
 */
export async function answerFeatures(request: FeatureRequest, asker: Asker): Promise<Reply> {
  const format = readOutputFormat(request.outputFormat, request.dialect);
  const question = questionFor(request, asker, { format, isVersioned: asker.isVersioned });
  return readably(request, async () => {
    if (request.storedQuery !== undefined && format !== 'shapefile') return answerOne(request, question, asker, format);
    if (request.isHits)
      return textReply(writeHits(await countHits(question, asker), request, question, asker.base), XML_TYPE);
    if (format === 'shapefile')
      return await shapefileReply(question, request.hasCount ? request.count : undefined, asker);
    const answer = await readAnswer(request, question, asker);
    return format === 'json'
      ? stream(writeGeoJson(answer, question), GEOJSON_TYPE)
      : stream(writeCollection(answer, request, question, asker.base), featuresType(request.dialect));
  });
}

/**
 * Answers GetPropertyValue: the values of one property, without nulls.
 * @throws Problem
 */
export async function answerValues(request: FeatureRequest, reference: string, asker: Asker): Promise<Reply> {
  if (request.dialect.version !== '2.0.0') throw invalid('version', { vi: '2.0.0', en: '2.0.0' });
  if (readOutputFormat(request.outputFormat, request.dialect) !== 'gml') {
    throw invalid('outputFormat', { vi: request.dialect.gml.type, en: request.dialect.gml.type });
  }
  if (referenceName(reference) === '')
    throw invalid('valueReference', { vi: 'tên một thuộc tính', en: 'the name of a property' });
  const asked = { ...request, propertyNames: [reference] };
  const question = questionFor(asked, asker, { format: 'gml', isVersioned: false });
  return readably(request, async () => {
    const answer = await readAnswer(asked, question, asker);
    return stream(writeValues(answer, asked, question, asker.base), featuresType(request.dialect));
  });
}

function questionFor(
  request: FeatureRequest,
  { services, principal }: Asker,
  form: Parameters<typeof readWfsQuestion>[2],
): Question {
  const catalog = services.catalogFor(principal);
  const question = readWfsQuestion(request, catalog.layersWith(request.typeNames.map(localName)), form);
  catalog.note(question.layer);
  return question;
}

/** Runs `work`. A value that the database cannot read as one of its field's type is an error of the request. */
async function readably<T>(request: FeatureRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    if (request.storedQuery !== undefined) throw noResource(request);
    throw exception('InvalidParameterValue', request.filter ? 'filter' : 'resourceId', {
      vi: 'Một giá trị nằm ngoài khoảng mà trường đó chứa được.',
      en: 'A value is out of the range that its field can hold.',
    });
  }
}

/** Answers GetFeatureById with the feature itself, without a collection. */
async function answerOne(
  request: FeatureRequest,
  question: Question,
  { services, signal, base }: Asker,
  format: OutputFormat,
): Promise<Reply> {
  const { rows } = await readRows(services.db, question.layer, { ...question.rows, limit: 1, skip: 0 }, { signal });
  const [row] = rows;
  if (!row) throw noResource(request);
  if (format === 'json') {
    return stream(writeGeoJson({ rows: oneByOne([row]), matched: 1, returned: 1 }, question), GEOJSON_TYPE);
  }
  const style = { ...question, dialect: request.dialect, fields: question.rows.fields };
  return textReply(
    `${XML_DECLARATION}${featureWriter(style, documentAttributes(style, base))(row)}\n`,
    featuresType(request.dialect),
  );
}

function noResource({ resourceIds }: FeatureRequest) {
  const shown = resourceIds[0]?.slice(0, 80);
  return exception('NotFound', 'id', {
    vi: `Không có đối tượng "${shown}".`,
    en: `There is no feature "${shown}".`,
  });
}

function countHits({ layer, rows }: Question, { services, signal }: Asker): Promise<number> {
  return countRows(services.db, layer, rows, { signal });
}

/**
 * Reads a page completely, so that the answer can give its number of features. A page longer than the default is
 * counted first.
 */
async function readAnswer(request: FeatureRequest, question: Question, asker: Asker): Promise<FeaturePage> {
  if (request.count > DEFAULT_COUNT) return streamAnswer(question, asker);
  const { services, starts, signal, pageUrl } = asker;
  const { layer } = question;
  const asked = starts.resume(layer, question.rows);
  const read = () => readRows(services.db, layer, asked, { signal });
  const most = Math.min(request.count, layer.rowEstimate);
  const { rows, hasMore, end: last } = await (most > LARGE_PAGE ? services.largePages.run(most, signal, read) : read());
  const end = request.startIndex + rows.length;
  if (last) starts.remember(layer, question.rows, end, last);
  const isWhole = !hasMore && (rows.length > 0 || request.startIndex === 0) && !request.cursor;
  const { filter, keys } = question.rows;
  const matched = isWhole ? end : await countRowsCheaply(services.db, layer, { filter, keys }, { signal });
  const cursor = request.sortBy.length === 0 && last ? encodeCursor(last, []) : undefined;
  return {
    rows: oneByOne(rows),
    matched,
    returned: rows.length,
    next:
      hasMore && request.count > 0
        ? pageUrl?.({ startIndex: String(end), count: String(request.count), cursor })
        : undefined,
    previous:
      request.startIndex > 0 && request.count > 0
        ? pageUrl?.({ startIndex: String(Math.max(0, request.startIndex - request.count)), cursor: undefined })
        : undefined,
  };
}

async function streamAnswer({ layer, rows }: Question, { services, signal }: Asker): Promise<FeaturePage> {
  const returned = await countRows(services.db, layer, rows, { most: rows.limit, skip: rows.skip, signal });
  const source = streamRows(services.db, layer, { ...rows, limit: returned }, { signal });
  // The first row is awaited, because errors of the question can still be reported then.
  const first = await source.next();
  const isEnd = returned < rows.limit && !rows.after && (returned > 0 || rows.skip === 0);
  const { filter, keys } = rows;
  const matched = isEnd
    ? rows.skip + returned
    : await countRowsCheaply(services.db, layer, { filter, keys }, { signal });
  return { rows: first.done ? oneByOne([]) : withFirst(first.value, source), matched, returned };
}

async function* oneByOne(rows: readonly PlainRow[]): AsyncGenerator<PlainRow> {
  yield* rows;
}
