import type { Text } from '../../errors.ts';
import type { BBox } from '../../geo/bbox.ts';
import { lonLatBBoxToMercator } from '../../geo/tile.ts';
import { Xml, xml, xmlDocument } from '../../xml.ts';
import { MAP_CRS, mapCrsName } from './wms-crs.ts';
import { INFO_FORMATS } from './wms-feature-info.ts';
import { LEGEND_FORMATS, MAP_FORMATS, MAX_LAYERS, MAX_SIDE, STYLE } from './wms-parameters.ts';

/** What capabilities say of a layer. */
export interface DescribedLayer {
  readonly name: string;
  readonly title: Text;
  /** Longitude and latitude; null where there are no data. */
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

/** The capabilities of WMS 1.3.0 (OGC 06-042). */
export function wmsCapabilities(source: WmsCapabilities): string {
  const { base, agency, description, language, maps, layers } = source;
  const words = WORDS[language];
  return xmlDocument(xml`<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:sld="http://www.opengis.net/sld" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd">
<Service>
  <Name>WMS</Name>
  <Title>${words.title}</Title>
  <Abstract>${description}</Abstract>
  <OnlineResource xlink:type="simple" xlink:href="${base}/"/>
  <ContactInformation><ContactPersonPrimary><ContactPerson/><ContactOrganization>${agency}</ContactOrganization></ContactPersonPrimary></ContactInformation>
  <LayerLimit>${MAX_LAYERS}</LayerLimit>
  <MaxWidth>${MAX_SIDE}</MaxWidth>
  <MaxHeight>${MAX_SIDE}</MaxHeight>
</Service>
<Capability>
  <Request>
    ${operation('GetCapabilities', ['text/xml'], base)}
    ${operation('GetMap', MAP_FORMATS, base)}
    ${operation('GetFeatureInfo', INFO_FORMATS, base)}
    ${operation('sld:GetLegendGraphic', LEGEND_FORMATS, base)}
  </Request>
  <Exception><Format>XML</Format></Exception>
  <Layer>
    <Title>${words.title}</Title>
    ${MAP_CRS.map((crs) => xml`<CRS>${mapCrsName(crs)}</CRS>`)}
    <Layer>
      <Title>${words.maps}</Title>
      ${maps.map((layer) => layerOf(layer, source))}
    </Layer>
    <Layer>
      <Title>${words.layers}</Title>
      ${layers.map((layer) => layerOf(layer, source))}
    </Layer>
  </Layer>
</Capability>
</WMS_Capabilities>`);
}

function operation(name: string, formats: readonly string[], base: string): Xml {
  const formatList = formats.map((format) => xml`<Format>${format}</Format>`);
  return xml`${raw(`<${name}>`)}${formatList}<DCPType><HTTP><Get><OnlineResource xlink:type="simple" xlink:href="${base}/wms?"/></Get></HTTP></DCPType>${raw(`</${name}>`)}`;
}

/** Names of elements are ours. */
function raw(text: string): Xml {
  return new Xml(text);
}

function layerOf({ name, title, extent }: DescribedLayer, { base, language }: WmsCapabilities): Xml {
  const legend = new URLSearchParams({
    service: 'WMS',
    version: '1.3.0',
    request: 'GetLegendGraphic',
    layer: name,
    format: 'image/png',
  });
  return xml`<Layer queryable="1">
  <Name>${name}</Name>
  <Title>${title[language]}</Title>
  <Abstract>${language === 'vi' ? title.en : title.vi}</Abstract>
  ${extent && boxes(extent)}
  <Style>
    <Name>${STYLE}</Name>
    <Title>${title[language]}</Title>
    <LegendURL><Format>image/png</Format><OnlineResource xlink:type="simple" xlink:href="${base}/wms?${legend.toString()}"/></LegendURL>
  </Style>
</Layer>
`;
}

function boxes(extent: BBox): Xml {
  const [west, south, east, north] = extent;
  const box = ([minx, miny, maxx, maxy]: BBox, crs: string) =>
    xml`<BoundingBox CRS="${crs}" minx="${minx}" miny="${miny}" maxx="${maxx}" maxy="${maxy}"/>`;
  return xml`<EX_GeographicBoundingBox><westBoundLongitude>${west}</westBoundLongitude><eastBoundLongitude>${east}</eastBoundLongitude><southBoundLatitude>${south}</southBoundLatitude><northBoundLatitude>${north}</northBoundLatitude></EX_GeographicBoundingBox>
  ${box(extent, 'CRS:84')}
  ${box([south, west, north, east], 'EPSG:4326')}
  ${box(lonLatBBoxToMercator(extent), 'EPSG:3857')}`;
}
