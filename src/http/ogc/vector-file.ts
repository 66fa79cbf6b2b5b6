import type { Layer } from '../../catalog/layer.ts';
import { Problem } from '../../errors.ts';
import { decodeCursor } from '../../features/cursor.ts';
import { readItems } from '../../features/items.ts';
import type { ItemsQuestion } from '../../features/items-query.ts';
import type { Crs } from '../../geo/crs.ts';
import type { Services } from '../../services.ts';
import { type VectorFormat, writeVectorFile } from '../../transfer/vector-file.ts';
import { FGB_TYPE, GPKG_TYPE } from '../media-types.ts';
import { bytes, type Reply } from '../reply.ts';

const VECTOR_TYPES: Readonly<Record<VectorFormat, string>> = { fgb: FGB_TYPE, gpkg: GPKG_TYPE };

const PAGE = 10_000;
/** GDAL's copy and ours of what is written stand in memory: some 200 MB. */
const MOST = 200_000;
interface FileSource {
  readonly layer: Layer;
  readonly question: Omit<ItemsQuestion, 'limit'>;
  /** undefined: all. */
  readonly most: number | undefined;
  readonly signal: AbortSignal;
  /** What is told where a value of the question cannot be read as one of its field. */
  readonly unreadable: () => Error;
}

/** Layers as files. One is written at a time: each is a copy of GDAL in memory. */
export class VectorFiles {
  readonly #services: Services;
  #last: Promise<unknown> = Promise.resolve();

  constructor(services: Services) {
    this.#services = services;
  }

  /** @throws Problem too-much, and not-found where there is nothing to write: such a file would have no columns */
  async reply(format: VectorFormat, source: FileSource): Promise<Reply> {
    const { layer, question } = source;
    // Files say x = east, whatever the system's axes are.
    const crs: Crs = { ...question.crs, axes: 'east-north' };
    const write = async () => {
      source.signal.throwIfAborted();
      const features = await collect(this.#services, { ...source, question: { ...question, crs } });
      const isMulti = layer.geometry.type.startsWith('MULTI');
      return writeVectorFile({ format, name: layer.id, srid: crs.srid, isMulti, features });
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

async function collect({ db }: Services, { layer, question, most, signal, unreadable }: FileSource): Promise<string[]> {
  const features: string[] = [];
  for (let after = question.after; ; ) {
    const limit = Math.min(PAGE, (most ?? MOST + 1) - features.length);
    const page = await readItems(db, layer, { ...question, after, limit }, { signal, priority: 'background' });
    if (!page) throw unreadable();
    features.push(...page.features);
    if (features.length > MOST) throw tooMuch();
    after = page.next === undefined ? undefined : decodeCursor(layer, question.sort ?? [], page.next);
    if (!after || features.length === most) break;
  }
  if (features.length > 0) return features;
  throw new Problem('not-found', {
    vi: 'Không có đối tượng nào thỏa điều kiện, nên không có tệp.',
    en: 'No feature meets the conditions, so there is no file.',
  });
}

function tooMuch(): Problem {
  return new Problem('too-much', {
    vi: `Tệp chứa nhiều nhất ${MOST} đối tượng; hãy lọc (bbox, filter), hoặc lấy GeoJSON hay CSV (f=geojson, f=csv), không có giới hạn.`,
    en: `A file holds at most ${MOST} features; narrow the question (bbox, filter), or take GeoJSON or CSV (f=geojson, f=csv), which have no limit.`,
  });
}
