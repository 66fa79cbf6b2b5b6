import type { Request } from 'express';
import { OwsQuery } from '../ows/key-values.ts';
import { attributeOf, childOf, childrenOf, readXml, type XmlElement } from '../ows/xml-reader.ts';
import { tooManyTypes } from './exception.ts';
import { FILTER_BINDINGS } from './filter-reader.ts';

/** A request as names and texts, from GET or POST alike, and the only tree: its filter. */
export interface WfsSource {
  readonly values: OwsQuery;
  readonly filter: XmlElement | undefined;
  /** The document of a POST request. */
  readonly posted?: XmlElement;
}

/** Names of older versions and of XML, where some are singular. */
const SYNONYMS: Readonly<Record<string, string>> = {
  typename: 'typenames',
  maxfeatures: 'count',
  featureid: 'resourceid',
  storedqueryid: 'storedquery_id',
};

/** Reads the query of a GET request. */
export function readQueryString(query: Request['query']): WfsSource {
  const values = new OwsQuery(query, SYNONYMS);
  const filter = values.filled('filter');
  return { values, filter: filter === undefined ? undefined : readFilterText(filter) };
}

/** Parses a filter by itself, or in a list of one: `(<Filter/>)`. */
function readFilterText(text: string): XmlElement {
  const trimmed = text.trim();
  return readXml(trimmed.startsWith('(') ? trimmed.slice(1, trimmed.lastIndexOf(')')) : trimmed, FILTER_BINDINGS);
}

/** Converts the XML of a POST request to the names of a GET request. */
export function readPosted(root: XmlElement): WfsSource {
  const queries = childrenOf(root, 'Query', 'StoredQuery');
  if (queries.length > 1) throw tooManyTypes();
  const [query] = queries;
  const values = {
    ...root.attributes,
    request: root.name,
    acceptversions: joinElements(root, /^AcceptVersions$/, ({ children }) => elementTexts(children)),
    typenames: joinElements(root, /^TypeName$/i, elementText),
    storedquery_id: joinElements(root, /^StoredQueryId$/, elementText),
    ...(query?.name === 'StoredQuery' && readStoredQuery(query)),
    ...(query?.name === 'Query' && readQuery(query)),
  };
  return { values: new OwsQuery(values, SYNONYMS), filter: query && childOf(query, 'Filter'), posted: root };
}

/** Returns undefined without such elements, since an attribute may hold the value. */
function joinElements(
  root: XmlElement,
  name: RegExp,
  read: (element: XmlElement) => string | string[],
): string | undefined {
  return (
    root.children
      .filter((child) => name.test(child.name))
      .flatMap(read)
      .join(',') || undefined
  );
}

function readStoredQuery(query: XmlElement): Record<string, string> {
  const parameters = childrenOf(query, 'Parameter').map((parameter) => [
    attributeOf(parameter, 'name') ?? '',
    parameter.text.trim(),
  ]);
  return { ...Object.fromEntries(parameters), storedquery_id: attributeOf(query, 'id') ?? '' };
}

function readQuery(query: XmlElement): Record<string, string> {
  const values: Record<string, string> = { ...query.attributes };
  const names = elementTexts(childrenOf(query, 'PropertyName'));
  if (names.length) values.propertyname = names.join(',');
  const sorts = childOf(query, 'SortBy')?.children ?? [];
  const orders = sorts.map((each) => {
    const property = childOf(each, 'ValueReference', 'PropertyName')?.text.trim() ?? '';
    return `${property} ${childOf(each, 'SortOrder')?.text.trim() || 'ASC'}`;
  });
  if (orders.length) values.sortby = orders.join(',');
  return values;
}

function elementText({ text }: XmlElement): string {
  return text.trim();
}

function elementTexts(elements: readonly XmlElement[]): string[] {
  return elements.map(elementText);
}
