import { access, chmod, constants, copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, parse } from 'node:path';
import { Problem, type Text } from '../../../lib/errors.ts';
import { unpack } from './archive.ts';
import { refuseForeign } from './foreign-format.ts';

/** Matches files that are a layer by themselves, possibly with sidecar files. */
const MAIN =
  /\.(shp|geojson|json|geojsonl|geojsons|geojsonseq|ndjson|gpkg|fgb|gml|xml|kml|dxf|dgn|tab|mif|gdb|parquet|geoparquet)$/i;
/** Matches tables, which count as maps only where an archive has no other. */
const TABLE = /\.(csv|tsv|xlsx|xlsm)$/i;
/** Matches tables that come with a map, and count by themselves only where an archive has nothing else. */
const LONE_TABLE = /\.dbf$/i;
/** Matches sidecar files. GDAL's `.gfs` is not one, since it only repeats an earlier guess about a GML. */
const BESIDE = /\.(shx|dbf|prj|cpg|xsd|map|dat|id|ind|mid|gpkg-wal)$/i;

/** Matches a file of a file geodatabase, which is a folder. */
const GEODATABASE_FILE = /^(a[0-9a-f]{8}\.(gdbtable|gdbtablx|gdbindexes|spx|atx|freelist|horizon)|gdb|timestamps)$/i;

/** Matches files of an archive that may hold data, but are not read. */
const UNREAD = /\.(dwg|kmz|zip|rar|7z|xls|ods|mdb|itf|xtf)$/i;

/** The files of an import. */
export interface Gathered {
  /** Names in the folder. */
  readonly names: readonly string[];
  /** Names of the archive's files that may hold data and are not read. */
  readonly unread: readonly string[];
}

/** Copies the file with its sidecar files, or unpacks an archive, into the folder. */
export async function gather(file: string, folder: string): Promise<Gathered> {
  const found = await stat(file).catch(() => undefined);
  const isReadable = await access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
  const isGeodatabase = found?.isDirectory() && /\.gdb$/i.test(file);
  if (!(found?.isFile() || isGeodatabase) || !isReadable) {
    throw new Problem('not-found', {
      vi: `Không có tệp "${basename(file)}", hoặc không được quyền đọc.`,
      en: `There is no file "${basename(file)}", or it may not be read.`,
    });
  }
  if (isGeodatabase) return { names: await copyGeodatabase(file, folder), unread: [] };
  const isArchive = /\.(zip|kmz|shz)$/i.test(file);
  await refuseForeign(file, isArchive || /\.xls[xm]$/i.test(file));
  if (isArchive) return unpackMap(file, folder);
  const stem = parse(file).name.toLowerCase();
  const beside = (await readdir(dirname(file))).filter((name) => parse(name).name.toLowerCase() === stem);
  // Of files that differ in case only, the one that is spelt like the main file is copied last.
  beside.sort((a, b) => Number(parse(a).name === parse(file).name) - Number(parse(b).name === parse(file).name));
  const names = [basename(file), ...beside.filter((name) => BESIDE.test(name) && name !== basename(file))];
  // Sidecar files take the spelling of the main file, so that PARCELS.DBF beside parcels.shp is found on every system.
  const placed = names.map((name) => parse(file).name + extname(name).toLowerCase());
  for (const [index, name] of names.entries()) {
    const target = join(folder, placed[index] ?? name);
    await copyFile(join(dirname(file), name), target, constants.COPYFILE_FICLONE);
    // GDAL writes to a GeoPackage in WAL mode and to a missing .shx; the original may have been read-only.
    await chmod(target, 0o600);
  }
  return { names: placed, unread: [] };
}

/** Copies the files of a file geodatabase, without locks of other programs. */
async function copyGeodatabase(file: string, folder: string): Promise<string[]> {
  const name = `${parse(file).name}.gdb`;
  await mkdir(join(folder, name));
  for (const each of await readdir(file)) {
    if (!GEODATABASE_FILE.test(each)) continue;
    await copyFile(join(file, each), join(folder, name, each), constants.COPYFILE_FICLONE);
    await chmod(join(folder, name, each), 0o600);
  }
  return [name];
}

/** Most files of an archive without a map that are looked at for what they are. */
const MOST_LOOKED_AT = 20;

/** @throws Problem if the archive holds no map; it says what the files in it are */
async function unpackMap(file: string, folder: string): Promise<Gathered> {
  const unread: string[] = [];
  const unpacked = await unpack(file, folder, (name) => {
    if (UNREAD.test(name)) unread.push(name);
    return place(name);
  });
  // The files of a file geodatabase are one map.
  const names = [...new Set(unpacked.map((name) => name.split('/')[0] ?? name))];
  if (names.some((name) => MAIN.test(name)))
    return { names, unread: [...unread, ...names.filter((name) => TABLE.test(name))] };
  if (names.some((name) => TABLE.test(name) || LONE_TABLE.test(name))) return { names, unread };
  let count = 0;
  const found = await unpack(file, folder, (name) => (count++ < MOST_LOOKED_AT ? name : undefined));
  for (const name of found) await refuseForeign(join(folder, name));
  throw noMain(found);
}

