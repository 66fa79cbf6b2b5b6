import type { Layer } from '../../catalog/layer.ts';
import type { Database, QueryOptions } from '../../database/database.ts';
import type { Query } from '../../database/sql.ts';
import type { Problem } from '../../lib/errors.ts';
import { groupsOf } from '../groups.ts';
import { tooMuch } from '../source/source-check.ts';
import type { NearSite, OverlayPiece } from './part-rows.ts';
import {
  type CountRow,
  cutByLayerQuery,
  type NearRow,
  nearQuery,
  type PartsBatch,
  type PieceRow,
  partitionQuery,
  plansQuery,
} from './parts-query.ts';
import { MOST_PAIR_VERTICES, MOST_PAIRS, type Subject } from './subject.ts';
import { treatmentOf } from './treatment.ts';

/** Asked features of one statement: 60 ms for parcels on the embedded engine. */
const BATCH = 250;

/** Asked features, and metres around them in which sites are listed. */
export interface CutSubjects {
  readonly subjects: readonly Subject[];
  readonly zone: number;
  readonly within: number;
  /** Asked features of one statement. */
  readonly batch?: number;
}

/** Parts of asked features in those of a layer, and its sites near them. */
export interface Cut {
  readonly pieces: readonly OverlayPiece[];
  readonly sites: readonly NearSite[];
  /** As {@link CountRow.vertices}. */
  readonly vertices: number;
}

/**
 * Cuts asked features by a layer, or finds its sites near them, in one statement a batch. A batch that is too much for
 * one statement is divided.
 * @throws Problem too-much for one asked feature that is too much by itself
 */
export async function* cutByLayer(
  db: Database,
  layer: Layer,
  { subjects, zone, within, batch = BATCH }: CutSubjects,
  options: QueryOptions,
): AsyncGenerator<Cut> {
  const treatment = treatmentOf(layer);
  const plans =
    treatment.manner === 'partition'
      ? await db.query<Pick<PieceRow, 'plan' | 'period'>>(plansQuery(layer, treatment), options)
      : [];
  const waiting = groupsOf(subjects, batch).reverse();
  for (let some = waiting.pop(); some; some = waiting.pop()) {
    const asked: PartsBatch = { layer, treatment, zone, geoms: some.map(({ geom }) => geom) };
    const [count, ...rows] = await db.query<CountRow & (NearRow | PieceRow)>(
      queryOfBatch(asked, plans, within),
      options,
    );
    // The count always has a row. Without one the embedded engine gave up silently.
    if (!count || count.pairs === null) throw new Error(`${layer.id}: an overlay gave no figures`);
    const excess = excessOf(count, layer);
    if (!excess) yield toCut(rows, layer, some, count.vertices);
    else if (some.length === 1) throw excess;
    else waiting.push(...groupsOf(some, Math.ceil(some.length / 2)).reverse());
  }
}

type Plans = Parameters<typeof partitionQuery>[1];

function queryOfBatch(asked: PartsBatch, plans: Plans, within: number): Query {
  const { manner } = asked.treatment;
  if (manner === 'near') return nearQuery(asked, within);
  return manner === 'partition' ? partitionQuery(asked, plans) : cutByLayerQuery(asked);
}

function toCut(rows: readonly (NearRow | PieceRow)[], layer: Layer, some: readonly Subject[], vertices: number): Cut {
  const pieces: OverlayPiece[] = [];
  const sites: NearSite[] = [];
  for (const row of rows) {
    if ('ordinal' in row) {
      const subject = some[row.ordinal - 1] as Subject;
      pieces.push({ ...row, layer, subject, geom: row.geom ?? subject.geom });
    } else sites.push({ ...row, layer });
  }
  return { pieces, sites, vertices };
}

/** Returns the problem of a statement that compares too many features or vertices. */
function excessOf({ pairs, vertices }: CountRow, { id }: Layer): Problem | undefined {
  if (pairs > MOST_PAIRS) {
    return tooMuch(
      {
        vi: `Nơi được hỏi chạm hơn ${MOST_PAIRS} đối tượng của ${id}`,
        en: `The place meets more than ${MOST_PAIRS} features of ${id}`,
      },
      {
        vi: `${MOST_PAIRS}. Hãy hỏi vùng nhỏ hơn, hoặc bỏ lớp này.`,
        en: `${MOST_PAIRS}. Ask for a smaller area, or leave the layer out.`,
      },
    );
  }
  return vertices > MOST_PAIR_VERTICES ? tooManyVertices(vertices, MOST_PAIR_VERTICES, id) : undefined;
}

/** @param what layer or layers that the place meets */
export function tooManyVertices(vertices: number, most: number, what: string): Problem {
  return tooMuch(
    {
      vi: `Nơi được hỏi và các đối tượng của ${what} mà nó chạm có ${vertices} đỉnh phải so, tính theo từng cặp`,
      en: `The place and the features of ${what} that it meets have ${vertices} vertices to compare, pair by pair`,
    },
    {
      vi: `${most}. Hãy đơn giản hóa hình, hỏi vùng nhỏ hơn, hoặc bỏ bớt lớp.`,
      en: `${most}. Simplify the shape, ask for a smaller area, or leave layers out.`,
    },
  );
}
