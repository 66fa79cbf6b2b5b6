import { chmod, constants, copyFile, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, parse } from 'node:path';
import { Problem } from '../errors.ts';
import type { BBox } from '../geo/bbox.ts';
import { unpack } from './archive.ts';
import { Gdal, type GdalInfo, type GdalLayer } from './gdal.ts';

/** GDAL's drivers whose files are taken. Others (pictures, CSV, VRT, which points elsewhere) are not. */
const DRIVERS = new Set(
  'GeoJSON,GeoJSONSeq,TopoJSON,ESRI Shapefile,GPKG,FlatGeobuf,GML,KML,LIBKML,DXF,DGN,MapInfo File'.split(','),
);
/** A file that stands for a layer by itself, and what may lie beside it. */
const MAIN = /\.(shp|geojson|json|geojsonl|gpkg|fgb|gml|xml|kml|dxf|dgn|tab|mif)$/i;
const BESIDE = /\.(shx|dbf|prj|cpg|xsd|gfs|map|dat|id|ind|mid)$/i;

export interface SourceOptions {
  readonly sourceLayer?: string | undefined;
  /** The text is in an encoding that was told: drivers that can, give its bytes. */
  readonly isEncodingTold: boolean;
}

/** A layer of a file, read by GDAL and written down as text, ready to be loaded. */
export interface Source {
  readonly layer: GdalLayer;
  readonly extent: BBox | undefined;
  /** Path of the text, for {@link readDump}. */
  readonly dump: string;
  readonly isRaw: boolean;
  /** Removes what was written on the way. */
  close(): Promise<void>;
}

