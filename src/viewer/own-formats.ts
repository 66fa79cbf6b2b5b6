type Position = GeoJSON.Position;
type Feature = GeoJSON.Feature;

/** Reads features of a GeoJSON document: a collection, a feature or a geometry. */
export function readGeoJson(text: string): Feature[] {
  const document = JSON.parse(text) as GeoJSON.GeoJSON;
  if (document.type === 'FeatureCollection') return document.features.filter(({ geometry }) => geometry);
  if (document.type === 'Feature') return document.geometry ? [document] : [];
  return 'coordinates' in document ? [{ type: 'Feature', properties: {}, geometry: document }] : [];
}

/** Names of columns with the easting or the longitude, and with the northing or the latitude, without tone marks. */
const EAST = ['lon', 'lng', 'long', 'longitude', 'kinh do', 'east', 'easting', 'y'];
const NORTH = ['lat', 'latitude', 'vi do', 'north', 'northing', 'x'];

/** Reads points of a table with columns of coordinates. On Vietnamese documents X is the northing. */
export function readCsv(text: string): Feature[] {
  const [head = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const separator = ['\t', ';', ','].find((each) => head.includes(each)) ?? ',';
  const names = cellsOf(head, separator);
  const plain = names.map((name) => plainText(name));
  const east = plain.findIndex((name) => EAST.includes(name));
  const north = plain.findIndex((name) => NORTH.includes(name));
  if (east < 0 || north < 0) return [];
  return lines.flatMap((line): Feature[] => {
    const cells = cellsOf(line, separator);
    const [first, second] = [numberOf(cells[east]), numberOf(cells[north])];
    if (first === undefined || second === undefined) return [];
    // An export in the order of a GIS has the easting, the smaller number here, as X.
    const isSwapped = Math.abs(second) > 180 && second < first;
    const coordinates = isSwapped ? [second, first] : [first, second];
    const properties = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
    return [{ type: 'Feature', properties, geometry: { type: 'Point', coordinates } }];
  });
}

/** Returns a name in lower case without tone marks. */
function plainText(name: string): string {
  const bare = name.trim().toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  return bare.replaceAll('đ', 'd');
}

function cellsOf(line: string, separator: string): string[] {
  const cells = line.match(new RegExp(`("([^"]|"")*"|[^${separator}])*(${separator}|$)`, 'g')) ?? [];
  const isPast = line.endsWith(separator) ? 0 : 1;
  return cells.slice(0, cells.length - isPast || 1).map((cell) => {
    const bare = cell.endsWith(separator) ? cell.slice(0, -1) : cell;
    return bare.startsWith('"') ? bare.slice(1, -1).replaceAll('""', '"') : bare;
  });
}

/** Reads a number with a decimal comma or point. */
function numberOf(text: string | undefined): number | undefined {
  const value = Number((text ?? '').trim().replace(',', '.'));
  return text?.trim() && Number.isFinite(value) ? value : undefined;
}

/** Reads lines, polylines and points of an ASCII DXF drawing. Closed polylines are areas. */
export function readDxf(text: string): Feature[] {
  const rows = text.split(/\r?\n/).map((row) => row.trim());
  const entities: { kind: string; codes: [number, string][] }[] = [];
  for (let index = 0; index + 1 < rows.length; index += 2) {
    const [code, value = ''] = [Number(rows[index]), rows[index + 1]];
    if (code === 0) entities.push({ kind: value, codes: [] });
    else entities.at(-1)?.codes.push([code, value]);
  }
  const features: Feature[] = [];
  for (let index = 0; index < entities.length; index += 1) {
    const { kind = '', codes = [] } = entities[index] ?? {};
    const vertices = kind === 'POLYLINE' ? verticesAfter(entities, index) : positionsOf(codes, 10, 20);
    const geometry = drawn(kind, vertices, codes);
    const layer = codes.find(([code]) => code === 8)?.[1] ?? '';
    if (geometry) features.push({ type: 'Feature', properties: { layer }, geometry });
  }
  return features;
}

type Codes = readonly (readonly [number, string])[];

/** The vertices of an old polyline are entities of their own, up to SEQEND. */
function verticesAfter(entities: readonly { kind: string; codes: Codes }[], index: number): Position[] {
  const rest = entities.slice(index + 1);
  const end = rest.findIndex(({ kind }) => kind !== 'VERTEX');
  return rest.slice(0, end < 0 ? rest.length : end).flatMap(({ codes }) => positionsOf(codes, 10, 20).slice(0, 1));
}

function positionsOf(codes: Codes, east: number, north: number): Position[] {
  const values = (wanted: number) => codes.flatMap(([code, value]) => (code === wanted ? [Number(value)] : []));
  const norths = values(north);
  return values(east).map((value, index) => [value, norths[index] ?? Number.NaN]);
}

function drawn(kind: string, vertices: readonly Position[], codes: Codes): GeoJSON.Geometry | undefined {
  if (kind === 'POINT') return vertices[0] && { type: 'Point', coordinates: vertices[0] };
  const line = kind === 'LINE' ? [...vertices, ...positionsOf(codes, 11, 21)] : [...vertices];
  if (!['LINE', 'LWPOLYLINE', 'POLYLINE'].includes(kind) || line.length < 2) return undefined;
  const isClosed = codes.some(([code, value]) => code === 70 && (Number(value) & 1) === 1);
  const [first] = line;
  if (!isClosed || !first || line.length < 3) return { type: 'LineString', coordinates: line };
  return { type: 'Polygon', coordinates: [[...line, first]] };
}

/** Reads the geometries of a `.shp` file (ESRI Shapefile Technical Description, 1998): points, lines and areas. */
export function readShp(bytes: Uint8Array<ArrayBuffer>): Feature[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const features: Feature[] = [];
  for (let at = 100; at + 12 <= view.byteLength; ) {
    const length = view.getInt32(at + 4) * 2;
    const geometry = shapeAt(view, at + 8);
    if (geometry) features.push({ type: 'Feature', properties: {}, geometry });
    at += 8 + length;
  }
  return features;
}

function shapeAt(view: DataView, at: number): GeoJSON.Geometry | undefined {
  // Types of 10 more have heights, of 20 more measures; both lie behind the coordinates.
  const type = view.getInt32(at, true) % 10;
  const position = (from: number): Position => [view.getFloat64(from, true), view.getFloat64(from + 8, true)];
  if (type === 1) return { type: 'Point', coordinates: position(at + 4) };
  if (type !== 3 && type !== 5) return undefined;
  const [parts, points] = [view.getInt32(at + 36, true), view.getInt32(at + 40, true)];
  const starts = Array.from({ length: parts }, (_, index) => view.getInt32(at + 44 + index * 4, true));
  const from = at + 44 + parts * 4;
  const all = Array.from({ length: points }, (_, index) => position(from + index * 16));
  const lines = starts.map((start, index) => all.slice(start, starts[index + 1] ?? points));
  if (type === 3) return { type: 'MultiLineString', coordinates: lines };
  return { type: 'MultiPolygon', coordinates: areasOf(lines) };
}

/** Rings that run clockwise are outer ones; the others are holes of the outer ring before them. */
function areasOf(rings: readonly Position[][]): Position[][][] {
  const areas: Position[][][] = [];
  for (const ring of rings) {
    const last = areas.at(-1);
    if (last && signedArea(ring) > 0) last.push(ring);
    else areas.push([ring]);
  }
  return areas;
}

function signedArea(ring: readonly Position[]): number {
  const [[x0 = 0, y0 = 0] = []] = ring;
  return ring.reduce((sum, [x = 0, y = 0], index) => {
    const [nextX = 0, nextY = 0] = ring[(index + 1) % ring.length] ?? [];
    return sum + (x - x0) * (nextY - y0) - (nextX - x0) * (y - y0);
  }, 0);
}
