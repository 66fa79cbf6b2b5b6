import type { Dialect } from './dialect.ts';
import { invalid } from './exception.ts';

export type OutputFormat = 'gml' | 'json' | 'shapefile';

const JSON_NAMES = ['application/json', 'json', 'geojson', 'application/geo+json', 'application/json; subtype=geojson'];

/** Names of a zip of shapefiles in other servers. */
const SHAPEFILE_NAMES = ['SHAPE-ZIP', 'shapezip', 'shapefile', 'shp', 'application/zip', 'application/x-zipped-shp'];

/** Returns the `outputFormat` values of capabilities. */
export function outputTypes({ version, gml }: Dialect): readonly string[] {
  return version === '1.0.0' ? ['GML2', 'application/json', 'SHAPE-ZIP'] : [gml.type, 'application/json', 'SHAPE-ZIP'];
}

/**
 * Returns the requested format. Case and blanks are ignored, and so is a `+` that the URL decoded to a blank.
 * @throws Problem InvalidParameterValue
 */
export function readOutputFormat(text: string | undefined, dialect: Dialect): OutputFormat {
  const plain = (name: string) => name.toLowerCase().replace(/[\s+]/g, '');
  const isOne = (names: readonly string[]) => names.some((name) => plain(name) === plain(text ?? ''));
  if (text === undefined || isOne([dialect.gml.type, ...dialect.gml.aliases])) return 'gml';
  if (isOne(JSON_NAMES)) return 'json';
  if (isOne(SHAPEFILE_NAMES)) return 'shapefile';
  const known = outputTypes(dialect).join(', ');
  throw invalid('outputFormat', { vi: `một trong: ${known}`, en: `one of: ${known}` });
}
