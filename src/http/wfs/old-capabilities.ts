import { isEditable } from '../../features/edit.ts';
import { type Xml, xml, xmlDocument } from '../../lib/xml.ts';
import { TYPE_PREFIX, typeName } from '../layers/type-name.ts';
import { type CapabilitiesSource, SERVICE } from './capabilities.ts';
import { defaultCrsName } from './crs-name.ts';
import { oldestFilterCapabilities } from './filter-capabilities.ts';
import { WFS_NAMESPACE } from './names.ts';

/** Returns the capabilities of WFS 1.0.0, whose form differs from all later versions. */
export function writeOldCapabilities(source: CapabilitiesSource): string {
  const { dialect, url, attribution, layers } = source;
  const http = xml`
      <wfs:DCPType><wfs:HTTP><wfs:Get onlineResource="${url}?"/></wfs:HTTP></wfs:DCPType>
      <wfs:DCPType><wfs:HTTP><wfs:Post onlineResource="${url}"/></wfs:HTTP></wfs:DCPType>`;
  return xmlDocument(xml`<wfs:WFS_Capabilities version="1.0.0" xmlns:wfs="${dialect.wfs}" xmlns:ogc="${dialect.filter.namespace}" xmlns:${TYPE_PREFIX}="${WFS_NAMESPACE}">
  <wfs:Service>
    <wfs:Name>WFS</wfs:Name>
    <wfs:Title>${SERVICE.title}</wfs:Title>
    <wfs:Abstract>${attribution.vi} / ${attribution.en}</wfs:Abstract>
    <wfs:OnlineResource>${url}</wfs:OnlineResource>
  </wfs:Service>
  <wfs:Capability>
    <wfs:Request>
    <wfs:GetCapabilities>${http}</wfs:GetCapabilities>
    <wfs:DescribeFeatureType><wfs:SchemaDescriptionLanguage><wfs:XMLSCHEMA/></wfs:SchemaDescriptionLanguage>${http}</wfs:DescribeFeatureType>
    <wfs:GetFeature><wfs:ResultFormat><wfs:GML2/></wfs:ResultFormat>${http}</wfs:GetFeature>${
      source.isEditable &&
      xml`
    <wfs:Transaction>
      <wfs:DCPType><wfs:HTTP><wfs:Post onlineResource="${url}"/></wfs:HTTP></wfs:DCPType>
    </wfs:Transaction>`
    }
    </wfs:Request>
  </wfs:Capability>
  <wfs:FeatureTypeList>
    <wfs:Operations><wfs:Query/></wfs:Operations>${layers.map((each) => oldFeatureType(each, source))}
  </wfs:FeatureTypeList>
  ${oldestFilterCapabilities()}
</wfs:WFS_Capabilities>`);
}

function oldFeatureType({ layer, extent }: CapabilitiesSource['layers'][number], source: CapabilitiesSource): Xml {
  const { title, geometry } = layer;
  const box =
    extent &&
    xml`
      <wfs:LatLongBoundingBox minx="${extent[0]}" miny="${extent[1]}" maxx="${extent[2]}" maxy="${extent[3]}"/>`;
  return xml`
    <wfs:FeatureType>
      <wfs:Name>${typeName(layer)}</wfs:Name>
      <wfs:Title>${title.vi}</wfs:Title>
      <wfs:Abstract>${title.vi} / ${title.en}</wfs:Abstract>
      <wfs:SRS>${defaultCrsName(geometry.srid, true).name}</wfs:SRS>${
        source.isEditable &&
        isEditable(layer) &&
        xml`
      <wfs:Operations><wfs:Query/><wfs:Insert/><wfs:Update/><wfs:Delete/></wfs:Operations>`
      }${box}
    </wfs:FeatureType>`;
}
