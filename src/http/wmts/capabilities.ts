import type { BBox } from '../../geo/bbox.ts';
import { HALF_WORLD, MAX_ZOOM, SCALE_OF_WORLD } from '../../geo/tile.ts';
import type { Text } from '../../lib/errors.ts';
import { XLINK_NAMESPACE, type Xml, xml, xmlDocument } from '../../lib/xml.ts';

/** A style of the map, which is a layer of WMTS. */
export interface WmtsLayer {
  readonly id: string;
  readonly title: Text;
  /** Longitude and latitude; null without data. */
  readonly extent: BBox | null;
}

export interface WmtsCapabilities {
  readonly base: string;
  readonly agency: string;
  readonly description: string;
  readonly language: keyof Text;
  readonly layers: readonly WmtsLayer[];
}

export const MATRIX_SET = 'WebMercatorQuad';
export const WMTS_STYLE = 'default';
export const TILE_FORMATS = ['image/png', 'image/webp'] as const;
const ENDINGS = { 'image/png': 'png', 'image/webp': 'webp' } as const;

const SERVICE_TITLES = {
  vi: 'Địa Bạ: ô bản đồ',
  en: 'Địa Bạ: map tiles',
};

/** Returns the capabilities of WMTS 1.0.0 (OGC 07-057r7), with KVP and RESTful bindings. */
export function wmtsCapabilities(source: WmtsCapabilities): string {
  const { base, agency, description, language, layers } = source;
  const rest = `${base}/wmts/1.0.0/WMTSCapabilities.xml`;
  return xmlDocument(xml`<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="${XLINK_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/wmts/1.0 http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd" version="1.0.0">
<ows:ServiceIdentification>
  <ows:Title>${SERVICE_TITLES[language]}</ows:Title>
  <ows:Abstract>${description}</ows:Abstract>
  <ows:ServiceType>OGC WMTS</ows:ServiceType>
  <ows:ServiceTypeVersion>1.0.0</ows:ServiceTypeVersion>
</ows:ServiceIdentification>
<ows:ServiceProvider>
  <ows:ProviderName>${agency}</ows:ProviderName>
  <ows:ServiceContact/>
</ows:ServiceProvider>
<ows:OperationsMetadata>
${wmtsOperation('GetCapabilities', `${base}/wmts?`, rest)}
${wmtsOperation('GetTile', `${base}/wmts?`, `${base}/wmts/1.0.0/`)}
</ows:OperationsMetadata>
<Contents>
${layers.map((layer) => wmtsLayer(layer, source))}
${matrixSet()}
</Contents>
<ServiceMetadataURL xlink:href="${rest}"/>
</Capabilities>`);
}

function wmtsOperation(name: string, kvp: string, rest: string): Xml {
  return xml`<ows:Operation name="${name}"><ows:DCP><ows:HTTP>
  ${getRequest(kvp, 'KVP')}
  ${getRequest(rest, 'RESTful')}
</ows:HTTP></ows:DCP></ows:Operation>`;
}

function getRequest(url: string, encoding: string): Xml {
  return xml`<ows:Get xlink:href="${url}"><ows:Constraint name="GetEncoding"><ows:AllowedValues><ows:Value>${encoding}</ows:Value></ows:AllowedValues></ows:Constraint></ows:Get>`;
}

function wmtsLayer({ id, title, extent }: WmtsLayer, { base, language }: WmtsCapabilities): Xml {
  const tile = `${base}/wmts/1.0.0/${id}/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}`;
  const other = language === 'vi' ? title.en : title.vi;
  return xml`<Layer>
  <ows:Title>${title[language]}</ows:Title>
  <ows:Abstract>${other}</ows:Abstract>
  ${extent && xml`<ows:WGS84BoundingBox><ows:LowerCorner>${extent[0]} ${extent[1]}</ows:LowerCorner><ows:UpperCorner>${extent[2]} ${extent[3]}</ows:UpperCorner></ows:WGS84BoundingBox>`}
  <ows:Identifier>${id}</ows:Identifier>
  <Style isDefault="true">
    <ows:Title>${title[language]}</ows:Title>
    <ows:Identifier>${WMTS_STYLE}</ows:Identifier>
    <LegendURL format="image/png" xlink:href="${base}/wms?service=WMS&amp;version=1.3.0&amp;request=GetLegendGraphic&amp;layer=${id}&amp;format=image/png"/>
  </Style>
  ${TILE_FORMATS.map((format) => xml`<Format>${format}</Format>`)}
  <TileMatrixSetLink><TileMatrixSet>${MATRIX_SET}</TileMatrixSet></TileMatrixSetLink>
  ${TILE_FORMATS.map((format) => xml`<ResourceURL format="${format}" resourceType="tile" template="${tile}.${ENDINGS[format]}"/>`)}
</Layer>`;
}

function matrixSet(): Xml {
  const matrices = Array.from({ length: MAX_ZOOM + 1 }, (_, z) => {
    return xml`<TileMatrix><ows:Identifier>${z}</ows:Identifier><ScaleDenominator>${SCALE_OF_WORLD / 2 ** z}</ScaleDenominator><TopLeftCorner>-${HALF_WORLD} ${HALF_WORLD}</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>${2 ** z}</MatrixWidth><MatrixHeight>${2 ** z}</MatrixHeight></TileMatrix>
`;
  });
  return xml`<TileMatrixSet>
<ows:Identifier>${MATRIX_SET}</ows:Identifier>
<ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>
<WellKnownScaleSet>urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible</WellKnownScaleSet>
${matrices}</TileMatrixSet>`;
}
