import { readWkt } from '../../catalog/projections.ts';
import { Turns } from '../../database/turns.ts';
import { streamRows } from '../../features/rows.ts';
import { shortCrsName } from '../../geo/crs.ts';
import { Problem } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import type { ShapefileRow, ShapefileSource } from '../../transfer/shapefile/archive.ts';
import { writeShapefile } from '../../transfer/shapefile/shapefile.ts';
import { ZIP_TYPE } from '../kit/media-types.ts';
import { bytesReply, type Reply } from '../kit/reply.ts';
import type { Question } from './question.ts';

const PAGE = 5000;
/** Most features of a file, which takes some 200 MB of memory. */
const MOST = 200_000;

/** The client for whom rows are read; reading ends when it disconnects. */
interface ReadingClient {
  readonly services: Services;
  readonly signal: AbortSignal;
}

/** Answers in shapefiles. One is written at a time. */
export class Shapefiles {
  readonly #turns = new Turns();

  /**
   * @param most features; undefined: all
   * @throws Problem too-much
   */
  async reply(question: Question, most: number | undefined, asker: ReadingClient): Promise<Reply> {
    const archive = await this.#turns.take('interactive', async () => {
      asker.signal.throwIfAborted();
      return writeShapefile(await sourceOf(question, asker), pagesOf(question, most, asker));
    });
    const { layer } = question;
    return bytesReply(archive, ZIP_TYPE, {
      headers: {
        'cache-control': 'no-store',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(layer.id)}.zip`,
      },
    });
  }
}

async function sourceOf({ layer, crs, rows }: Question, { services }: ReadingClient): Promise<ShapefileSource> {
  return {
    // Text after a dot would be taken for an extension.
    name: layer.id.replace(/[^\p{L}\p{M}\p{N}_-]/gu, '_'),
    title: layer.title,
    attribution: services.attribution,
    fields: rows.fields,
    kind: layer.geometry.dimension === 'mixed' ? 'polygon' : layer.geometry.dimension,
    system: shortCrsName(crs.crs),
    projection: await readWkt(services.db, crs.crs.srid),
  };
}

async function* pagesOf(
  { layer, rows }: Question,
  most: number | undefined,
  { services, signal }: ReadingClient,
): AsyncGenerator<ShapefileRow[]> {
  const limit = Math.min(most ?? MOST + 1, MOST + 1);
  let count = 0;
  let page: ShapefileRow[] = [];
  for await (const { geometry, values } of streamRows(
    services.db,
    layer,
    { ...rows, limit },
    { signal, priority: 'background' },
  )) {
    if (++count > MOST) throw tooManyFeatures();
    page.push({ geometry, values });
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  yield page;
}

function tooManyFeatures(): Problem {
  return new Problem('too-much', {
    vi: `Một shapefile ở đây có nhiều nhất ${MOST} đối tượng; hãy lọc bớt, hoặc lấy GeoPackage (/collections/…/items?f=gpkg), không có giới hạn; tiến trình "export" ghi nó ở nền.`,
    en: `A shapefile has at most ${MOST} features here; narrow the question, or take a GeoPackage (/collections/…/items?f=gpkg), which has no limit; the process "export" writes it in the background.`,
  });
}
