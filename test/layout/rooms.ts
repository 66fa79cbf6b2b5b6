/** Rooms that every face may import: the questions, and the parts of HTTP that faces share. */
const FACE =
  'lib geo cql2 themes config database geometry catalog access filter features history tiles tiles/cache tiles/derived parcels search stations analysis quality results styles ' +
  'styles/exchange raster transfer/export transfer/office transfer/shapefile services http/kit http/html http/layers';

/**
 * The rooms of `src`, from the ground up, and the rooms whose files each may import. A room is a file, or a folder with
 * everything below it up to the next room. No face (the folders of `http` from `http/common` on) imports a face.
 */
export const ROOMS: Readonly<Record<string, string>> = {
  lib: '',
  themes: 'lib',
  geo: 'lib',
  cql2: 'lib geo',
  mlt: '',
  config: 'lib geo themes',
  database: 'lib config',
  geometry: 'geo database',
  changes: 'lib geo database',
  sample: 'lib geo database',
  catalog: 'lib geo database geometry',
  access: 'lib config database catalog',
  filter: 'lib geo cql2 database geometry catalog',
  features: 'lib geo cql2 database geometry catalog filter',
  history: 'lib database catalog filter features',
  'tiles/derived': 'lib geo database geometry catalog changes',
  tiles: 'lib geo mlt database geometry catalog changes filter tiles/derived',
  'tiles/cache': 'lib geo database catalog changes tiles tiles/derived',
  stations: 'lib database',
  phrase: 'lib geo',
  parcels: 'lib geo database geometry catalog phrase',
  search: 'lib geo database geometry phrase parcels',
  analysis: 'lib geo database geometry catalog features tiles tiles/derived',
  'analysis/source': 'lib geo cql2 database geometry catalog filter analysis',
  'analysis/parts': 'lib database geometry catalog features analysis analysis/source',
  'analysis/corridor': 'database geometry analysis analysis/source',
  'analysis/buffer':
    'lib geo database geometry catalog analysis analysis/source analysis/corridor analysis/parts analysis/coverage',
  'analysis/coverage': 'lib geo database geometry catalog analysis',
  'analysis/overlay': 'lib geo database geometry catalog analysis analysis/source analysis/parts analysis/coverage',
  'analysis/route-take': 'lib geo database geometry catalog phrase analysis analysis/source analysis/corridor',
  'analysis/list': 'lib database geometry catalog phrase parcels analysis analysis/source',
  'analysis/nearest': 'lib geo database geometry catalog analysis analysis/source',
  'analysis/summarise': 'lib cql2 database geometry catalog filter analysis analysis/source',
  'analysis/land-statistics': 'lib database catalog analysis',
  'analysis/processes':
    'database analysis analysis/buffer analysis/overlay analysis/route-take analysis/list analysis/nearest analysis/summarise analysis/land-statistics',
  'quality/coverage': 'lib',
  quality: 'lib database catalog analysis quality/coverage',
  results: 'lib geo database catalog access analysis',
  styles: 'lib themes database catalog',
  'styles/exchange': 'lib geometry catalog styles',
  raster: 'lib geo catalog access styles tiles/cache',
  transfer: 'lib',
  'transfer/source/text': 'lib',
  'transfer/source/row': 'lib geo transfer/source/text',
  'transfer/source/files': 'lib transfer',
  'transfer/source/json': 'lib geo transfer transfer/source/text transfer/source/row',
  'transfer/source/table':
    'lib geo transfer transfer/source/text transfer/source/row transfer/source/files transfer/source/json',
  'transfer/source/kml': 'lib geo transfer transfer/source/text transfer/source/row transfer/source/files',
  'transfer/source/parquet': 'lib geo transfer transfer/source/text transfer/source/row transfer/source/files',
  'transfer/source/gdal': 'lib geo transfer transfer/source/text transfer/source/row transfer/source/files',
  'transfer/source/register':
    'lib geo transfer/source/text transfer/source/row transfer/source/files transfer/source/table',
  'transfer/source':
    'lib geo transfer transfer/source/text transfer/source/row transfer/source/files transfer/source/json transfer/source/table transfer/source/kml transfer/source/parquet transfer/source/gdal transfer/source/register',
  'transfer/cadastral-map': 'lib database transfer/source/row',
  'transfer/import/plan': 'lib themes database catalog transfer/source/row transfer/source/table',
  'transfer/import/staging': 'lib database geometry transfer/source/text transfer/source/row transfer/import/plan',
  'transfer/import/journal': 'lib database transfer/import/plan',
  'transfer/import/matching':
    'lib database geometry transfer/source/row transfer/import/plan transfer/import/staging transfer/import/journal',
  'transfer/import/checks':
    'lib geo database geometry transfer/source/row transfer/import/plan transfer/import/staging transfer/import/matching',
  'transfer/import/writing':
    'lib database transfer/source/row transfer/import/plan transfer/import/staging transfer/import/journal transfer/import/matching',
  'transfer/import':
    'lib geo database catalog transfer/cadastral-map transfer/source transfer/source/text transfer/source/row transfer/source/register transfer/import/plan transfer/import/staging transfer/import/journal transfer/import/matching transfer/import/checks transfer/import/writing',
  'transfer/tiles': 'lib geo database geometry catalog tiles transfer',
  'transfer/office': 'lib catalog transfer',
  'transfer/shapefile': 'lib geo database geometry catalog transfer',
  'transfer/export':
    'lib geo cql2 database geometry catalog filter features tiles analysis analysis/source styles styles/exchange transfer transfer/tiles transfer/office transfer/shapefile',
  'transfer/report': 'lib transfer/import transfer/export',
  metrics: 'lib',
  services:
    'metrics access lib config database catalog parcels search stations analysis quality results styles raster tiles tiles/cache tiles/derived',
  'http/kit': 'lib geo config access metrics',
  'http/html': 'lib geo config http/kit',
  'http/layers':
    'lib geo cql2 database geometry catalog access filter features parcels styles raster services http/kit',
  'http/ows': 'lib http/kit http/layers',
  'http/common': FACE,
  'http/features': FACE,
  'http/tiles': FACE,
  'http/styles': FACE,
  'http/maps': FACE,
  'http/processes': FACE,
  'http/parcels': `${FACE} analysis/overlay analysis/parts`,
  'http/stations': FACE,
  'http/quality': FACE,
  'http/search': FACE,
  'http/viewer': FACE,
  'http/docs': 'lib services http/kit http/html',
  'http/changes': FACE,
  'http/wfs': `${FACE} http/ows`,
  'http/wms': `${FACE} http/ows`,
  'http/wmts': `${FACE} http/ows`,
  app: 'services http/kit http/html http/layers http/common http/features http/tiles http/styles http/maps http/processes http/parcels http/search http/stations http/quality http/changes http/viewer http/docs http/wfs http/wms http/wmts',
  'service-metrics': 'database metrics services',
  server:
    'metrics service-metrics access lib config database catalog changes history parcels search stations analysis analysis/processes quality results styles raster sample services tiles tiles/cache tiles/derived transfer/export http/kit http/tiles app',
  cluster: 'lib metrics',
  commands:
    'lib metrics cluster geo config database catalog access sample tiles tiles/derived transfer transfer/import transfer/import/plan transfer/import/matching transfer/import/journal transfer/report transfer/tiles server',
  cli: 'commands',
  viewer: 'geo',
};
