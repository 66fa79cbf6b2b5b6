import type { Layer } from '../../catalog/layer.ts';
import { isUnreadable } from '../../database/sqlstate.ts';
import { shapesQuery } from '../../features/export-query.ts';
import type { ItemsQuestion } from '../../features/items-query.ts';
import type { Crs } from '../../geo/crs.ts';
import { Problem } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { fileTable } from '../../transfer/export/file-table.ts';
import type { FileRow } from '../../transfer/export/geopackage.ts';
import { type VectorFormat, writeVectorFile } from '../../transfer/export/vector-file.ts';
import { FGB_TYPE, GPKG_TYPE } from '../kit/media-types.ts';
import { bytes, type Reply } from '../kit/reply.ts';

const VECTOR_TYPES: Readonly<Record<VectorFormat, string>> = { fgb: FGB_TYPE, gpkg: GPKG_TYPE };

/** Most features of a file. GDAL's copy and ours are in memory: some 200 MB. */
const MOST = 200_000;
interface FileSource {
  readonly layer: Layer;
  readonly question: Omit<ItemsQuestion, 'limit'>;
  /** undefined: all. */
  readonly most: number | undefined;
  readonly signal: AbortSignal;
  /** Returns the error for a value of the question that cannot be read as one of its field's type. */
  readonly unreadable: () => Error;
}

/** Writes layers as files, one at a time, since GDAL copies each in memory. */
export class VectorFiles {
  readonly #services: Services;
  #last: Promise<unknown> = Promise.resolve();

  constructor(services: Services) {
    this.#services = services;
  }

  /** @throws Problem too-much */
  async reply(format: VectorFormat, source: FileSource): Promise<Reply> {
    const { layer, question } = source;
    // In files x is east, whatever the axis order of the CRS.
    const crs: Crs = { ...question.crs, axes: 'east-north' };
    const write = async () => {
      source.signal.throwIfAborted();
      const rows = readRows(this.#services, { ...source, question: { ...question, crs } });
      return writeVectorFile({ format, srid: crs.srid, table: fileTable(layer, question.fields), rows });
    };
    const written = this.#last.then(write);
    this.#last = written.catch(() => {});
    return bytes(await written, VECTOR_TYPES[format], {
      headers: {
        'content-crs': `<${question.crs.uri}>`,
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(layer.id)}.${format}`,
      },
    });
  }
}

async function* readRows(
  { db }: Services,
  { layer, question, most, signal, unreadable }: FileSource,
): AsyncGenerator<FileRow> {
  const query = shapesQuery(layer, { ...question, most: Math.min(most ?? MOST + 1, MOST + 1) });
  let count = 0;
  try {
    for await (const row of db.stream<FileRow>(query, { signal, priority: 'background' })) {
      if (++count > MOST) throw tooMuch();
      yield row;
    }
  } catch (error) {
    throw isUnreadable(error) ? unreadable() : error;
  }
}

function tooMuch(): Problem {
  return new Problem('too-much', {
    vi: `Tệp chứa nhiều nhất ${MOST} đối tượng; hãy lọc (bbox, filter), hoặc lấy GeoJSON hay CSV (f=geojson, f=csv), không có giới hạn.`,
    en: `A file holds at most ${MOST} features; narrow the question (bbox, filter), or take GeoJSON or CSV (f=geojson, f=csv), which have no limit.`,
  });
}
