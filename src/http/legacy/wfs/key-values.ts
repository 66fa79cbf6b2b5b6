import type { Request } from 'express';
import { attributeOf, childOf, childrenOf, readXml, type XmlElement } from '../xml-reader.ts';
import { invalid } from './exception.ts';
import { FILTER_BINDINGS } from './filter-reader.ts';
import { tooManyTypes } from './request.ts';

/** A request as names in lower case and texts, whichever way it came, and the one thing that is a tree: its filter. */
export interface KeyValues {
  readonly values: ReadonlyMap<string, string>;
  readonly filter: XmlElement | undefined;
}

/** Whose spelling in XML is not that of the URL. */
const SINGULAR: Readonly<Record<string, string>> = {
  typename: 'typenames',
  maxfeatures: 'count',
  featureid: 'resourceid',
  storedqueryid: 'storedquery_id',
};

function canonical(name: string): string {
  const lower = name.toLowerCase();
  return SINGULAR[lower] ?? lower;
}

/** The query of a GET request: names in any case, an empty value being none. */
export function readQueryString(query: Request['query']): KeyValues {
  const values = new Map<string, string>();
  for (const [name, given] of Object.entries(query)) {
    const key = canonical(name);
    const texts = [given].flat().filter((each): each is string => typeof each === 'string' && each !== '');
    for (const text of texts) {
      if (values.has(key) && values.get(key) !== text) {
        throw invalid(name, { vi: 'tham số chỉ được ghi một lần', en: 'given once' });
      }
      values.set(key, text);
    }
  }
  const filter = values.get('filter');
  return { values, filter: filter === undefined ? undefined : readFilterText(filter) };
}

/** In a list of one, as `(<Filter/>)`, or by itself. */
function readFilterText(text: string): XmlElement {
  const trimmed = text.trim();
  return readXml(trimmed.startsWith('(') ? trimmed.slice(1, trimmed.lastIndexOf(')')) : trimmed, FILTER_BINDINGS);
}

/** The XML of a POST request, said in the names of a GET request. */
export function readPosted(text: string): KeyValues {
  const root = readXml(text);
  const values = new Map<string, string>(
    Object.entries(root.attributes).map(([name, value]) => [canonical(name), value]),
  );
  values.set('request', root.name);
  for (const child of root.children) {
    if (child.name === 'AcceptVersions') values.set('acceptversions', textsOf(child.children).join(','));
    if (/^TypeName$/i.test(child.name)) append(values, 'typenames', child.text.trim());
    if (child.name === 'StoredQueryId') append(values, 'storedquery_id', child.text.trim());
  }
  const queries = childrenOf(root, 'Query', 'StoredQuery');
  if (queries.length > 1) throw tooManyTypes();
  const [query] = queries;
  if (query?.name === 'StoredQuery') readStoredQuery(query, values);
  if (query?.name === 'Query') readQuery(query, values);
  return { values, filter: query && childOf(query, 'Filter') };
}

function readStoredQuery(query: XmlElement, values: Map<string, string>): void {
  values.set('storedquery_id', attributeOf(query, 'id') ?? '');
  for (const parameter of childrenOf(query, 'Parameter')) {
    values.set((attributeOf(parameter, 'name') ?? '').toLowerCase(), parameter.text.trim());
  }
}

function readQuery(query: XmlElement, values: Map<string, string>): void {
  for (const [name, value] of Object.entries(query.attributes)) values.set(canonical(name), value);
  const names = textsOf(childrenOf(query, 'PropertyName'));
  if (names.length) values.set('propertyname', names.join(','));
  const sorts = childOf(query, 'SortBy')?.children ?? [];
  const orders = sorts.map((each) => {
    const property = childOf(each, 'ValueReference', 'PropertyName')?.text.trim() ?? '';
    return `${property} ${childOf(each, 'SortOrder')?.text.trim() || 'ASC'}`;
  });
  if (orders.length) values.set('sortby', orders.join(','));
}

function textsOf(elements: readonly XmlElement[]): string[] {
  return elements.map(({ text }) => text.trim());
}

function append(values: Map<string, string>, name: string, text: string): void {
  const before = values.get(name);
  values.set(name, before ? `${before},${text}` : text);
}
