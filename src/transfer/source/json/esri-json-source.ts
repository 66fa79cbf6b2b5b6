import { parse } from 'node:path';
import { toWkb } from '../../../geo/wkb.ts';
import { unreadableFile } from '../../unreadable-file.ts';
import { GrowingBox } from '../row/extent.ts';
import { type Source, type SourceOptions, type SourceRow, UNREADABLE } from '../row/source-row.ts';
import type { Changes } from '../text/changes.ts';
import { openText, readStart, type TextFile } from '../text/text-file.ts';
import { TextReader } from '../text/text-reader.ts';
import { type EsriDimensions, fromEsriGeometry } from './esri-geometry.ts';
import { JsonSplitter, membersOf } from './json-splitter.ts';
import { JsonType } from './json-type.ts';

/** Returns true if the file is a feature set of ArcGIS (ArcGIS REST API, "FeatureSet"), which is no GeoJSON. */
export async function isEsriJson(file: string): Promise<boolean> {
  const start = (await readStart(file, 1 << 16)).toString('latin1').replaceAll('\0', '');
  return /"geometryType"\s*:\s*"esriGeometry/.test(start) || /"attributes"\s*:\s*\{/.test(start);
}

/**
 * Opens a feature set of ArcGIS. It is read in two passes: for the fields, then for the rows.
 * @throws Problem if it is none
 */
export async function openEsriJson(file: string, { encoding, changes }: SourceOptions): Promise<Source> {
  const given = encoding === undefined ? undefined : { name: encoding, isGiven: true };
  const textFile = await openText(file, encoding);
  const text = new TextReader(textFile.isBytes ? given : undefined, changes);
  const { types, dimensions, ...survey } = await surveyEsri(textFile);
  const keys = [...types.keys()];
  const fields = keys.map((key) => ({
    name: text.readName(key, textFile.isBytes),
    type: types.get(key) ?? 'text',
  }));
  const cell = (json: string, index: number) => {
    const { name = '', type } = fields[index] ?? {};
    const unicode = text.decode(json, name, textFile.isBytes);
    if (unicode.startsWith('"')) return text.clean(JSON.parse(unicode) as string, name);
    return type === 'timestamptz' ? esriTime(unicode) : unicode;
  };
  return {
    ...{ name: parse(file).name, fields, text, ...survey },
    rows: (wanted) =>
      esriRows(textFile, { dimensions, changes }, (attributes) =>
        keys.map((key, index) => {
          const json = attributes.get(key);
          return json === undefined || json === 'null' || !wanted.has(index) ? null : cell(json, index);
        }),
      ),
  };
}

/** A feature whose values are JSON text. */
interface EsriFeature {
  readonly attributes: ReadonlyMap<string, string>;
  readonly geometry: object | null;
}

type EsriPiece = EsriFeature | { readonly members: ReadonlyMap<string, string> };

async function surveyEsri(file: TextFile) {
  const seen = new Map<string, JsonType>();
  const extent = new GrowingBox();
  let featureCount = 0;
  let members: ReadonlyMap<string, string> = new Map();
  for await (const piece of esriPieces(file)) {
    if ('members' in piece) members = piece.members;
    else {
      featureCount++;
      for (const [name, json] of piece.attributes) {
        const type = seen.get(name) ?? new JsonType();
        seen.set(name, type);
        type.see(json);
      }
      extent.add(piece.geometry && fromEsriGeometry(piece.geometry, { hasZ: false, hasM: false }));
    }
  }
  const dimensions = { hasZ: members.get('hasZ') === 'true', hasM: members.get('hasM') === 'true' };
  const types = esriTypes(seen, members.get('fields'));
  const notes = members.get('exceededTransferLimit') === 'true' ? [TRUNCATED] : [];
  return {
    types,
    dimensions,
    featureCount,
    extent: extent.box(),
    srid: sridOfEsri(members.get('spatialReference')),
    notes,
  };
}

const TRUNCATED = {
  vi: 'Tệp chỉ có một phần dữ liệu: máy chủ ArcGIS đã cắt bớt (exceededTransferLimit). Hãy tải phần còn lại bằng resultOffset.',
  en: 'The file holds a part of the data: the ArcGIS server cut it off (exceededTransferLimit). Fetch the rest with resultOffset.',
};

