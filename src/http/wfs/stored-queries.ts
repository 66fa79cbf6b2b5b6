import { xml, xmlDocument } from '../../lib/xml.ts';
import type { Dialect } from './dialect.ts';
import { GET_FEATURE_BY_ID } from './request.ts';

const TITLE = { vi: 'Một đối tượng theo mã', en: 'One feature by its identifier' };
const XSD = 'http://www.w3.org/2001/XMLSchema';

/** Describes the only stored query of every WFS 2.0. */
export function writeStoredQueries({ wfs }: Dialect): string {
  return xmlDocument(xml`<wfs:ListStoredQueriesResponse xmlns:wfs="${wfs}">
  <wfs:StoredQuery id="${GET_FEATURE_BY_ID}">
    <wfs:Title xml:lang="vi">${TITLE.vi}</wfs:Title>
    <wfs:Title xml:lang="en">${TITLE.en}</wfs:Title>
  </wfs:StoredQuery>
</wfs:ListStoredQueriesResponse>`);
}

export function writeStoredQueryDescriptions({ wfs, filter }: Dialect): string {
  return xmlDocument(xml`<wfs:DescribeStoredQueriesResponse xmlns:wfs="${wfs}" xmlns:fes="${filter.namespace}" xmlns:xsd="${XSD}">
  <wfs:StoredQueryDescription id="${GET_FEATURE_BY_ID}">
    <wfs:Title xml:lang="vi">${TITLE.vi}</wfs:Title>
    <wfs:Title xml:lang="en">${TITLE.en}</wfs:Title>
    <wfs:Parameter name="id" type="xsd:string"/>
    <wfs:QueryExpressionText isPrivate="true" language="urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression" returnFeatureTypes=""/>
  </wfs:StoredQueryDescription>
</wfs:DescribeStoredQueriesResponse>`);
}