/** @throws Problem where the file cannot be read, or holds several layers and none was named */
export async function openSource(file: string, options: SourceOptions): Promise<Source> {
  const folder = await mkdtemp(join(tmpdir(), 'diaba-import-'));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    return { ...(await readSource(file, folder, options)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readSource(file: string, folder: string, options: SourceOptions): Promise<Omit<Source, 'close'>> {
  const inFolder = join(folder, 'in');
  const outFolder = join(folder, 'out');
  await Promise.all([mkdir(inFolder), mkdir(outFolder)]);
  const names = await gather(file, inFolder);
  const name = chooseFile(names, options.sourceLayer);
  const gdal = new Gdal({ outFolder, settings: settingsOf(name, names, options) });
  try {
    const info = await gdal.inspect(join(inFolder, name), options.isEncodingTold ? openOptionsOf(name) : []);
    const layer = chooseLayer(info, name, options.sourceLayer);
    const isRaw = options.isEncodingTold && /ESRI Shapefile|DXF/.test(info.driverShortName);
    return { layer, extent: extentOf(layer), dump: await gdal.dump(layer), isRaw };
  } finally {
    await gdal.close();
  }
}

/** GDAL works on a copy: it may write beside its input (.gfs, .shx, a GeoPackage's journal). Returns the names. */
async function gather(file: string, folder: string): Promise<string[]> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) {
    throw new Problem('not-found', {
      vi: `Không có tệp "${basename(file)}", hoặc không được quyền đọc.`,
      en: `There is no file "${basename(file)}", or it may not be read.`,
    });
  }
  if (/\.(zip|kmz|shz)$/i.test(file)) return unpack(file, folder, (name) => place(name));
  const stem = parse(file).name.toLowerCase();
  const beside = (await readdir(dirname(file))).filter((name) => parse(name).name.toLowerCase() === stem);
  const names = [basename(file), ...beside.filter((name) => BESIDE.test(name) && name !== basename(file))];
  // Siblings take the file's own spelling: PARCELS.DBF beside parcels.shp is found on every system.
  const placed = names.map((name) => parse(file).name + extname(name).toLowerCase());
  for (const [index, name] of names.entries()) {
    const target = join(folder, placed[index] ?? name);
    await copyFile(join(dirname(file), name), target, constants.COPYFILE_FICLONE);
    // A GeoPackage left in WAL mode, and a missing .shx, are written to: the original may have been read-only.
    await chmod(target, 0o600);
  }
  return placed;
}

/** Files of an archive that count, their extensions in lower case; metadata such as `roads.shp.xml` does not. */
function place(name: string): string | undefined {
  const { name: stem, ext } = parse(name);
  return BESIDE.test(name) || (MAIN.test(name) && !MAIN.test(stem)) ? stem + ext.toLowerCase() : undefined;
}

function chooseFile(names: readonly string[], wanted: string | undefined): string {
  const main = names.filter((name) => MAIN.test(name));
  const [only] = main;
  if (!only) throw noMain(names);
  const chosen = main.find((name) => parse(name).name === wanted) ?? (main.length === 1 ? only : undefined);
  if (!chosen) throw severalLayers(main.map((name) => parse(name).name));
  return chosen;
}

function noMain(names: readonly string[]): Problem {
  const found = names.length ? names.slice(0, 5).join(', ') : '–';
  return new Problem('unsupported-media-type', {
    vi: `Không thấy tệp bản đồ nào đọc được (có: ${found}). Shapefile cần tệp .shp cùng .shx, .dbf; MapInfo cần .tab hoặc .mif. Nhận: .shp, .zip, .geojson, .json, .gpkg, .fgb, .gml, .kml, .kmz, .dxf, .dgn, .tab, .mif.`,
    en: `No readable map file is there (found: ${found}). A shapefile needs its .shp with .shx and .dbf; MapInfo needs the .tab or .mif. Taken: .shp, .zip, .geojson, .json, .gpkg, .fgb, .gml, .kml, .kmz, .dxf, .dgn, .tab, .mif.`,
  });
}

function severalLayers(names: readonly string[]): Problem {
  const list = names.slice(0, 20).join(', ');
  return new Problem(
    'invalid-parameter',
    {
      vi: `Tệp có nhiều lớp: ${list}. Hãy chọn một lớp bằng --source-layer.`,
      en: `The file holds several layers: ${list}. Choose one with --source-layer.`,
    },
    { parameter: 'sourceLayer', candidates: names },
  );
}

function chooseLayer(info: GdalInfo, file: string, wanted: string | undefined): GdalLayer {
  if (!DRIVERS.has(info.driverShortName)) throw noMain([file]);
  const layers = info.layers.filter(({ geometryFields }) => geometryFields.length > 0);
  const [only] = layers;
  if (!only) {
    throw new Problem('invalid-body', {
      vi: 'Tệp không có đối tượng nào mang hình học.',
      en: 'The file holds no features with geometry.',
    });
  }
  const named = wanted === undefined ? undefined : layers.find(({ name }) => name === wanted);
  // A shapefile chosen out of an archive by its name has that one layer.
  const single = layers.length === 1 && (wanted === undefined || parse(file).name === wanted) ? only : undefined;
  const chosen = named ?? single;
  if (!chosen) throw severalLayers(layers.map(({ name }) => name));
  return chosen;
}

function settingsOf(name: string, names: readonly string[], { isEncodingTold }: SourceOptions): Record<string, string> {
  const stem = parse(name).name;
  return {
    // Only where it is missing: with the option set, GDAL rebuilds an index that is there.
    ...(names.includes(`${stem}.shx`) ? {} : { SHAPE_RESTORE_SHX: 'YES' }),
    ...(isEncodingTold ? { DXF_ENCODING: 'ISO-8859-1' } : {}),
  };
}

/** Bytes as they are, one character each, whatever the .dbf or .cpg claims. */
function openOptionsOf(name: string): string[] {
  return name.endsWith('.shp') ? ['ENCODING=ISO-8859-1'] : [];
}

function extentOf({ geometryFields }: GdalLayer): BBox | undefined {
  const [minX, minY, maxX, maxY] = geometryFields[0]?.extent ?? [];
  return minX === undefined ||
    minY === undefined ||
    maxX === undefined ||
    maxY === undefined ||
    !Number.isFinite(minX + minY + maxX + maxY)
    ? undefined
    : [minX, minY, maxX, maxY];
}
