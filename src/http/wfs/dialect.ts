export type Version = '2.0.0' | '1.1.0' | '1.0.0';

export type GmlVersion = '3.2' | '3.1' | '2.1';

/** Differences between the versions of WFS. */
export interface Dialect {
  readonly version: Version;
  readonly wfs: string;
  readonly wfsSchema: string;
  /** Version of OWS Common; WFS 1.0.0 is older than it. */
  readonly ows: string;
  readonly filter: { readonly prefix: 'fes' | 'ogc'; readonly namespace: string };
  readonly gml: {
    readonly version: GmlVersion;
    readonly namespace: string;
    readonly schema: string;
    /** Media type of features, as in `outputFormat`. */
    readonly type: string;
    /** Other names of it. */
    readonly aliases: readonly string[];
  };
}

const SCHEMAS = 'http://schemas.opengis.net';

const DIALECTS: Readonly<Record<Version, Dialect>> = {
  '2.0.0': {
    version: '2.0.0',
    wfs: 'http://www.opengis.net/wfs/2.0',
    wfsSchema: `${SCHEMAS}/wfs/2.0/wfs.xsd`,
    ows: 'http://www.opengis.net/ows/1.1',
    filter: { prefix: 'fes', namespace: 'http://www.opengis.net/fes/2.0' },
    gml: {
      version: '3.2',
      namespace: 'http://www.opengis.net/gml/3.2',
      schema: `${SCHEMAS}/gml/3.2.1/gml.xsd`,
      type: 'application/gml+xml; version=3.2',
      aliases: ['text/xml; subtype=gml/3.2', 'text/xml; subtype=gml/3.2.1', 'gml32', 'gml3'],
    },
  },
  '1.1.0': {
    version: '1.1.0',
    wfs: 'http://www.opengis.net/wfs',
    wfsSchema: `${SCHEMAS}/wfs/1.1.0/wfs.xsd`,
    ows: 'http://www.opengis.net/ows',
    filter: { prefix: 'ogc', namespace: 'http://www.opengis.net/ogc' },
    gml: {
      version: '3.1',
      namespace: 'http://www.opengis.net/gml',
      schema: `${SCHEMAS}/gml/3.1.1/base/gml.xsd`,
      type: 'text/xml; subtype=gml/3.1.1',
      aliases: ['application/gml+xml; version=3.1', 'gml3', 'gml31'],
    },
  },
  '1.0.0': {
    version: '1.0.0',
    wfs: 'http://www.opengis.net/wfs',
    wfsSchema: `${SCHEMAS}/wfs/1.0.0/WFS-basic.xsd`,
    ows: 'http://www.opengis.net/ows',
    filter: { prefix: 'ogc', namespace: 'http://www.opengis.net/ogc' },
    gml: {
      version: '2.1',
      namespace: 'http://www.opengis.net/gml',
      schema: `${SCHEMAS}/gml/2.1.2/feature.xsd`,
      type: 'text/xml; subtype=gml/2.1.2',
      aliases: ['gml2', 'text/xml; subtype=gml/2.1.2; charset=utf-8'],
    },
  },
};

/** Newest first. */
export const VERSIONS = Object.keys(DIALECTS) as readonly Version[];
export const LATEST_DIALECT = DIALECTS['2.0.0'];

/**
 * Returns the dialect of a version in a request: 2.0.2 is 2.0.0 with corrections. Returns undefined if the version is
 * not supported.
 */
export function dialectOf(version: string): Dialect | undefined {
  const known = /^2\.0(\.[0-2])?$/.test(version) ? '2.0.0' : /^1\.1(\.[0-3])?$/.test(version) ? '1.1.0' : version;
  return VERSIONS.includes(known as Version) ? DIALECTS[known as Version] : undefined;
}

/** Returns the Content-Type of features. */
export function featuresType({ version, gml }: Dialect): string {
  return version === '2.0.0' ? gml.type : `${gml.type}; charset=utf-8`;
}

/** Content-Types of features in all versions. */
export const FEATURES_TYPES: readonly string[] = Object.values(DIALECTS).map(featuresType);
