import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Gdal } from './gdal.ts';
import { openWorkspace } from './workspace.ts';

/** GDAL's names of the formats. */
const DRIVERS = { fgb: 'FlatGeobuf', gpkg: 'GPKG' } as const;
export type VectorFormat = keyof typeof DRIVERS;

export interface VectorFile {
  readonly format: VectorFormat;
  /** Of the layer in the file. */
  readonly name: string;
  /** Of the coordinates, x = east. */
  readonly srid: number;
  /** Whether every geometry is to be one of several parts. */
  readonly isMulti: boolean;
  /** GeoJSON features as text, at least one. */
  readonly features: Iterable<string>;
}

/** Features as a file of a format, made by GDAL in a thread and a folder of its own. @returns the bytes of the file */
export async function writeVectorFile({ format, name, srid, isMulti, features }: VectorFile): Promise<Uint8Array> {
  const { folder, remove } = await openWorkspace();
  const gdal = new Gdal({ outFolder: folder, settings: {} });
  try {
    const source = join(folder, 'features.geojson');
    await pipeline(Readable.from(collection(features)), createWriteStream(source));
    const { layers } = await gdal.inspect(source, []);
    const [layer] = layers;
    if (!layer) throw new Error(`GDAL found no layer in the features of ${name}`);
    const parts = isMulti ? ['-nlt', 'PROMOTE_TO_MULTI'] : [];
    const options = ['-f', DRIVERS[format], '-a_srs', `EPSG:${srid}`, '-nln', name, ...parts];
    return await readFile(await gdal.convert(layer, options));
  } finally {
    await gdal.close();
    await remove();
  }
}

function* collection(features: Iterable<string>): Generator<string> {
  let before = '{"type":"FeatureCollection","features":[';
  for (const feature of features) {
    yield before + feature;
    before = ',\n';
  }
  yield ']}';
}
