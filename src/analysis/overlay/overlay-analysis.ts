import type { Database, QueryOptions } from '../../database/database.ts';
import { measuringSrid } from '../../geo/crs.ts';
import { type CoverageArea, measureCoverage } from '../coverage/coverage.ts';
import type { Coverage } from '../coverage/coverage-schema.ts';
import { inPairs } from '../in-pairs.ts';
import { type Cut, cutByLayer, tooManyVertices } from '../parts/cut.ts';
import type { NearSite, OverlayPiece } from '../parts/part-rows.ts';
import type { Subject } from '../parts/subject.ts';
import { locateSource } from '../source/locate.ts';
import { hasOneText } from '../source/source.ts';
import { requireReach, requireVietnam } from '../source/source-check.ts';
import { wrongInput } from '../wrong-input.ts';
import { overlaidAreaQuery } from './overlaid-area-query.ts';
import { type OverlayRequest, PLACE_LIMITS } from './overlay-request.ts';
import { subjectsQuery } from './subjects-query.ts';

/** A request whose place has been validated. */
export interface PreparedOverlay {
  readonly request: OverlayRequest;
  /** SRID of the VN-2000 zone for all measurements. */
  readonly zone: number;
}

/** Contents of the place, before they are summed. */
export interface Overlaid {
  readonly subjects: readonly Subject[];
  readonly area: CoverageArea;
  readonly pieces: readonly OverlayPiece[];
  readonly sites: readonly NearSite[];
  readonly coverage: readonly Coverage[];
}

export interface OverlayOptions extends QueryOptions {
  /** @param share of the work that is done, 0 to 1 */
  readonly onProgress?: (share: number) => void;
  /** Vertices that may be compared in all layers. */
  readonly most?: number;
}

/**
 * Validates the place before any long work.
 * @param homeSrid VN-2000 zone of the province
 * @throws Problem that says what would be right
 */
export async function prepareOverlay(
  db: Database,
  request: OverlayRequest,
  homeSrid: number,
  options: QueryOptions,
): Promise<PreparedOverlay> {
  const { box } = await locateSource(db, request.source, options);
  requireVietnam(box);
  const zone = measuringSrid((box[0] + box[2]) / 2, homeSrid);
  requireReach(box, request.within, zone);
  return { request, zone };
}

/** Cuts the place by every layer. It runs many short statements, between which other requests proceed. */
export async function runOverlay(
  db: Database,
  { request, zone }: PreparedOverlay,
  { onProgress, most = PLACE_LIMITS.pairVertices, ...options }: OverlayOptions,
): Promise<Overlaid> {
  const { source, layers, within } = request;
  const subjects = await db.query<Subject>(subjectsQuery(source, zone), { ...options, prepared: hasOneText(source) });
  if (subjects.some(({ dimension }) => dimension === 1)) throw notAreas();
  const area = await placeOf(db, subjects, zone, options);
  let [done, vertices] = [0, 0];
  const found = await inPairs(layers, async (layer) => {
    const cut: Cut[] = [];
    for await (const part of cutByLayer(db, layer, { subjects, zone, within }, options)) {
      cut.push(part);
      vertices += part.vertices;
      if (vertices > most) throw tooManyVertices(vertices, most, layers.map(({ id }) => id).join(', '));
    }
    const coverage = await measureCoverage(db, area, [layer], options);
    onProgress?.(++done / layers.length);
    return { cut, coverage };
  });
  const cuts = found.flatMap(({ cut }) => cut);
  return {
    subjects,
    area,
    pieces: cuts.flatMap(({ pieces }) => pieces),
    sites: cuts.flatMap(({ sites }) => sites),
    coverage: found.flatMap(({ coverage }) => coverage),
  };
}

async function placeOf(db: Database, subjects: readonly Subject[], zone: number, options: QueryOptions) {
  const [row] = await db.query<Omit<CoverageArea, 'zone'>>(
    overlaidAreaQuery(subjects.map(({ geom }) => geom)),
    options,
  );
  if (!row) throw new Error('the place of an overlay gave no row');
  return { ...row, zone };
}

function notAreas() {
  return wrongInput('features', {
    vi: 'Trong các đối tượng được chọn có đường; cần vùng hoặc điểm.',
    en: 'Among the selected features are lines; areas or points are needed.',
  });
}
