import { ApiError } from './api.ts';
import { readGeoPackage } from './geopackage.ts';
import { t } from './i18n.ts';
import { readCsv, readDxf, readGeoJson, readShp } from './own-formats.ts';
import { fromMetres } from './position.ts';
import { systemOf, type ToDegrees } from './written-system.ts';
import { readMember } from './zip.ts';

const MOST_BYTES = 20_000_000;

/** A file of the person, in degrees. It stays in the browser until a process is asked about it. */
export interface OwnFile {
  readonly name: string;
  readonly features: readonly GeoJSON.Feature[];
}

/** Features of one system; without one, the size of the numbers tells degrees from metres. */
interface SystemFeatures {
  readonly features: readonly GeoJSON.Feature[];
  readonly toDegrees?: ToDegrees;
}

/** Reads a file by the ending of its name. @throws ApiError that says what would be right */
export async function readOwnFile(file: File): Promise<OwnFile> {
  if (file.size > MOST_BYTES) throw new ApiError(t('fileTooLarge'));
  const parts = await readParts(file).catch((error: unknown) => {
    throw error instanceof ApiError ? error : new ApiError(t('fileUnreadable'));
  });
  const features = parts.flatMap(({ features: read, toDegrees = guessed }) =>
    read.map(({ properties, geometry }) => ({
      ...{ type: 'Feature' as const, properties },
      geometry: inDegrees(geometry, toDegrees),
    })),
  );
  if (features.length === 0) throw new ApiError(t('fileEmpty'));
  return { name: file.name, features };
}

async function readParts(file: File): Promise<SystemFeatures[]> {
  const ending = /\.([a-z]+)$/.exec(file.name.toLowerCase())?.[1] ?? '';
  if (ending === 'zip') return readZippedShapes(await file.arrayBuffer());
  if (ending === 'gpkg')
    return readGeoPackage(await file.arrayBuffer()).map(({ geometries, system }) => ({
      features: geometries.map((geometry) => ({ type: 'Feature', properties: {}, geometry })),
      ...namedSystem(system),
    }));
  return [{ features: await readTextFile(file, ending) }];
}

async function readTextFile(file: File, ending: string): Promise<GeoJSON.Feature[]> {
  if (ending === 'kmz') {
    const document = await readMember(await file.arrayBuffer(), '.kml');
    return document ? readKml(new TextDecoder().decode(document)) : [];
  }
  const text = await file.text();
  if (ending === 'kml') return readKml(text);
  if (ending === 'dxf') return readDxf(text);
  if (ending === 'csv' || ending === 'txt') return readCsv(text);
  return readGeoJson(text);
}

async function readZippedShapes(archive: ArrayBuffer): Promise<SystemFeatures[]> {
  const [shapes, system] = await Promise.all([readMember(archive, '.shp'), readMember(archive, '.prj')]);
  const features = shapes ? readShp(shapes) : [];
  return [{ features, ...namedSystem(system && new TextDecoder().decode(system)) }];
}

/** @throws ApiError for a system that cannot be converted: shapes would lie elsewhere */
function namedSystem(wkt: string | undefined): { toDegrees?: ToDegrees } {
  if (wkt === undefined) return {};
  const toDegrees = systemOf(wkt);
  if (!toDegrees) throw new ApiError(`${t('fileSystem')} (${/"([^"]+)"/.exec(wkt)?.[1] ?? '?'})`);
  return { toDegrees };
}

/** Reads points, lines and areas of a KML document. */
function readKml(text: string): GeoJSON.Feature[] {
  const document = new DOMParser().parseFromString(text, 'application/xml');
  if (document.querySelector('parsererror')) throw new SyntaxError('not XML');
  return [...document.getElementsByTagName('Placemark')].flatMap((mark) => {
    const name = mark.getElementsByTagName('name')[0]?.textContent ?? '';
    return kmlGeometries(mark).map((geometry) => ({ type: 'Feature' as const, properties: { name }, geometry }));
  });
}

function kmlGeometries(mark: Element): GeoJSON.Geometry[] {
  const positions = (from: Element): GeoJSON.Position[] =>
    (from.getElementsByTagName('coordinates')[0]?.textContent ?? '')
      .trim()
      .split(/\s+/)
      .map((each) => each.split(',').slice(0, 2).map(Number));
  const rings = (area: Element) => [...area.getElementsByTagName('LinearRing')].map(positions);
  const all = <T>(tag: string, read: (from: Element) => T) => [...mark.getElementsByTagName(tag)].map(read);
  return [
    ...all('Point', (from) => ({ type: 'Point' as const, coordinates: positions(from)[0] ?? [] })),
    ...all('LineString', (from) => ({ type: 'LineString' as const, coordinates: positions(from) })),
    ...all('Polygon', (from) => ({ type: 'Polygon' as const, coordinates: rings(from) })),
  ];
}

/** Converts metres of VN-2000 in the zone of the province; degrees stay as they are. */
const guessed: ToDegrees = ([east, north]) =>
  Math.abs(east) > 180 || Math.abs(north) > 90 ? fromMetres([east, north]) : [east, north];

function inDegrees(geometry: GeoJSON.Geometry, toDegrees: ToDegrees): GeoJSON.Geometry {
  const convert = (part: unknown): unknown => {
    if (!Array.isArray(part)) throw new TypeError('no coordinates');
    if (typeof part[0] !== 'number') return part.map(convert);
    const [east, north] = part as [number, number];
    return [...toDegrees([east, north])];
  };
  if (geometry.type === 'GeometryCollection')
    return { ...geometry, geometries: geometry.geometries.map((each) => inDegrees(each, toDegrees)) };
  return { ...geometry, coordinates: convert(geometry.coordinates) } as GeoJSON.Geometry;
}

/** Joins the areas of a file; without areas its lines, and without lines its points. */
export function joined(features: readonly GeoJSON.Feature[]): GeoJSON.Geometry | undefined {
  const parts = features.flatMap(({ geometry }) =>
    geometry.type === 'GeometryCollection' ? geometry.geometries : [geometry],
  );
  const areas = parts.flatMap((part): GeoJSON.Position[][][] =>
    part.type === 'Polygon' ? [part.coordinates] : part.type === 'MultiPolygon' ? part.coordinates : [],
  );
  if (areas.length > 0) return { type: 'MultiPolygon', coordinates: areas };
  const lines = parts.flatMap((part): GeoJSON.Position[][] =>
    part.type === 'LineString' ? [part.coordinates] : part.type === 'MultiLineString' ? part.coordinates : [],
  );
  if (lines.length > 0) return { type: 'MultiLineString', coordinates: lines };
  const points = parts.flatMap((part): GeoJSON.Position[] =>
    part.type === 'Point' ? [part.coordinates] : part.type === 'MultiPoint' ? part.coordinates : [],
  );
  return points.length > 0 ? { type: 'MultiPoint', coordinates: points } : undefined;
}
