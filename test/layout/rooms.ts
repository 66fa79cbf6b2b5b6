/** Rooms that every face may import: the questions, and the parts of HTTP that faces share. */
const FACE =
  'lib geo cql2 themes config database geometry catalog access filter features tiles tiles/cache tiles/derived parcels analysis styles ' +
  'styles/exchange raster transfer/export transfer/shapefile services http/kit http/html http/layers';

/**
 * The rooms of `src`, from the ground up, and the rooms whose files each may import. A room is a file, or a folder with
 * everything below it up to the next room. No face (the folders of `http` from `http/common` on) imports a face.
 */
export const ROOMS: Readonly<Record<string, string>> = {
  lib: '',
  themes: 'lib',
  geo: 'lib',
  cql2: 'lib geo',
  config: 'lib geo themes',
  database: 'lib config',
  geometry: 'geo database',
  changes: 'lib geo database',
  sample: 'lib geo database',
  catalog: 'lib geo database geometry',
  access: 'lib catalog',
  filter: 'lib geo cql2 database geometry catalog',
  features: 'lib geo cql2 database geometry catalog filter',
  'tiles/derived': 'lib geo database geometry catalog changes',
  tiles: 'lib geo database geometry catalog changes filter tiles/derived',
  'tiles/cache': 'lib geo database catalog changes tiles tiles/derived',
  parcels: 'lib geo database geometry',
  analysis: 'lib geo database geometry catalog features tiles tiles/derived',
  'analysis/buffer': 'lib geo cql2 database geometry catalog filter tiles/derived analysis',
  'analysis/processes': 'database analysis analysis/buffer',
  styles: 'lib themes database catalog',
  'styles/exchange': 'lib geometry catalog styles',
  raster: 'lib geo catalog access styles tiles/cache',
  transfer: 'lib',
  'transfer/source': 'lib geo transfer',
  'transfer/import': 'lib themes geo database geometry catalog transfer/source',
  'transfer/export': 'lib geometry catalog features transfer',
  'transfer/shapefile': 'lib geometry catalog',
  'transfer/tiles': 'lib geo database geometry catalog tiles',
  services: 'access lib config database catalog parcels analysis styles raster tiles tiles/cache tiles/derived',
  'http/kit': 'lib geo config access',
  'http/html': 'lib geo config http/kit',
  'http/layers': 'lib geo cql2 database geometry catalog access filter features styles raster services http/kit',
  'http/ows': 'lib http/kit http/layers',
  'http/common': FACE,
  'http/features': FACE,
  'http/tiles': FACE,
  'http/styles': FACE,
  'http/maps': FACE,
  'http/processes': FACE,
  'http/parcels': FACE,
  'http/viewer': FACE,
  'http/docs': 'lib services http/kit http/html',
  'http/wfs': `${FACE} http/ows`,
  'http/wms': `${FACE} http/ows`,
  'http/wmts': `${FACE} http/ows`,
  app: 'services http/kit http/html http/layers http/common http/features http/tiles http/styles http/maps http/processes http/parcels http/viewer http/docs http/wfs http/wms http/wmts',
  server:
    'access lib config database catalog changes parcels analysis analysis/processes styles raster sample services tiles tiles/cache tiles/derived http/kit http/tiles app',
  commands:
    'lib geo config database catalog access sample tiles tiles/derived transfer transfer/import transfer/tiles server',
  cli: 'commands',
  viewer: '',
};
