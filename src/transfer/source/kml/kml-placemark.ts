import type { RawGeometry } from '../../../geo/wkb.ts';

/** An element of a KML, without its prefix. */
export interface KmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: KmlElement[];
  text: string;
}

/** Elements of a placemark whose text is a value (OGC 12-007r2 §9). */
const PLAIN = new Set(['name', 'description', 'address', 'phoneNumber', 'Snippet', 'snippet']);

/** Returns names and texts of a placemark, in the order of the file. A repeated name gets a number: `name_2`. */
export function valuesOf(placemark: KmlElement): Map<string, string> {
  const values = new Map<string, string>();
  const add = (name: string, text: string) => {
    let free = name;
    for (let count = 2; values.has(free); count++) free = `${name}_${count}`;
    values.set(free, text);
  };
  for (const child of placemark.children) {
    if (PLAIN.has(child.name)) add(child.name, child.text);
    else if (child.name === 'TimeStamp') addTexts(child, { when: 'timestamp' }, add);
    else if (child.name === 'TimeSpan') addTexts(child, { begin: 'begin', end: 'end' }, add);
    else if (child.name === 'ExtendedData') for (const data of child.children) addData(data, add);
  }
  return values;
}

type Add = (name: string, text: string) => void;

function addTexts({ children }: KmlElement, names: Readonly<Record<string, string>>, add: Add): void {
  for (const { name, text } of children) {
    const field = names[name];
    if (field) add(field, text);
  }
}

/** Adds the values of `Data`, `SchemaData`, or an element of another namespace (§9.2 to 9.5). */
function addData({ name, attributes, children, text }: KmlElement, add: Add): void {
  if (name === 'Data') add(attributes.name ?? name, children.find((child) => child.name === 'value')?.text ?? '');
  else if (name === 'SchemaData') {
    for (const data of children) if (data.name === 'SimpleData') add(data.attributes.name ?? data.name, data.text);
  } else add(name, text);
}

const KML_SHAPES = ['Point', 'LineString', 'LinearRing', 'Polygon', 'MultiGeometry', 'Track', 'MultiTrack', 'Model'];

/** Returns the geometry of a placemark as GeoJSON; null if it has none. */
export function placemarkGeometry({ children }: KmlElement): RawGeometry | null {
  const found = children.find(({ name }) => KML_SHAPES.includes(name));
  return found ? toGeometry(found) : null;
}

function toGeometry(element: KmlElement): RawGeometry {
  const { name, children } = element;
  if (name === 'Point') return { type: 'Point', coordinates: readKmlPositions(element)[0] ?? [] };
  if (name === 'LineString' || name === 'LinearRing')
    return { type: 'LineString', coordinates: readKmlPositions(element) };
  if (name === 'Polygon') return { type: 'Polygon', coordinates: readKmlRings(element) };
  if (name === 'Track') return { type: 'LineString', coordinates: kmlTexts(element, 'coord').map(toPosition) };
  if (name === 'Model') return { type: 'Point', coordinates: locationOf(element) };
  return collect(children.filter((child) => KML_SHAPES.includes(child.name)).map(toGeometry));
}

/** Joins geometries of one type to a MULTI geometry, others to a collection. */
function collect(parts: readonly RawGeometry[]): RawGeometry {
  const [first] = parts;
  const isAlike = first && /^(Point|LineString|Polygon)$/.test(String(first.type));
  if (!isAlike || parts.some(({ type }) => type !== first.type))
    return { type: 'GeometryCollection', geometries: parts };
  return { type: `Multi${first.type}`, coordinates: parts.map(({ coordinates }) => coordinates) };
}

/** Returns the rings with the outer one first, wherever the file has it. */
function readKmlRings({ children }: KmlElement): number[][][] {
  const boundaries = (name: string) => children.filter((child) => child.name === name);
  return [...boundaries('outerBoundaryIs'), ...boundaries('innerBoundaryIs')].flatMap((boundary) =>
    boundary.children.filter(({ name }) => name === 'LinearRing').map(readKmlPositions),
  );
}

function kmlTexts({ children }: KmlElement, name: string): string[] {
  return children.flatMap((child) => (child.name === name ? [child.text] : []));
}

/** Parses `lon,lat[,height]`, separated by spaces. Some software writes a space after the comma too. */
function readKmlPositions(element: KmlElement): number[][] {
  const text = kmlTexts(element, 'coordinates').join(' ');
  const tuples = text
    .replace(/\s*,\s*/g, ',')
    .split(/\s+/)
    .filter(Boolean);
  return level(tuples.map((tuple) => tuple.split(',').map(kmlNumber)));
}

/** Fills in heights: an omitted one is 0 (§10.5). */
function level(positions: readonly number[][]): number[][] {
  const size = Math.max(...positions.map(({ length }) => length), 0);
  return positions.map((position) => (position.length === size || position.length < 2 ? position : [...position, 0]));
}

function toPosition(text: string): number[] {
  return text.trim().split(/\s+/).map(kmlNumber);
}

function locationOf({ children }: KmlElement): number[] {
  const location = children.find(({ name }) => name === 'Location');
  const [lon, lat, height] = ['longitude', 'latitude', 'altitude'].map((name) =>
    kmlNumber((location && kmlTexts(location, name)[0]) ?? ''),
  ) as [number, number, number];
  return Number.isNaN(height) ? [lon, lat] : [lon, lat, height];
}

/** Returns NaN for text that is no number, by which the geometry becomes unreadable. */
function kmlNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