const isMap = (name: string) => MAIN.test(name) || TABLE.test(name);

/**
 * Returns the name of an archive's file, with a lower-case extension. Metadata such as `roads.shp.xml` is skipped. Files
 * of a file geodatabase keep their folder, and get one if they have none.
 */
function place(name: string): string | undefined {
  const [, geodatabase = 'data.gdb', part = name] = /^(.+\.gdb)__([^_]+)$/i.exec(name) ?? [];
  if (GEODATABASE_FILE.test(part)) return `${geodatabase.slice(0, -4)}.gdb/${part}`;
  const { name: stem, ext } = parse(name);
  return BESIDE.test(name) || (isMap(name) && !MAIN.test(stem)) ? stem + ext.toLowerCase() : undefined;
}

/**
 * Returns the files among `names` that hold maps.
 * @throws Problem if there is none
 */
export function mapFiles(names: readonly string[]): string[] {
  for (const kind of [MAIN, TABLE, LONE_TABLE]) {
    const found = names.filter((name) => kind.test(name));
    if (found.length) return found;
  }
  throw noMain(names);
}

/**
 * Returns the file among `names` that holds the map.
 * @throws Problem if there is none, or if there are several and none is named
 */
export function chooseFile(names: readonly string[], wanted: string | undefined): string {
  const main = mapFiles(names);
  const [only = ''] = main;
  const chosen = main.find((name) => parse(name).name === wanted) ?? (main.length === 1 ? only : undefined);
  if (!chosen) throw new SeveralLayers(main.map((name) => parse(name).name));
  return chosen;
}

/**
 * Returns the named layer, or the only one. A layer chosen from an archive by its file's name is that file's only
 * layer.
 * @throws Problem if there is none, or if there are several and none is named
 */
export function chooseLayer<L extends { readonly name: string }>(
  layers: readonly L[],
  file: string,
  wanted: string | undefined,
): L {
  const [only] = layers;
  if (!only) throw noGeometries();
  const named = wanted === undefined ? undefined : layers.find(({ name }) => name === wanted);
  const isOnly = layers.length === 1 && (wanted === undefined || parse(file).name === wanted);
  const chosen = named ?? (isOnly ? only : undefined);
  if (!chosen) throw new SeveralLayers(layers.map(({ name }) => name));
  return chosen;
}

/** Returns the problem of a file or a layer without geometries. */
export function noGeometries(): Problem {
  return new Problem('invalid-body', {
    vi: `Tệp không có đối tượng nào mang hình học. ${USE_UPDATE.vi}`,
    en: `The file holds no features with geometry. ${USE_UPDATE.en}`,
  });
}

/** Advice for a table without geometries. */
export const USE_UPDATE: Text = {
  vi: 'Để sửa thuộc tính của các đối tượng đã có trong lớp, dùng --mode update.',
  en: 'To change attributes of features that the layer has, use --mode update.',
};

/** Returns the problem that no file has a supported format. */
export function noMain(names: readonly string[]): Problem {
  const found = names.length ? names.slice(0, 5).join(', ') : '–';
  return new Problem('unsupported-media-type', {
    vi: `Không thấy tệp bản đồ nào đọc được (có: ${found}). Shapefile cần tệp .shp cùng .shx, .dbf; MapInfo cần .tab hoặc .mif. Nhận: .shp, .zip, .geojson, .json, .gpkg, .fgb, .gml, .kml, .kmz, .dxf, .dgn, .tab, .mif, .gdb, .parquet, .csv, .xlsx.`,
    en: `No readable map file is there (found: ${found}). A shapefile needs its .shp with .shx and .dbf; MapInfo needs the .tab or .mif. Taken: .shp, .zip, .geojson, .json, .gpkg, .fgb, .gml, .kml, .kmz, .dxf, .dgn, .tab, .mif, .gdb, .parquet, .csv, .xlsx.`,
  });
}

/** The problem of a file with several layers, none of which is named. */
export class SeveralLayers extends Problem {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    const list = names.slice(0, 20).join(', ');
    super(
      'invalid-parameter',
      {
        vi: `Tệp có nhiều lớp: ${list}. Hãy chọn một lớp bằng --source-layer, hoặc nhập tất cả bằng --all-layers.`,
        en: `The file holds several layers: ${list}. Choose one with --source-layer, or take all with --all-layers.`,
      },
      { parameter: 'sourceLayer', candidates: names },
    );
    this.names = names;
  }
}