/** Types of fields that hold more than their JSON shows, by "esriFieldType…". */
const ESRI_TYPES: Readonly<Record<string, string>> = {
  ...{ Date: 'timestamptz', DateOnly: 'date', TimeOnly: 'time', TimestampOffset: 'timestamptz' },
  ...{ Single: 'double precision', Double: 'double precision', BigInteger: 'bigint' },
  ...{ String: 'text', GUID: 'text', GlobalID: 'text', XML: 'text' },
};

/** Returns the type of each field: the declared one if it holds the values, else one that does. */
function esriTypes(seen: ReadonlyMap<string, JsonType>, fields: string | undefined): Map<string, string> {
  const declared = new Map(
    parseMember<{ name?: string; type?: string }[]>(fields ?? '[]').map(({ name = '', type = '' }) => [
      name,
      ESRI_TYPES[type.replace('esriFieldType', '')],
    ]),
  );
  const names = new Set([...declared.keys(), ...seen.keys()]);
  return new Map(
    [...names].map((name) => {
      const [wanted, found] = [declared.get(name), seen.get(name)?.type()];
      return [name, wanted && holdsType(wanted, found) ? wanted : (found ?? wanted ?? 'text')];
    }),
  );
}

/** Returns true if a column of the type holds JSON values of the type that was found. */
function holdsType(wanted: string, found: string | undefined): boolean {
  if (found === undefined || wanted === 'text') return true;
  if (wanted === 'double precision') return found === wanted || found === 'integer';
  if (wanted === 'bigint') return found === wanted || found === 'integer';
  // A time is a number of milliseconds, or a text; a mixture of both would be text.
  return wanted === 'timestamptz' ? /^(integer|bigint|text)$/.test(found) : /^(text|date)$/.test(found);
}

/** Returns a number of milliseconds since 1970 as a time; other text as it is, so that the cast refuses it. */
function esriTime(json: string): string {
  const time = new Date(Number(json));
  return Number.isNaN(time.getTime()) ? json : time.toISOString();
}

async function* esriRows(
  file: TextFile,
  { dimensions, changes }: { dimensions: EsriDimensions; changes: Changes },
  cells: (attributes: ReadonlyMap<string, string>) => (string | null)[],
): AsyncGenerator<SourceRow> {
  let number = 0;
  for await (const piece of esriPieces(file)) {
    if ('members' in piece) continue;
    const shape = piece.geometry && fromEsriGeometry(piece.geometry, dimensions);
    if (shape && dimensions.hasM) changes.add('unmeasured', undefined);
    yield { number: ++number, shape: shape && (toWkb(shape) ?? UNREADABLE), values: cells(piece.attributes) };
  }
}

async function* esriPieces(file: TextFile): AsyncGenerator<EsriPiece> {
  const splitter = new JsonSplitter('features');
  let number = 0;
  try {
    for await (const chunk of file.chunks()) {
      for (const piece of splitter.push(chunk)) {
        if (piece.kind === 'document') yield { members: piece.members };
        else yield parseEsriFeature(piece.text, ++number);
      }
    }
    splitter.finish();
  } catch (error) {
    throw error instanceof SyntaxError ? unreadableFile(error.message) : error;
  }
}

function parseEsriFeature(json: string, number: number): EsriFeature {
  let geometry: unknown;
  try {
    ({ geometry } = JSON.parse(json) as { geometry?: unknown });
  } catch {
    // The engine's own message quotes the text, which may name a person.
    throw new SyntaxError(`feature ${number} is no JSON`);
  }
  const attributes = membersOf(membersOf(json).get('attributes') ?? '{}');
  return { attributes, geometry: geometry && typeof geometry === 'object' ? geometry : null };
}

/** Codes of Esri that are not EPSG's. */
const ESRI_CODES: Readonly<Record<number, number>> = { 102100: 3857, 102113: 3857 };

function sridOfEsri(json: string | undefined): number | undefined {
  const { wkid, latestWkid } = parseMember<{ wkid?: unknown; latestWkid?: unknown }>(json ?? '{}');
  const code = Number(latestWkid ?? wkid);
  return Number.isInteger(code) && code > 0 ? (ESRI_CODES[code] ?? code) : undefined;
}

/** Parses a member of the feature set, which the splitter did not check. */
function parseMember<T>(json: string): T {
  try {
    return JSON.parse(json) as T;
  } catch {
    throw unreadableFile('a member of the feature set is no JSON');
  }
}
