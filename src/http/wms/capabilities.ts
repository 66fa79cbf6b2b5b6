import type { BBox } from '../../geo/bbox.ts';
import { lonLatBBoxToMercator } from '../../geo/tile.ts';
import type { Text } from '../../lib/errors.ts';
import { XLINK_NAMESPACE, Xml, xml, xmlDocument } from '../../lib/xml.ts';
import { OLD_REPORT_TYPE } from '../ows/exception.ts';
import { MAP_CRS, mapCrsName } from './crs.ts';
import { INFO_FORMATS, LEGEND_FORMATS, MAP_FORMATS, MAX_WMS_LAYERS, WMS_MAX_SIDE, WMS_STYLE } from './parameters.ts';
import type { WmsVersion } from './request.ts';

/** Description of a layer in the capabilities. */
export interface DescribedLayer {
  readonly name: string;
  readonly title: Text;
  /** Longitude and latitude; null without data. */
  readonly extent: BBox | null;
}

export interface WmsCapabilities {
  readonly base: string;
  readonly agency: string;
  readonly description: string;
  readonly language: keyof Text;
  /** Whole maps. */
  readonly maps: readonly DescribedLayer[];
  /** Layers of the catalog. */
  readonly layers: readonly DescribedLayer[];
}

const WORDS = {
  vi: { title: 'Địa Bạ: bản đồ', maps: 'Bản đồ', layers: 'Các lớp dữ liệu' },
  en: { title: 'Địa Bạ: maps', maps: 'Maps', layers: 'Layers' },
};

/** Differences between the versions. */
interface WmsDialect {
  readonly open: Xml;
  readonly close: Xml;
  readonly serviceName: string;
  readonly limits: Xml | false;
  readonly capabilitiesType: string;
  readonly legendOperation: string;
  readonly exceptionFormat: string;
  readonly crsName: 'CRS' | 'SRS';
  readonly systems: readonly string[];
  readonly boxes: (extent: BBox) => Xml;
  /** True if a legend can be listed without its size, which is known only once it is drawn. */
  readonly namesLegends: boolean;
}

const SYSTEMS = MAP_CRS.map(mapCrsName);

/** OGC 06-042. */
const WMS_130: WmsDialect = {
  open: xml`<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:sld="http://www.opengis.net/sld" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd">`,
  close: xml`</WMS_Capabilities>`,
  serviceName: 'WMS',
  limits: xml`<LayerLimit>${MAX_WMS_LAYERS}</LayerLimit>
  <MaxWidth>${WMS_MAX_SIDE}</MaxWidth>
  <MaxHeight>${WMS_MAX_SIDE}</MaxHeight>`,
  capabilitiesType: 'text/xml',
  legendOperation: 'sld:GetLegendGraphic',
  exceptionFormat: 'XML',
  crsName: 'CRS',
  systems: SYSTEMS,
  boxes: latestBoxes,
  namesLegends: true,
};

/** OGC 01-068r3, whose documents have a document type instead of a schema. */
const OLD: WmsDialect = {
  open: xml`<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd">
<WMT_MS_Capabilities version="1.1.1">`,
  close: xml`</WMT_MS_Capabilities>`,
  serviceName: 'OGC:WMS',
  limits: false,
  capabilitiesType: 'application/vnd.ogc.wms_xml',
  legendOperation: 'GetLegendGraphic',
  exceptionFormat: OLD_REPORT_TYPE,
  crsName: 'SRS',
  systems: SYSTEMS.filter((name) => name.startsWith('EPSG:')),
  boxes: oldBoxes,
  namesLegends: false,
};

const DIALECTS: Readonly<Record<WmsVersion, WmsDialect>> = { '1.3.0': WMS_130, '1.1.1': OLD };

/** Returns the media type of the capabilities of a version. */
export function capabilitiesType(version: WmsVersion): string {
  return `${DIALECTS[version].capabilitiesType}; charset=utf-8`;
}

