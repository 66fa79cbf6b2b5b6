import { exception } from '../ows/exception.ts';
import type { OwsQuery } from '../ows/key-values.ts';
import type { XmlElement } from '../ows/xml-reader.ts';
import { type Dialect, dialectOf, LATEST_DIALECT, VERSIONS } from './dialect.ts';
import { invalid, missingParameter } from './exception.ts';
import type { WfsSource } from './source.ts';

/** Default number of features of an answer, published as `CountDefault`. */
export const DEFAULT_COUNT = 10_000;
/** Most features of any answer. */
export const MAX_COUNT = 1_000_000;

export interface WfsSortKey {
  readonly name: string;
  readonly descending: boolean;
}

/** GetFeature and GetPropertyValue, with names not yet checked against a layer. */
export interface FeatureRequest {
  readonly dialect: Dialect;
  readonly typeNames: readonly string[];
  readonly resourceIds: readonly string[];
  readonly filter: XmlElement | undefined;
  /** Four ordinates in the axis order of the named CRS; without one, in the layer's CRS. */
  readonly bbox: { readonly corners: readonly number[]; readonly crs: string | undefined } | undefined;
  /** Empty: all. */
  readonly propertyNames: readonly string[];
  readonly srsName: string | undefined;
  readonly count: number;
  /** True if the request gives the count. */
  readonly hasCount: boolean;
  readonly startIndex: number;
  /** Position at the end of the previous page, from its `next`. */
  readonly cursor: string | undefined;
  readonly sortBy: readonly WfsSortKey[];
  readonly isHits: boolean;
  readonly outputFormat: string | undefined;
  readonly storedQuery: string | undefined;
}

export type WfsRequest =
  | { readonly kind: 'capabilities'; readonly dialect: Dialect }
  | { readonly kind: 'types'; readonly dialect: Dialect; readonly typeNames: readonly string[] }
  | { readonly kind: 'features'; readonly question: FeatureRequest }
  | { readonly kind: 'values'; readonly question: FeatureRequest; readonly valueReference: string }
  | { readonly kind: 'storedQueries'; readonly dialect: Dialect }
  | { readonly kind: 'storedQueryDescriptions'; readonly dialect: Dialect; readonly ids: readonly string[] };

export const OPERATIONS = [
  'GetCapabilities',
  'DescribeFeatureType',
  'GetFeature',
  'GetPropertyValue',
  'ListStoredQueries',
  'DescribeStoredQueries',
] as const;

/** @throws Problem with the exception code of OWS Common */
export function readWfsRequest(given: WfsSource): WfsRequest {
  const { values } = given;
  const service = values.filled('service');
  if (service === undefined) throw missingParameter('service', 'service=WFS');
  if (service.toUpperCase() !== 'WFS') throw invalid('service', { vi: 'WFS', en: 'WFS' });
  const name = values.filled('request');
  if (name === undefined) throw missingParameter('request', 'request=GetCapabilities');
  const operation = OPERATIONS.find((each) => each.toLowerCase() === name.toLowerCase());
  if (operation === 'GetCapabilities') return { kind: 'capabilities', dialect: negotiate(values) };
  if (!operation) throw unknownOperation(name);
  const dialect = readVersion(values);
  switch (operation) {
    case 'DescribeFeatureType':
      return { kind: 'types', dialect, typeNames: splitList(values.filled('typenames')) };
    case 'GetFeature':
      return { kind: 'features', question: readFeatureRequest(given, dialect) };
    case 'GetPropertyValue':
      return {
        kind: 'values',
        question: readFeatureRequest(given, dialect),
        valueReference:
          values.filled('valuereference') ?? raise(missingParameter('valueReference', 'valueReference=name')),
      };
    case 'ListStoredQueries':
      return { kind: 'storedQueries', dialect };
    case 'DescribeStoredQueries':
      return { kind: 'storedQueryDescriptions', dialect, ids: splitList(values.filled('storedquery_id')) };
  }
}

/** Returns the dialect for the error report of a request that may be invalid in any part. */
export function dialectForErrors({ values }: WfsSource): Dialect {
  return dialectOf(values.filled('version') ?? '') ?? LATEST_DIALECT;
}

function raise(problem: Error): never {
  throw problem;
}

/**
 * Returns the first acceptable version that is supported (OGC 06-121r3, 7.3.2). Otherwise it returns that of `version`,
 * as before OWS Common.
 */
function negotiate(values: OwsQuery): Dialect {
  const accepted = splitList(values.filled('acceptversions'));
  if (accepted.length === 0) return dialectOf(values.filled('version') ?? '') ?? LATEST_DIALECT;
  const dialect = accepted.map(dialectOf).find((each) => each !== undefined);
  if (dialect) return dialect;
  throw exception('VersionNegotiationFailed', 'AcceptVersions', {
    vi: `Không có phiên bản nào trong số đó; có: ${VERSIONS.join(', ')}.`,
    en: `None of these versions is spoken here; these are: ${VERSIONS.join(', ')}.`,
  });
}

