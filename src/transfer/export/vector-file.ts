import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startThread, Thread } from '../../lib/thread.ts';
import { Gdal } from '../gdal.ts';
import { openWorkspace } from '../workspace.ts';
import type { FileRow, FileTable } from './geopackage.ts';
import type { GeoPackageSource } from './geopackage-worker.ts';

/** GDAL's names of the formats. */
const DRIVERS = { fgb: 'FlatGeobuf', gpkg: 'GPKG' } as const;
export type VectorFormat = keyof typeof DRIVERS;

export interface VectorFile {
  readonly format: VectorFormat;
  /** SRID of the coordinates, x = east. */
  readonly srid: number;
  readonly table: FileTable;
  readonly rows: AsyncIterable<FileRow>;
}

/**
 * Writes rows as a file of a format. They are first written as a GeoPackage with declared columns, so that GDAL guesses
 * nothing. GDAL converts it with a spatial index.
 * @returns the bytes of the file
 * @throws as the rows
 */
export async function writeVectorFile({ format, srid, table, rows }: VectorFile): Promise<Uint8Array> {
  const { folder, remove } = await openWorkspace();
  try {
    const source: GeoPackageSource = { file: join(folder, 'table.gpkg'), table, rows: join(folder, 'rows.ndjson') };
    let isWhole = true;
    const lines = async function* () {
      for await (const row of rows) {
        isWhole &&= row.geometry !== null;
        yield `${JSON.stringify(row)}\n`;
      }
    };
    await pipeline(Readable.from(lines()), createWriteStream(source.rows));
    await writeTable(source);
    return await convert(folder, source, [
      '-f',
      DRIVERS[format],
      '-a_srs',
      `EPSG:${srid}`,
      ...optionsOf[format](table, isWhole),
    ]);
  } finally {
    await remove();
  }
}

async function writeTable(source: GeoPackageSource): Promise<void> {
  const worker = startThread('./geopackage-worker', import.meta.url);
  const thread = new Thread<GeoPackageSource, void>(worker, {
    exited: `the table of ${source.table.name} was not written`,
  });
  try {
    await thread.ask(source);
  } finally {
    await thread.end(new Error('the table is written'));
  }
}

const optionsOf: Readonly<Record<VectorFormat, (table: FileTable, isWhole: boolean) => string[]>> = {
  // Its index cannot hold features without a geometry.
  fgb: ({ name, title }, isWhole) => [
    ...['-nln', name, '-lco', `SPATIAL_INDEX=${isWhole ? 'YES' : 'NO'}`, '-lco', `TITLE=${title}`],
  ],
  gpkg: ({ name, title, fid, geometry }) => [
    ...['-nln', name, '-lco', `FID=${fid}`, '-lco', `GEOMETRY_NAME=${geometry.name}`],
    ...['-lco', `IDENTIFIER=${name}`, '-lco', `DESCRIPTION=${title}`],
  ],
};

async function convert(folder: string, { file }: GeoPackageSource, options: readonly string[]): Promise<Uint8Array> {
  const gdal = new Gdal({ outFolder: folder, settings: {} });
  try {
    const { layers } = await gdal.inspect(file, []);
    const [layer] = layers;
    if (!layer) throw new Error('GDAL found no layer in the table');
    return await readFile(await gdal.convert(layer, options));
  } catch (error) {
    // Its Problem would blame a file that a client sent; this one is ours.
    throw new Error('GDAL could not write the file', { cause: error });
  } finally {
    await gdal.close();
  }
}
