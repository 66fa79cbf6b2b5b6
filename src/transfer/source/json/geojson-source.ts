import { parse } from 'node:path';
import { type RawGeometry, toWkb } from '../../../geo/wkb.ts';
import { unreadableFile } from '../../unreadable-file.ts';
import { GrowingBox } from '../row/extent.ts';
import { type Source, type SourceOptions, type SourceRow, UNREADABLE } from '../row/source-row.ts';
import { openText, readStart, type TextFile } from '../text/text-file.ts';
import { TextReader } from '../text/text-reader.ts';
import { JsonSplitter, membersOf } from './json-splitter.ts';
import { JsonType } from './json-type.ts';

/** A feature whose values are still JSON text. GDAL would round numbers, guess dates, and end texts at a NUL. */
interface SourceFeature {
  readonly id: string | undefined;
  readonly geometry: RawGeometry | null;
  readonly properties: ReadonlyMap<string, string>;
}

/** Name of the field for the `id` beside the properties. */
const ID_FIELD = 'id';

/** Returns true if the file is TopoJSON, whose geometries only GDAL can assemble. */
export async function isTopology(file: string): Promise<boolean> {
  return /"type"\s*:\s*"Topology"/.test((await readStart(file, 1 << 16)).toString('latin1'));
}

/**
 * Opens GeoJSON (RFC 7946, with the `crs` of its 2008 version) or a sequence of features. It is read in two passes: for
 * the fields, then for the rows.
 * @throws Problem if the file is neither
 */
export async function openGeoJson(file: string, { encoding, changes }: SourceOptions): Promise<Source> {
  const given = encoding === undefined ? undefined : { name: encoding, isGiven: true };
  const textFile = await openText(file, encoding);
  const text = new TextReader(textFile.isBytes ? given : undefined, changes);
  const cell = (json: string, column: string) => {
    const unicode = text.decode(json, column, textFile.isBytes);
    return text.clean(unicode.startsWith('"') ? (JSON.parse(unicode) as string) : unicode, column);
  };
  const { types, ...survey } = await surveyFile(textFile);
  const keys = [...types.keys()];
  const fields = keys.map((key) => ({
    name: text.readName(key, textFile.isBytes),
    type: types.get(key)?.type() ?? 'text',
  }));
  const name = parse(file).name;
  return {
    ...{ name, fields, text, ...survey },
    rows: (wanted) =>
      readSourceRows(textFile, keys, (json, index) =>
        wanted.has(index) ? cell(json, fields[index]?.name ?? '') : null,
      ),
  };
}

async function surveyFile(file: TextFile) {
  const types = new Map<string, JsonType>();
  const extent = new GrowingBox();
  let featureCount = 0;
  let crs: string | undefined;
  const see = (name: string, json: string) => {
    const type = types.get(name) ?? new JsonType();
    types.set(name, type);
    type.see(json);
  };
  for await (const feature of readSourceFeatures(file, (text) => {
    crs ??= text;
  })) {
    featureCount++;
    if (feature.id !== undefined && !feature.properties.has(ID_FIELD)) see(ID_FIELD, feature.id);
    for (const [name, json] of feature.properties) see(name, json);
    extent.add(feature.geometry);
  }
  return { types, featureCount, extent: extent.box(), srid: sridOfCrs(crs) };
}

async function* readSourceRows(
  file: TextFile,
  keys: readonly string[],
  cell: (json: string, index: number) => string | null,
): AsyncGenerator<SourceRow> {
  let number = 0;
  for await (const { id, geometry, properties } of readSourceFeatures(file)) {
    const values = keys.map((key, index) => {
      const json = properties.get(key) ?? (key === ID_FIELD ? id : undefined);
      return json === undefined || json === 'null' ? null : cell(json, index);
    });
    yield { number: ++number, shape: geometry && (toWkb(geometry) ?? UNREADABLE), values };
  }
}

async function* readSourceFeatures(file: TextFile, onCrs?: (json: string) => void): AsyncGenerator<SourceFeature> {
  const splitter = new JsonSplitter('features');
  let number = 0;
  try {
    for await (const chunk of file.chunks()) {
      for (const piece of splitter.push(chunk)) {
        if (piece.kind === 'feature') yield parseSourceFeature(piece.text, ++number);
        else {
          const crs = piece.members.get('crs');
          if (crs !== undefined) onCrs?.(crs);
          if (!piece.hasFeatures) yield fromDocument(piece.members, ++number);
        }
      }
    }
    splitter.finish();
  } catch (error) {
    throw error instanceof SyntaxError ? unreadableFile(error.message) : error;
  }
}

/** @throws SyntaxError if the text is no feature */
function parseSourceFeature(json: string, number: number): SourceFeature {
  const feature = parseObject(json, number);
  if (feature.type !== 'Feature') throw new SyntaxError(`feature ${number} is no GeoJSON`);
  const { geometry, properties } = feature;
  const members = membersOf(json);
  if (properties && (typeof properties !== 'object' || Array.isArray(properties)))
    throw new SyntaxError(`the properties of feature ${number} are no object`);
  return {
    id: feature.id === undefined || feature.id === null ? undefined : members.get('id'),
    geometry: geometry === undefined || geometry === null ? null : rawGeometry(geometry),
    properties: properties ? membersOf(members.get('properties') ?? '{}') : new Map(),
  };
}

/** Returns the geometry. A value that is no object has no known type, and is later refused as unreadable. */
function rawGeometry(value: unknown): RawGeometry {
  return typeof value === 'object' ? (value as RawGeometry) : {};
}

/** Returns the feature of an object that is no collection: one feature, or one geometry. */
function fromDocument(members: ReadonlyMap<string, string>, number: number): SourceFeature {
  const json = `{${[...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
  const document = parseObject(json, number);
  if (document.type === 'Feature') return parseSourceFeature(json, number);
  if (document.coordinates === undefined && document.geometries === undefined)
    throw new SyntaxError('it is no GeoJSON');
  return { id: undefined, geometry: document as RawGeometry, properties: new Map() };
}

function parseObject(json: string, number: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (value && typeof value === 'object') return value as Record<string, unknown>;
  } catch (error) {
    throw new SyntaxError(`feature ${number}: ${withoutText((error as Error).message)}`);
  }
  throw new SyntaxError(`feature ${number} is no object`);
}

/** Removes the text that the engine quotes in its message, which may name a person. */
function withoutText(message: string): string {
  return /at position \d+/.exec(message)?.[0] ?? 'the JSON is wrong';
}

/** Returns the SRID of `crs` (GeoJSON 2008, §3). Without one it is WGS 84; with null it is unknown. */
function sridOfCrs(json: string | undefined): number | undefined {
  if (json === undefined) return 4326;
  const crs = JSON.parse(json) as { properties?: { name?: unknown; code?: unknown } } | null;
  const name = String(crs?.properties?.name ?? crs?.properties?.code ?? '');
  if (/CRS:?84$/i.test(name)) return 4326;
  return Number(/(?:^|EPSG:.*?)(\d{4,6})$/i.exec(name)?.[1]) || undefined;
}
