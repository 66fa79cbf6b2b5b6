import type { Layer } from '../../catalog/layer.ts';
import { isEditable } from '../../features/edit.ts';
import type { BBox } from '../../geo/bbox.ts';
import type { Crs } from '../../geo/crs.ts';
import type { Text } from '../../lib/errors.ts';
import { XLINK_NAMESPACE, Xml, xml, xmlDocument } from '../../lib/xml.ts';
import { TYPE_PREFIX, typeName } from '../layers/type-name.ts';
import { defaultCrs, otherCrs, urnOf } from './crs-name.ts';
import { type Dialect, VERSIONS } from './dialect.ts';
import { constraints, filterCapabilities, oldFilterCapabilities } from './filter-capabilities.ts';
import { outputTypes } from './formats.ts';
import { WFS_NAMESPACE } from './names.ts';
import { DEFAULT_COUNT, OPERATIONS } from './request.ts';

export interface CapabilitiesSource {
  readonly dialect: Dialect;
  /** URL of the service, without a query. */
  readonly url: string;
  readonly agency: string;
  readonly attribution: Text;
  /** True if transactions are available. */
  readonly isEditable: boolean;
  readonly layers: readonly { readonly layer: Layer; readonly extent: BBox | null }[];
}

export const SERVICE = {
  title: 'Địa Bạ WFS',
  keywords: ['đất đai', 'môi trường', 'nền địa lý', 'VN-2000', 'cadastre'],
};

/** WFS 2.0, table 13: implemented or not. Transactions are absent, as they are a setting. */
const CONFORMANCE = {
  ImplementsBasicWFS: true,
  ImplementsLockingWFS: false,
  KVPEncoding: true,
  XMLEncoding: true,
  SOAPEncoding: false,
  ImplementsInheritance: false,
  ImplementsRemoteResolve: false,
  ImplementsResultPaging: true,
  ImplementsStandardJoins: false,
  ImplementsSpatialJoins: false,
  ImplementsTemporalJoins: false,
  ImplementsFeatureVersioning: false,
  ManageStoredQueries: false,
  PagingIsTransactionSafe: false,
};

/** Returns the capabilities of WFS 2.0.0 and 1.1.0, which differ only in names and in the form of filters. */
export function writeCapabilities(source: CapabilitiesSource): string {
  const { dialect, agency, attribution } = source;
  const { wfs, wfsSchema, ows, gml, filter, version } = dialect;
  const isNew = version === '2.0.0';
  return xmlDocument(xml`<wfs:WFS_Capabilities version="${version}" xmlns:wfs="${wfs}" xmlns:ows="${ows}"
  xmlns:gml="${gml.namespace}" xmlns:${filter.prefix}="${filter.namespace}" xmlns:xlink="${XLINK_NAMESPACE}"
  xmlns:${TYPE_PREFIX}="${WFS_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${wfs} ${wfsSchema}">
  <ows:ServiceIdentification>
    <ows:Title>${SERVICE.title}</ows:Title>
    <ows:Abstract>${attribution.vi} / ${attribution.en}</ows:Abstract>
    <ows:Keywords>${SERVICE.keywords.map((word) => xml`<ows:Keyword>${word}</ows:Keyword>`)}</ows:Keywords>
    <ows:ServiceType>WFS</ows:ServiceType>${VERSIONS.map(
      (each) => xml`
    <ows:ServiceTypeVersion>${each}</ows:ServiceTypeVersion>`,
    )}
    <ows:Fees>NONE</ows:Fees>
    <ows:AccessConstraints>NONE</ows:AccessConstraints>
  </ows:ServiceIdentification>
  <ows:ServiceProvider>
    <ows:ProviderName>${agency}</ows:ProviderName>
    <ows:ServiceContact/>
  </ows:ServiceProvider>
  <ows:OperationsMetadata>${operationsOf(dialect).map((name) => wfsOperation(name, source))}${source.isEditable && transaction(source)}
    ${owsParameter('version', VERSIONS, isNew)}${isNew && constraints('ows:Constraint', { ...CONFORMANCE, ImplementsTransactionalWFS: source.isEditable })}${
      isNew &&
      xml`
    <ows:Constraint name="QueryExpressions"><ows:AllowedValues><ows:Value>wfs:Query</ows:Value><ows:Value>wfs:StoredQuery</ows:Value></ows:AllowedValues></ows:Constraint>`
    }
  </ows:OperationsMetadata>
  <wfs:FeatureTypeList>${version === '1.1.0' && operations(['Query'])}${source.layers.map((each) => featureType(each, source))}
  </wfs:FeatureTypeList>
  ${isNew ? filterCapabilities() : oldFilterCapabilities()}
</wfs:WFS_Capabilities>`);
}

