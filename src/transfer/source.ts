import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BBox } from '../geo/bbox.ts';
import type { Changes } from './changes.ts';
import { chooseFile, gather } from './gather.ts';
import { openWithGdal } from './gdal-source.ts';
import { isTopology, openGeoJson } from './geojson-source.ts';
import { openKml } from './kml-source.ts';
import type { SourceField, SourceRow } from './source-row.ts';
import type { TextReader } from './text-reader.ts';
import { openWorkspace } from './workspace.ts';

export interface SourceOptions {
  readonly sourceLayer?: string | undefined;
  /** Of the text, as the one who imports says it. */
  readonly encoding: string | undefined;
  /** Counts what is changed while the file is read. */
  readonly changes: Changes;
}

/** A layer of a file, ready to be read. */
export interface Source {
  readonly name: string;
  /** What the file claims, where it was not counted. */
  readonly featureCount: number;
  readonly fields: readonly SourceField[];
  /** EPSG code of the coordinates; undefined: the file does not say it. */
  readonly srid: number | undefined;
  readonly extent: BBox | undefined;
  readonly text: TextReader;
  /** @param wanted positions of `fields`; the others are null */
  rows(wanted: ReadonlySet<number>): AsyncIterable<SourceRow>;
}

/** Files of a layer, copied to where they may be written to. */
export interface SourceFiles {
  /** The one that holds the map. */
  readonly file: string;
  /** Names of all. */
  readonly names: readonly string[];
  /** An empty folder for what is made of them. */
  readonly outFolder: string;
}

/**
 * Runs `work` with a layer of the file. Whatever is written on the way is gone afterwards.
 * @throws Problem where the file cannot be read, or holds several layers and none was named
 */
export async function withSource<T>(
  file: string,
  options: SourceOptions,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  const workspace = await openWorkspace();
  try {
    const [inFolder, outFolder] = [join(workspace.folder, 'in'), join(workspace.folder, 'out')];
    await Promise.all([mkdir(inFolder), mkdir(outFolder)]);
    const names = await gather(file, inFolder);
    const name = chooseFile(names, options.sourceLayer);
    return await work(await openSource({ file: join(inFolder, name), names, outFolder }, options));
  } finally {
    await workspace.remove();
  }
}

async function openSource(files: SourceFiles, options: SourceOptions): Promise<Source> {
  if (/\.kml$/i.test(files.file)) return openKml(files.file, options);
  const isGeoJson = /\.(geojson|json|geojsonl|geojsons|geojsonseq|ndjson)$/i.test(files.file);
  return isGeoJson && !(await isTopology(files.file)) ? openGeoJson(files.file, options) : openWithGdal(files, options);
}
