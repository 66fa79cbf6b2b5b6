import { chmod, constants, copyFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, parse } from 'node:path';
import { Problem } from '../../lib/errors.ts';
import { unpack } from './archive.ts';

/** Matches files that are a layer by themselves, possibly with sidecar files. */
const MAIN = /\.(shp|geojson|json|geojsonl|geojsons|geojsonseq|ndjson|gpkg|fgb|gml|xml|kml|dxf|dgn|tab|mif)$/i;
/** Matches sidecar files. GDAL's `.gfs` is not one, since it only repeats an earlier guess about a GML. */
const BESIDE = /\.(shx|dbf|prj|cpg|xsd|map|dat|id|ind|mid|gpkg-wal)$/i;

/**
 * Copies the file with its sidecar files, or unpacks an archive, into the folder.
 * @returns the names there
 */
export async function gather(file: string, folder: string): Promise<string[]> {
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
  // Sidecar files take the spelling of the main file, so that PARCELS.DBF beside parcels.shp is found on every system.
  const placed = names.map((name) => parse(file).name + extname(name).toLowerCase());
  for (const [index, name] of names.entries()) {
    const target = join(folder, placed[index] ?? name);
    await copyFile(join(dirname(file), name), target, constants.COPYFILE_FICLONE);
    // GDAL writes to a GeoPackage in WAL mode and to a missing .shx; the original may have been read-only.
    await chmod(target, 0o600);
  }
  return placed;
}

/** Returns the name of an archive's file, with a lower-case extension. Metadata such as `roads.shp.xml` is skipped. */
function place(name: string): string | undefined {
  const { name: stem, ext } = parse(name);
  return BESIDE.test(name) || (MAIN.test(name) && !MAIN.test(stem)) ? stem + ext.toLowerCase() : undefined;
}

/**
 * Returns the file among `names` that holds the map.
 * @throws Problem if there is none, or if there are several and none is named
 */
export function chooseFile(names: readonly string[], wanted: string | undefined): string {
  const main = names.filter((name) => MAIN.test(name));
  const [only] = main;
  if (!only) throw noMain(names);
  const chosen = main.find((name) => parse(name).name === wanted) ?? (main.length === 1 ? only : undefined);
  if (!chosen) throw severalLayers(main.map((name) => parse(name).name));
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
  if (!only) {
    throw new Problem('invalid-body', {
      vi: 'Tệp không có đối tượng nào mang hình học.',
      en: 'The file holds no features with geometry.',
    });
  }
  const named = wanted === undefined ? undefined : layers.find(({ name }) => name === wanted);
  const isOnly = layers.length === 1 && (wanted === undefined || parse(file).name === wanted);
  const chosen = named ?? (isOnly ? only : undefined);
  if (!chosen) throw severalLayers(layers.map(({ name }) => name));
  return chosen;
}

/** Returns the problem that no file has a supported format. */
export function noMain(names: readonly string[]): Problem {
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
