import { mkdtemp } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { Problem, type Text } from '../../lib/errors.ts';
import { openWorkspace } from '../workspace.ts';
import { refuseForeign } from './files/foreign-format.ts';
import { chooseFile, gather, mapFiles, SeveralLayers } from './files/gather.ts';
import { openWithGdal } from './gdal/gdal-source.ts';
import { isEsriJson, openEsriJson } from './json/esri-json-source.ts';
import { isTopology, openGeoJson } from './json/geojson-source.ts';
import { openKml } from './kml/kml-source.ts';
import { openGeoParquet } from './parquet/geoparquet-source.ts';
import { joinSources } from './register/joined-source.ts';
import { openKeyedTable } from './register/register-table.ts';
import type { KeyColumns, Source, SourceFiles, SourceOptions } from './row/source-row.ts';
import { openCsv } from './table/csv-sheet.ts';
import { openTable } from './table/table-source.ts';
import { openWorkbook } from './table/workbook-sheets.ts';

/** The files of an import. */
export interface GivenFiles {
  /** Maps, read as one. */
  readonly maps: readonly string[];
  /** A table without geometries whose rows belong to the features of the maps. */
  readonly register?: { readonly file: string; readonly keyColumns: KeyColumns } | undefined;
}

/** The open layers of an import. */
export interface OpenSources {
  /** undefined without a map. */
  readonly features: Source | undefined;
  readonly register: Source | undefined;
  /** An empty folder for derived files, which is removed afterwards. */
  readonly folder: string;
}

/**
 * Runs `work` with a layer of each file, or with all of them, as one, and removes all temporary files afterwards.
 * @throws Problem if a file cannot be read, or if it holds several layers and none is named
 */
export async function withSources<T>(
  { maps, register }: GivenFiles,
  options: SourceOptions,
  work: (sources: OpenSources) => Promise<T>,
): Promise<T> {
  const workspace = await openWorkspace();
  try {
    const newFolder = (name: string) => mkdtemp(join(workspace.folder, `${name}-`));
    const sources: Source[] = [];
    for (const file of maps) {
      const folders = { inFolder: await newFolder('in'), outFolder: await newFolder('out') };
      const found = await openLayersOf(file, folders, options);
      // The name of the file tells sheets apart; many formats name their only layer alike.
      const isSheet = maps.length > 1 && found.length === 1;
      sources.push(...found.map((source) => (isSheet ? { ...source, name: parse(file).name } : source)));
    }
    const features = sources.length ? joinSources(sources) : undefined;
    const table = register && (await openRegisterFile(register, await newFolder('register'), options));
    return await work({ features, register: table, folder: await newFolder('work') });
  } finally {
    await workspace.remove();
  }
}

/** {@link withSources} for one file. */
export function withSource<T>(file: string, options: SourceOptions, work: (source: Source) => Promise<T>): Promise<T> {
  return withSources({ maps: [file] }, options, ({ features }) => work(features as Source));
}

interface Folders {
  readonly inFolder: string;
  readonly outFolder: string;
}

/** Opens the wanted layers of one file or archive. */
async function openLayersOf(file: string, { inFolder, outFolder }: Folders, options: SourceOptions): Promise<Source[]> {
  const { names, unread } = await gather(file, inFolder);
  const filesOf = (name: string) => ({ file: join(inFolder, name), names, outFolder });
  const sources: Source[] = [];
  if (!options.allLayers) sources.push(await openSource(filesOf(chooseFile(names, options.sourceLayer)), options));
  else for (const name of mapFiles(names)) sources.push(...(await openLayers(filesOf(name), options)));
  return sources.map((source, index) =>
    index === 0 ? { ...source, notes: [...unreadNote(unread), ...(source.notes ?? [])] } : source,
  );
}

/** Matches the files of registers. */
const REGISTER = /\.(csv|tsv|xlsx|xlsm|dbf|gpkg)$/i;

/** @throws Problem if the table is not there, or if it is no register */
async function openRegisterFile(
  { file, keyColumns }: NonNullable<GivenFiles['register']>,
  folder: string,
  options: SourceOptions,
): Promise<Source> {
  const { names } = await gather(file, folder);
  const outFolder = await mkdtemp(join(folder, 'out-'));
  const [name = ''] = names;
  if (!REGISTER.test(name)) throw noRegisterTable();
  return openSource({ file: join(folder, name), names, outFolder }, { ...options, sourceLayer: undefined, keyColumns });
}

function noRegisterTable(): Problem {
  return new Problem('unsupported-media-type', {
    vi: 'Sổ kèm theo (--register) phải là tệp .csv, .tsv, .xlsx, .dbf hoặc .gpkg.',
    en: 'A register (--register) must be a .csv, .tsv, .xlsx, .dbf or .gpkg.',
  });
}

function unreadNote(names: readonly string[]): Text[] {
  if (!names.length) return [];
  const list = names.slice(0, 20).join(', ');
  return [{ vi: `Tệp trong zip không được đọc: ${list}.`, en: `Files of the zip that were not read: ${list}.` }];
}

/** Opens every layer of a file. Each has a folder of its own for derived files. */
async function openLayers(files: SourceFiles, options: SourceOptions): Promise<Source[]> {
  const open = async (sourceLayer: string | undefined) => {
    const outFolder = await mkdtemp(join(files.outFolder, 'layer-'));
    return openSource({ ...files, outFolder }, { ...options, sourceLayer });
  };
  try {
    return [await open(undefined)];
  } catch (error) {
    if (!(error instanceof SeveralLayers)) throw error;
    const sources: Source[] = [];
    for (const name of error.names) sources.push(await open(name));
    return sources;
  }
}

async function openSource(files: SourceFiles, options: SourceOptions): Promise<Source> {
  const source = await openFile(files, options);
  return options.keyColumns ? attributesOnly(source) : source;
}

/** Returns the rows of a source without their geometries. */
function attributesOnly(source: Source): Source {
  async function* rows(wanted: ReadonlySet<number>) {
    for await (const row of source.rows(wanted)) yield { ...row, shape: null };
  }
  return { ...source, srid: undefined, extent: undefined, rows };
}

async function openFile(files: SourceFiles, options: SourceOptions): Promise<Source> {
  const { file } = files;
  const isWorkbook = /\.xls[xm]$/i.test(file);
  if (!/\.gdb$/i.test(file)) await refuseForeign(file, isWorkbook);
  const openSheets = options.keyColumns ? openKeyedTable : openTable;
  if (isWorkbook) return openSheets(await openWorkbook(file, files.outFolder), file, options);
  if (/\.[ct]sv$/i.test(file)) return openSheets([await openCsv(file, options.encoding)], file, options);
  if (/\.kml$/i.test(file)) return openKml(file, options);
  if (/\.(geo)?parquet$/i.test(file)) return openGeoParquet(file, options);
  if (!/\.(geojson|json|geojsonl|geojsons|geojsonseq|ndjson)$/i.test(file)) return openWithGdal(files, options);
  if (await isEsriJson(file)) return openEsriJson(file, options);
  return (await isTopology(file)) ? openWithGdal(files, options) : openGeoJson(file, options);
}
