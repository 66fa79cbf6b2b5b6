/** Decisions on each route: what it gives to whom. A route without an entry fails the matrix. */

/**
 * - `layer`: rows or a description of the layer in its URL. It is 404 for whoever may not see the layer.
 * - `list`: names every layer that the client may see.
 * - `public`: the same for everybody. It reads nothing that is restricted.
 * - `holders`: a parcel, with its right holders for whoever may see them.
 * - `owned`: the result of a job over the restricted layer, which the key with the scope has started. Others get 404.
 * - `edit`: changes the layer in its URL.
 */
export type DecisionKind = 'layer' | 'list' | 'public' | 'holders' | 'owned' | 'edit';

export interface Decision {
  readonly kind: DecisionKind;
  /** Addresses to try, for a layer. */
  readonly urls: (layer: string) => readonly string[];
  readonly body?: unknown;
  /** Body that names the layer. */
  readonly bodyOf?: (layer: string) => unknown;
  /** True if the answer tells of the job, and nothing of what it has read. */
  readonly tellsNothing?: boolean;
  /** Media type of the body; absent: JSON. */
  readonly type?: string;
  /** Status of the answer to whoever may; absent: below 300. */
  readonly status?: number;
  /** Statuses for whoever may not see the layer; absent: 404. */
  readonly refused?: readonly number[];
}

const layer = (...urls: string[]): Decision => ({ kind: 'layer', urls: at(urls) });
const list = (...urls: string[]): Decision => ({ kind: 'list', urls: () => urls });
const open = (...urls: string[]): Decision => ({ kind: 'public', urls: () => urls });
const at = (urls: readonly string[]) => (id: string) => urls.map((url) => url.replaceAll('LAYER', id));
/** Addresses with the id of a parcel that has a right holder, in place of `PARCEL`. */
const holders = (...urls: string[]): Decision => ({ kind: 'holders', urls: () => urls });
/** Addresses with the id of a job, in place of `JOB`, or of one that exports, in place of `EXPORT`. */
const owned = (...urls: string[]): Decision => ({ kind: 'owned', urls: () => urls });

/** The tile in which the rows of the test lie. */
export const TILE = { z: 12, x: 3261, y: 1921 };
const { z, x, y } = TILE;
const QUAD = 'WebMercatorQuad';
const MATRIX = `${QUAD}/${z}/${y}/${x}`;
const PLACE = '106.9,11.03,9';
const FEATURE = { type: 'Feature', geometry: null, properties: { unit_code: '11111' } };
const UNKNOWN_JOB = '0'.repeat(32);
const gone = (decision: Decision): Decision => ({ ...decision, status: 404 });
const pictures = (path: string) => open(`/styles/land/${path}`);
const overlay = (path: string): Decision => ({
  ...pictures(path),
  body: { type: 'FeatureCollection', features: [] },
});
const transaction = (
  id: string,
) => `<wfs:Transaction service="WFS" version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0"
  xmlns:diaba="urn:diaba" xmlns:fes="http://www.opengis.net/fes/2.0"><wfs:Delete typeName="diaba:${id}"><fes:Filter>
  <fes:ResourceId rid="${id}.9"/></fes:Filter></wfs:Delete></wfs:Transaction>`;

export { transaction };

