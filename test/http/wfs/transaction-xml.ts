import type { XmlElement } from '../../../src/http/ows/xml-reader.ts';

export const VERSIONS = ['1.0.0', '1.1.0', '2.0.0'] as const;
export type Version = (typeof VERSIONS)[number];

const NAMESPACES: Readonly<Record<Version, string>> = {
  '1.0.0':
    'xmlns="http://www.opengis.net/wfs" xmlns:f="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml"',
  '1.1.0':
    'xmlns="http://www.opengis.net/wfs" xmlns:f="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml"',
  '2.0.0':
    'xmlns="http://www.opengis.net/wfs/2.0" xmlns:f="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"',
};

/** Returns a square of 10 m in each version's form, its south-west corner at an easting of 600 km + `x`. */
export function square(version: Version, x: number): string {
  const [west, east, south, north] = [600_000 + x, 600_010 + x, 1_230_000, 1_230_010];
  const corners = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return version === '1.0.0'
    ? `<gml:Polygon srsName="EPSG:9210"><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates cs="," ts=" ">${corners.map((each) => each.join(',')).join(' ')}</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon>`
    : `<gml:Polygon srsName="urn:ogc:def:crs:EPSG::9210"${version === '2.0.0' ? ' gml:id="a"' : ''}><gml:exterior><gml:LinearRing><gml:posList srsDimension="2">${corners.flat().join(' ')}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>`;
}

/** Returns the document of a transaction. */
export const transaction = (version: Version, actions: string, attributes = '') =>
  `<Transaction service="WFS" version="${version}" xmlns:diaba="urn:diaba:wfs" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${NAMESPACES[version]} ${attributes}>${actions}</Transaction>`;
/** Returns the filter of features by their ids. */
export const byId = (version: Version, ...ids: readonly (string | number)[]) => {
  const each = ids.map((id) => {
    const name = typeof id === 'number' ? `odd.plot.${id}` : id;
    return version === '2.0.0' ? `<f:ResourceId rid="${name}"/>` : `<f:FeatureId fid="${name}"/>`;
  });
  return `<f:Filter>${each.join('')}</f:Filter>`;
};
/** Returns a property of an update; without a value it becomes NULL. */
export const property = (version: Version, name: string, value?: string) => {
  const reference = version === '2.0.0' ? 'ValueReference' : 'Name';
  return `<Property><${reference}>${name}</${reference}>${value === undefined ? '' : `<Value>${value}</Value>`}</Property>`;
};
/** Returns an update of plots. */
export const update = (properties: string, filter: string, attributes = '') =>
  `<Update typeName="diaba:odd.plot" ${attributes}>${properties}${filter}</Update>`;
/** Returns a deletion of plots. */
export const remove = (filter: string, attributes = '') =>
  `<Delete typeName="diaba:odd.plot" ${attributes}>${filter}</Delete>`;
/** Returns a plot with the content. */
export const plot = (content: string) => `<diaba:odd.plot>${content}</diaba:odd.plot>`;

/** Returns the elements of a name, in the order of the document. */
export const find = (element: XmlElement, name: string): XmlElement[] => [
  ...(element.name === name ? [element] : []),
  ...element.children.flatMap((child) => find(child, name)),
];