function readVersion(values: OwsQuery): Dialect {
  const version = values.filled('version') ?? LATEST_DIALECT.version;
  const dialect = dialectOf(version);
  if (dialect) return dialect;
  throw invalid('version', { vi: `một trong: ${VERSIONS.join(', ')}`, en: `one of: ${VERSIONS.join(', ')}` });
}

function readFeatureRequest({ values, filter }: WfsSource, dialect: Dialect): FeatureRequest {
  const resultType = values.filled('resulttype')?.toLowerCase() ?? 'results';
  if (resultType !== 'hits' && resultType !== 'results') {
    throw invalid('resultType', { vi: 'results hoặc hits', en: 'results or hits' });
  }
  const storedQuery = values.filled('storedquery_id');
  return {
    dialect,
    typeNames: splitList(values.filled('typenames')),
    resourceIds: storedQuery === undefined ? splitList(values.filled('resourceid')) : readStoredId(values, storedQuery),
    filter,
    bbox: parseBox(values.filled('bbox')),
    propertyNames: splitList(values.filled('propertyname')).filter((name) => name !== '*'),
    srsName: values.filled('srsname'),
    count: Math.min(readWhole(values, 'count') ?? defaultCount(dialect), MAX_COUNT),
    hasCount: values.filled('count') !== undefined,
    startIndex: readWhole(values, 'startindex') ?? 0,
    cursor: values.filled('cursor'),
    sortBy: readWfsSort(values.filled('sortby')),
    isHits: resultType === 'hits',
    outputFormat: values.filled('outputformat'),
    storedQuery,
  };
}

/** Returns the default count. Versions before 2.0.0 have no pages, so it is all features. */
function defaultCount({ version }: Dialect): number {
  return version === '2.0.0' ? DEFAULT_COUNT : MAX_COUNT;
}

export const GET_FEATURE_BY_ID = 'urn:ogc:def:query:OGC-WFS::GetFeatureById';

function readStoredId(values: OwsQuery, query: string): string[] {
  if (!isGetFeatureById(query)) {
    throw invalid('storedQuery_Id', { vi: GET_FEATURE_BY_ID, en: GET_FEATURE_BY_ID });
  }
  const id = values.filled('id');
  if (id === undefined) throw missingParameter('id', 'id=land.parcel.12');
  return [id];
}

/** Returns true for GetFeatureById: a URN in WFS 2.0.0, in 2.0.2 also a URI. */
export function isGetFeatureById(query: string): boolean {
  return query === GET_FEATURE_BY_ID || query === 'http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById';
}

/** Parses `a,b`, `(a)(b)`, `(a,b)`, and from XML `a b`. */
function splitList(text = ''): string[] {
  return text.split(/[\s,()]+/).filter((part) => part !== '');
}

function readWhole(values: OwsQuery, name: string): number | undefined {
  const text = values.filled(name);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text.trim())) return Number(text);
  throw invalid(name, { vi: 'số nguyên từ 0', en: 'a whole number from 0' });
}

function parseBox(text: string | undefined): FeatureRequest['bbox'] {
  if (text === undefined) return undefined;
  const parts = text.split(',').map((part) => part.trim());
  const corners = parts.slice(0, 4).map((part) => (part === '' ? Number.NaN : Number(part)));
  if (corners.length === 4 && corners.every(Number.isFinite) && parts.length <= 5) {
    return { corners, crs: parts[4] || undefined };
  }
  throw invalid('bbox', {
    vi: 'bốn số "thấp1,thấp2,cao1,cao2" và có thể thêm hệ tọa độ, như 10.9,106.6,11.1,106.8,urn:ogc:def:crs:EPSG::4326',
    en: 'four numbers "low1,low2,high1,high2" and perhaps a system, such as 10.9,106.6,11.1,106.8,urn:ogc:def:crs:EPSG::4326',
  });
}

/** Parses `name`, `name ASC`, `name D`: WFS 2.0 writes ASC and DESC, 1.1 A and D. */
function readWfsSort(text: string | undefined): WfsSortKey[] {
  return (text ?? '')
    .replace(/[()]/g, '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [name = '', order = 'ASC', ...rest] = part.trim().split(/\s+/);
      if (rest.length === 0 && /^(A|ASC|D|DESC)$/i.test(order)) return { name, descending: /^D/i.test(order) };
      throw invalid('sortBy', { vi: 'các trường như "ten ASC,ngay DESC"', en: 'fields such as "name ASC,day DESC"' });
    });
}

function unknownOperation(name: string): Error {
  const known = OPERATIONS.join(', ');
  const isOfWfs = /^(Transaction|LockFeature|GetFeatureWithLock|CreateStoredQuery|DropStoredQuery)$/i.test(name);
  return exception(isOfWfs ? 'OperationNotSupported' : 'InvalidParameterValue', isOfWfs ? name : 'request', {
    vi: `Không có phép "${name.slice(0, 60)}"; có: ${known}.`,
    en: `There is no operation "${name.slice(0, 60)}"; there are: ${known}.`,
  });
}