export const DECISIONS: Readonly<Record<string, Decision>> = {
  'get /xyz/:layers/tilejson.json': layer('/xyz/LAYER/tilejson.json', '/xyz/base.road,LAYER/tilejson.json'),
  'get /xyz/:layers/:z/:x/:y.mvt': layer(`/xyz/LAYER/${z}/${x}/${y}.mvt`, `/xyz/base.road,LAYER/${z}/${x}/${y}.mvt`),
  'get /xyz/:layers/mlt/tilejson.json': layer('/xyz/LAYER/mlt/tilejson.json'),
  'get /xyz/:layers/:z/:x/:y.mlt': layer(`/xyz/LAYER/${z}/${x}/${y}.mlt`),
  'get /parcels': open('/parcels?q=thửa 1 tờ 1', '/parcels?q=zebrafinch'),
  'get /parcels/at': open('/parcels/at?x=106.68&y=10.98'),
  'get /parcels/:id': holders('/parcels/PARCEL', '/parcels/PARCEL?f=html'),
  'get /parcels/:id/zones': open('/parcels/PARCEL/zones', '/parcels/PARCEL/zones?f=html'),
  'get /search': open('/search?q=zebrafinch', '/search?q=odd.secret'),
  'post /search': { ...open('/search'), body: { q: 'zebrafinch' } },
  'get /stations/:id': gone(open('/stations/999999999')),
  'get /stations/:id/series': gone(open('/stations/999999999/series?parameter=PM2.5')),
  'get /quality': open('/quality'),
  'get /': list('/?f=html'),
  'get /conformance': open('/conformance'),
  'get /api': list('/api'),
  'get /collections': list('/collections', '/collections?f=html'),
  'get /collections/:collection': layer('/collections/LAYER', '/collections/LAYER?f=html'),
  'get /collections/:collection/items': layer(
    ...['json', 'html', 'csv', 'kml', 'xlsx', 'fgb', 'gpkg', 'dxf', 'shp'].map(
      (f) => `/collections/LAYER/items?f=${f}`,
    ),
    '/collections/LAYER/items?filter=id=1',
    '/collections/LAYER/items?sortby=id',
    '/collections/LAYER/items?q=zebrafinch',
  ),
  'get /collections/:collection/items/:feature': layer(
    '/collections/LAYER/items/1',
    '/collections/LAYER/items/1?f=html',
  ),
  'post /collections/:collection/items': {
    kind: 'edit',
    urls: at(['/collections/LAYER/items']),
    body: { ...FEATURE, properties: { id: 3 } },
  },
  'put /collections/:collection/items/:feature': {
    kind: 'edit',
    urls: at(['/collections/LAYER/items/1']),
    body: FEATURE,
  },
  'patch /collections/:collection/items/:feature': {
    kind: 'edit',
    urls: at(['/collections/LAYER/items/1']),
    body: FEATURE,
  },
  'delete /collections/:collection/items/:feature': { kind: 'edit', urls: at(['/collections/LAYER/items/9']) },
  'get /collections/:collection/changes': layer('/collections/LAYER/changes', '/collections/LAYER/changes?f=ndjson'),
  'get /collections/:collection/digest': layer('/collections/LAYER/digest'),
  'get /collections/:collection/queryables': layer('/collections/LAYER/queryables'),
  'get /collections/:collection/sortables': layer('/collections/LAYER/sortables'),
  'get /collections/:collection/schema': layer('/collections/LAYER/schema'),
  'get /tileMatrixSets': open('/tileMatrixSets'),
  'get /tileMatrixSets/:tileMatrixSetId': open(`/tileMatrixSets/${QUAD}`),
  'get /tiles': layer('/tiles?collections=LAYER'),
  'get /tiles/:tileMatrixSetId': layer(`/tiles/${QUAD}?collections=LAYER`),
  'get /tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol': layer(`/tiles/${MATRIX}?collections=LAYER`),
  'get /collections/:collection/tiles': layer('/collections/LAYER/tiles'),
  'get /collections/:collection/tiles/:tileMatrixSetId': layer(`/collections/LAYER/tiles/${QUAD}`),
  'get /collections/:collection/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol': layer(
    `/collections/LAYER/tiles/${MATRIX}`,
  ),
  'get /map/tiles': open('/map/tiles'),
  'get /map/tiles/:tileMatrixSetId': open(`/map/tiles/${QUAD}`),
  'get /map/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol': open(`/map/tiles/${MATRIX}`),
  'get /styles/:style/map/tiles': open('/styles/land/map/tiles'),
  'get /styles/:style/map/tiles/:tileMatrixSetId': open(`/styles/land/map/tiles/${QUAD}`),
  'get /styles/:style/map/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol': open(
    `/styles/land/map/tiles/${MATRIX}`,
  ),
  'get /collections/:collection/map/tiles': layer('/collections/LAYER/map/tiles'),
  'get /collections/:collection/map/tiles/:tileMatrixSetId': layer(`/collections/LAYER/map/tiles/${QUAD}`),
  'get /collections/:collection/map/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol': layer(
    `/collections/LAYER/map/tiles/${MATRIX}`,
  ),
  'get /collections/:collection/styles/:style/map/tiles': gone(layer('/collections/LAYER/styles/land/map/tiles')),
  'get /collections/:collection/styles/:style/map/tiles/:tileMatrixSetId': gone(
    layer(`/collections/LAYER/styles/land/map/tiles/${QUAD}`),
  ),
  'get /collections/:collection/styles/:style/map/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol': gone(
    layer(`/collections/LAYER/styles/land/map/tiles/${MATRIX}`),
  ),
  'get /collections/:collection/styles': layer('/collections/LAYER/styles'),
  'get /collections/:collection/styles/:style': gone(layer('/collections/LAYER/styles/land')),
  'get /wfs': {
    ...layer(
      ...['2.0.0', '1.1.0', '1.0.0'].flatMap((version) =>
        ['GetFeature', 'DescribeFeatureType'].map(
          (name) => `/wfs?service=WFS&version=${version}&request=${name}&typeNames=diaba:LAYER&typeName=diaba:LAYER`,
        ),
      ),
      '/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=diaba:LAYER&outputFormat=shapezip',
      '/wfs?service=WFS&version=2.0.0&request=GetFeature&resourceId=LAYER.1',
      '/wfs?service=WFS&version=2.0.0&request=GetPropertyValue&typeNames=diaba:LAYER&valueReference=id',
      '/wfs?service=WFS&version=2.0.0&request=GetFeature&storedquery_id=urn:ogc:def:query:OGC-WFS::GetFeatureById&id=LAYER.1',
    ),
    refused: [400, 404],
  },
  'post /wfs': { kind: 'edit', urls: () => ['/wfs'], type: 'text/xml', refused: [400, 404] },
  'get /health/live': open('/health/live'),
  'get /health/ready': open('/health/ready'),
  'get /processes': open('/processes'),
  'get /processes/:process': open('/processes/buffer'),
  'get /processes/buffer/presets': open('/processes/buffer/presets'),
  'post /processes/:process/execution': {
    ...layer('/processes/nearest/execution'),
    bodyOf: (id) => ({ inputs: { geometry: { type: 'Point', coordinates: [106.67, 11.03] }, layer: id } }),
    refused: [400],
  },
  'get /jobs': open('/jobs'),
  'get /jobs/:job': { ...owned('/jobs/JOB', '/jobs/EXPORT'), tellsNothing: true },
  'delete /jobs/:job': gone(open(`/jobs/${UNKNOWN_JOB}`)),
  'get /jobs/:job/results': owned('/jobs/JOB/results', '/jobs/JOB/results?f=xlsx'),
  'get /jobs/:job/file': owned('/jobs/EXPORT/file'),
  'get /jobs/:job/features': { ...owned('/jobs/JOB/features'), status: 307 },
  'get /jobs/:job/xyz/tilejson.json': { ...owned('/jobs/JOB/xyz/tilejson.json'), status: 307 },
  'get /styles': open('/styles'),
  'get /styles/:style': open('/styles/land'),
  'get /styles/:style/metadata': open('/styles/land/metadata'),
  'get /styles/:style/thumbnail.png': pictures('thumbnail.png'),
  'get /styles/:style/static/:place/:size@2x.png': pictures(`static/${PLACE}/64x64@2x.png`),
  'get /styles/:style/static/:place/:size@2x.webp': pictures(`static/${PLACE}/64x64@2x.webp`),
  'get /styles/:style/static/:place/:size.png': pictures(`static/${PLACE}/64x64.png`),
  'get /styles/:style/static/:place/:size.webp': pictures(`static/${PLACE}/64x64.webp`),
  'post /styles/:style/static/:place/:size@2x.png': overlay(`static/${PLACE}/64x64@2x.png`),
  'post /styles/:style/static/:place/:size@2x.webp': overlay(`static/${PLACE}/64x64@2x.webp`),
  'post /styles/:style/static/:place/:size.png': overlay(`static/${PLACE}/64x64.png`),
  'post /styles/:style/static/:place/:size.webp': overlay(`static/${PLACE}/64x64.webp`),
  'get /styles/:style/:z/:x/:y@2x.png': pictures(`${z}/${x}/${y}@2x.png`),
  'get /styles/:style/:z/:x/:y@2x.webp': pictures(`${z}/${x}/${y}@2x.webp`),
  'get /styles/:style/:z/:x/:y.png': pictures(`${z}/${x}/${y}.png`),
  'get /styles/:style/:z/:x/:y.webp': pictures(`${z}/${x}/${y}.webp`),
  'get /wms': {
    ...layer(
      '/wms?service=WMS&version=1.3.0&request=GetMap&layers=LAYER&styles=&crs=CRS:84&bbox=106,10,107,11&width=64&height=64&format=image/png',
      '/wms?service=WMS&version=1.3.0&request=GetFeatureInfo&layers=LAYER&query_layers=LAYER&styles=&crs=CRS:84&bbox=106.5,10.9,107,11.2&width=64&height=64&i=5&j=5&info_format=application/json',
    ),
    refused: [400, 404],
  },
  'get /wmts': open('/wmts?service=WMTS&request=GetCapabilities'),
  'get /wmts/1.0.0/WMTSCapabilities.xml': open('/wmts/1.0.0/WMTSCapabilities.xml'),
  'get /wmts/1.0.0/:Layer/:Style/:TileMatrixSet/:TileMatrix/:TileRow/:TileCol.png': open(
    `/wmts/1.0.0/land/default/${MATRIX}.png`,
  ),
  'get /wmts/1.0.0/:Layer/:Style/:TileMatrixSet/:TileMatrix/:TileRow/:TileCol.webp': open(
    `/wmts/1.0.0/land/default/${MATRIX}.webp`,
  ),
  'get /sprites/:file': gone(open('/sprites/nothing.png')),
  'get /fonts/:stack/:range.pbf': gone(open('/fonts/nothing/0-255.pbf')),
  'get /map': open('/map'),
  'get /map/layers': list('/map/layers'),
  'get /docs': open('/docs'),
  'get /docs/:page': open('/docs/tiles'),
  'get /docs/pictures/:picture': open('/docs/pictures/viewer.webp'),
};