/** Returns the capabilities of WMS 1.3.0 or 1.1.1. */
export function wmsCapabilities(version: WmsVersion, source: WmsCapabilities): string {
  const { base, agency, description, language, maps, layers } = source;
  const dialect = DIALECTS[version];
  const words = WORDS[language];
  return xmlDocument(xml`${dialect.open}
<Service>
  <Name>${dialect.serviceName}</Name>
  <Title>${words.title}</Title>
  <Abstract>${description}</Abstract>
  ${resource(`${base}/`)}
  <ContactInformation><ContactPersonPrimary><ContactPerson/><ContactOrganization>${agency}</ContactOrganization></ContactPersonPrimary></ContactInformation>
  ${dialect.limits}
</Service>
<Capability>
  <Request>
    ${wmsOperation('GetCapabilities', [dialect.capabilitiesType], base)}
    ${wmsOperation('GetMap', MAP_FORMATS, base)}
    ${wmsOperation('GetFeatureInfo', INFO_FORMATS, base)}
    ${wmsOperation(dialect.legendOperation, LEGEND_FORMATS, base)}
  </Request>
  <Exception><Format>${dialect.exceptionFormat}</Format></Exception>
  <Layer>
    <Title>${words.title}</Title>
    ${dialect.systems.map((name) => xmlElement(dialect.crsName, xml`${name}`))}
    <Layer>
      <Title>${words.maps}</Title>
      ${maps.map((layer) => wmsLayer(layer, source, dialect))}
    </Layer>
    <Layer>
      <Title>${words.layers}</Title>
      ${layers.map((layer) => wmsLayer(layer, source, dialect))}
    </Layer>
  </Layer>
</Capability>
${dialect.close}`);
}

function wmsOperation(name: string, formats: readonly string[], base: string): Xml {
  const formatList = formats.map((format) => xml`<Format>${format}</Format>`);
  return xmlElement(name, xml`${formatList}<DCPType><HTTP><Get>${resource(`${base}/wms?`)}</Get></HTTP></DCPType>`);
}

/** Returns an element; names of elements are ours and need no escaping. */
function xmlElement(name: string, content: Xml): Xml {
  return new Xml(`<${name}>${content.text}</${name}>`);
}

/** Returns an online resource. The document type of 1.1.1 has the namespace here instead of at the root. */
function resource(href: string): Xml {
  return xml`<OnlineResource xmlns:xlink="${XLINK_NAMESPACE}" xlink:type="simple" xlink:href="${href}"/>`;
}

function wmsLayer(
  { name, title, extent }: DescribedLayer,
  { base, language }: WmsCapabilities,
  dialect: WmsDialect,
): Xml {
  return xml`<Layer queryable="1">
  <Name>${name}</Name>
  <Title>${title[language]}</Title>
  <Abstract>${language === 'vi' ? title.en : title.vi}</Abstract>
  ${extent && dialect.boxes(extent)}
  <Style>
    <Name>${WMS_STYLE}</Name>
    <Title>${title[language]}</Title>
    ${dialect.namesLegends && legendOf(name, base)}
  </Style>
</Layer>
`;
}

function legendOf(name: string, base: string): Xml {
  const legend = new URLSearchParams({
    service: 'WMS',
    version: '1.3.0',
    request: 'GetLegendGraphic',
    layer: name,
    format: 'image/png',
  });
  return xml`<LegendURL><Format>image/png</Format>${resource(`${base}/wms?${legend.toString()}`)}</LegendURL>`;
}

const boundsAttributes = ([minx, miny, maxx, maxy]: BBox) =>
  xml`minx="${minx}" miny="${miny}" maxx="${maxx}" maxy="${maxy}"`;

/** Returns boxes in each CRS, in its own axis order. */
function latestBoxes(extent: BBox): Xml {
  const [west, south, east, north] = extent;
  const box = (box: BBox, crs: string) => xml`<BoundingBox CRS="${crs}" ${boundsAttributes(box)}/>`;
  return xml`<EX_GeographicBoundingBox><westBoundLongitude>${west}</westBoundLongitude><eastBoundLongitude>${east}</eastBoundLongitude><southBoundLatitude>${south}</southBoundLatitude><northBoundLatitude>${north}</northBoundLatitude></EX_GeographicBoundingBox>
  ${box(extent, 'CRS:84')}
  ${box([south, west, north, east], 'EPSG:4326')}
  ${box(lonLatBBoxToMercator(extent), 'EPSG:3857')}`;
}

/** Returns boxes in each CRS, with x before y. */
function oldBoxes(extent: BBox): Xml {
  const box = (box: BBox, srs: string) => xml`<BoundingBox SRS="${srs}" ${boundsAttributes(box)}/>`;
  return xml`<LatLonBoundingBox ${boundsAttributes(extent)}/>
  ${box(extent, 'EPSG:4326')}
  ${box(lonLatBBoxToMercator(extent), 'EPSG:3857')}`;
}
