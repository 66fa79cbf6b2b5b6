import { crsMember } from '../../features/geojson-text.ts';
import type { PlainRow } from '../../features/rows-query.ts';
import { escapeXml, XML_DECLARATION } from '../../lib/xml.ts';
import { documentAttributes, type FeatureStyle, featureWriter, geometryWriter, valueWriter } from './feature-writer.ts';
import { resourceId } from './names.ts';
import type { Question } from './question.ts';
import type { FeatureRequest } from './request.ts';

/** The rows of a page, and information about adjacent pages. */
export interface FeaturePage {
  readonly rows: AsyncIterable<PlainRow>;
  /** Total number of features; undefined if counting is expensive. */
  readonly matched: number | undefined;
  /** Number of features in this answer. */
  readonly returned: number;
  readonly next?: string | undefined;
  readonly previous?: string | undefined;
}

/** Yields `wfs:FeatureCollection` of the request's version, in chunks. */
export async function* writeCollection(
  answer: FeaturePage,
  request: FeatureRequest,
  question: Question,
  base: string,
): AsyncGenerator<string> {
  const style = styleOf(request, question);
  const { version } = request.dialect;
  const member = version === '2.0.0' ? 'wfs:member' : 'gml:featureMember';
  const write = featureWriter(style);
  yield `${XML_DECLARATION}<wfs:FeatureCollection${counts(answer, request)}${documentAttributes(style, base)}>\n`;
  // A GML 2 collection requires bounds, but allows unknown ones.
  if (version === '1.0.0') yield '<gml:boundedBy><gml:null>unknown</gml:null></gml:boundedBy>\n';
  for await (const row of answer.rows) yield `<${member}>${write(row)}</${member}>\n`;
  yield '</wfs:FeatureCollection>\n';
}

/** Returns the collection without features for `resultType=hits`. */
export function writeHits(matched: number, request: FeatureRequest, question: Question, base: string): string {
  const answer = { matched, returned: request.dialect.version === '2.0.0' ? 0 : matched };
  const attributes = documentAttributes(styleOf(request, question), base);
  return `${XML_DECLARATION}<wfs:FeatureCollection${counts(answer, request)}${attributes}/>\n`;
}

/** Yields `wfs:ValueCollection`, in chunks. */
export async function* writeValues(
  answer: FeaturePage,
  request: FeatureRequest,
  question: Question,
  base: string,
): AsyncGenerator<string> {
  const style = styleOf(request, question);
  const [field] = question.rows.fields;
  const ofField = field && valueWriter(field);
  const write = ofField ? (row: PlainRow) => ofField(row.values[0] ?? null) : geometryWriter(style);
  const members: string[] = [];
  for await (const row of answer.rows) {
    const value = write(row);
    if (value) members.push(`<wfs:member>${value}</wfs:member>\n`);
  }
  const returned = { ...answer, returned: members.length };
  yield `${XML_DECLARATION}<wfs:ValueCollection${counts(returned, request)}${documentAttributes(style, base)}>\n`;
  yield* members;
  yield '</wfs:ValueCollection>\n';
}

/** Yields a GeoJSON FeatureCollection in chunks. It names the CRS unless it is that of RFC 7946. */
export async function* writeGeoJson(answer: FeaturePage, { layer, crs }: Question): AsyncGenerator<string> {
  const head = {
    type: 'FeatureCollection',
    timeStamp: new Date().toISOString(),
    numberMatched: answer.matched ?? 'unknown',
    numberReturned: answer.returned,
    ...crsMember(crs.crs),
    ...(answer.next === undefined ? {} : { links: [{ rel: 'next', type: 'application/geo+json', href: answer.next }] }),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"features":[`;
  let separator = '\n';
  for await (const { id, version, feature = '{}' } of answer.rows) {
    yield `${separator}{"id":${JSON.stringify(resourceId(layer, id, version))},${feature.slice(1)}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

function styleOf({ dialect }: FeatureRequest, { layer, crs, rows }: Question): FeatureStyle {
  return { dialect, layer, crs, fields: rows.fields };
}

/** Returns the counts in the attributes of the version. */
function counts({ matched, returned, next, previous }: Omit<FeaturePage, 'rows'>, { dialect }: FeatureRequest): string {
  const time = ` timeStamp="${new Date().toISOString()}"`;
  const links = Object.entries({ next, previous }).map(([name, url]) => (url ? ` ${name}="${escapeXml(url)}"` : ''));
  switch (dialect.version) {
    case '2.0.0':
      return `${time} numberMatched="${matched ?? 'unknown'}" numberReturned="${returned}"${links.join('')}`;
    case '1.1.0':
      return `${time} numberOfFeatures="${returned}"`;
    case '1.0.0':
      return '';
  }
}
