import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorkspace } from '../workspace.ts';
import { chooseFile, gather } from './gather.ts';
import { openWithGdal } from './gdal-source.ts';
import { isTopology, openGeoJson } from './geojson-source.ts';
import { openKml } from './kml-source.ts';
import type { Source, SourceFiles, SourceOptions } from './source-row.ts';

/**
 * Runs `work` with a layer of the file, and removes all temporary files afterwards.
 * @throws Problem if the file cannot be read, or if it holds several layers and none is named
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