/** Returns the operations of a version. */
function operationsOf({ version }: Dialect): readonly string[] {
  return version === '2.0.0' ? OPERATIONS : OPERATIONS.slice(0, 3);
}

function wfsOperation(name: string, { dialect, url }: CapabilitiesSource): Xml {
  const isNew = dialect.version === '2.0.0';
  const parameters: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    GetCapabilities: { AcceptVersions: VERSIONS },
    DescribeFeatureType: { outputFormat: [dialect.gml.type] },
    GetFeature: { resultType: ['results', 'hits'], outputFormat: outputTypes(dialect) },
    GetPropertyValue: { outputFormat: [dialect.gml.type] },
  };
  return xml`
    <ows:Operation name="${name}">
      <ows:DCP><ows:HTTP><ows:Get xlink:href="${url}?"/><ows:Post xlink:href="${url}"/></ows:HTTP></ows:DCP>${Object.entries(
        parameters[name] ?? {},
      ).map(([each, values]) =>
        owsParameter(each, values, isNew),
      )}${name === 'GetFeature' && isNew && constraints('ows:Constraint', { CountDefault: String(DEFAULT_COUNT) })}
    </ows:Operation>`;
}

/** Describes Transaction, which is POST only, so that following a link changes nothing. */
function transaction({ dialect, url }: CapabilitiesSource): Xml {
  const isNew = dialect.version === '2.0.0';
  return xml`
    <ows:Operation name="Transaction">
      <ows:DCP><ows:HTTP><ows:Post xlink:href="${url}"/></ows:HTTP></ows:DCP>${owsParameter('inputFormat', [dialect.gml.type], isNew)}${
        !isNew && owsParameter('idgen', ['GenerateNew', 'UseExisting'], isNew)
      }
    </ows:Operation>`;
}

/** Lists the operations on a type, or on every type, in the terms of WFS 1.1.0. */
function operations(names: readonly string[]): Xml {
  return xml`
    <wfs:Operations>${names.map((name) => xml`<wfs:Operation>${name}</wfs:Operation>`)}</wfs:Operations>`;
}

/** WFS 2.0.0 has no term for a type that is not editable while others are. */
const READ_ONLY = xml`
      <ows:Keywords><ows:Keyword>chỉ đọc</ows:Keyword><ows:Keyword>read-only</ows:Keyword></ows:Keywords>`;

/** Describes a parameter. OWS Common 1.1 has a list element around the values, 1.0 does not. */
function owsParameter(name: string, values: readonly string[], isNew: boolean): Xml {
  const list = values.map((value) => xml`<ows:Value>${value}</ows:Value>`);
  return xml`
      <ows:Parameter name="${name}">${isNew ? xml`<ows:AllowedValues>${list}</ows:AllowedValues>` : list}</ows:Parameter>`;
}

function featureType({ layer, extent }: CapabilitiesSource['layers'][number], source: CapabilitiesSource): Xml {
  const { dialect, isEditable: hasTransactions } = source;
  const { title, geometry } = layer;
  const isNew = dialect.version === '2.0.0';
  const own = defaultCrs(geometry.srid);
  const system = isNew ? 'CRS' : 'SRS';
  const crs = (use: 'Default' | 'Other', each: Crs) => {
    const tag = new Xml(`wfs:${use}${system}`);
    return xml`
      <${tag}>${urnOf(each)}</${tag}>`;
  };
  return xml`
    <wfs:FeatureType>
      <wfs:Name>${typeName(layer)}</wfs:Name>
      <wfs:Title>${title.vi}</wfs:Title>
      <wfs:Abstract>${title.vi} / ${title.en}</wfs:Abstract>${isNew && hasTransactions && !isEditable(layer) && READ_ONLY}${crs('Default', own)}${otherCrs(
        own,
      ).map((each) => crs('Other', each))}${
        !isNew && hasTransactions && isEditable(layer) && operations(['Query', 'Insert', 'Update', 'Delete'])
      }
      <wfs:OutputFormats>${outputTypes(dialect).map((type) => xml`<wfs:Format>${type}</wfs:Format>`)}</wfs:OutputFormats>${extent && boundingBox(extent)}
    </wfs:FeatureType>`;
}

function boundingBox([west, south, east, north]: BBox): Xml {
  return xml`
      <ows:WGS84BoundingBox>
        <ows:LowerCorner>${west} ${south}</ows:LowerCorner>
        <ows:UpperCorner>${east} ${north}</ows:UpperCorner>
      </ows:WGS84BoundingBox>`;
}
