import type { Layer } from '../../catalog/layer.ts';
import type { Database, QueryOptions } from '../../database/database.ts';
import { cutByLayer } from '../parts/cut.ts';
import { type OverlayPiece, overlayRows } from '../parts/part-rows.ts';
import { crowdQuery, quartersQuery } from '../parts/parts-query.ts';
import type { Subject } from '../parts/subject.ts';
import type { PlanZone } from './outputs.ts';

/** Zones and vertices of one statement, some 100 ms on the embedded engine. */
const CROWD = { features: 150, vertices: 2000 } as const;
/** A part this small (1/4096 of the width) is taken whole. */
const MAX_DEPTH = 12;

/** An area, hexadecimal EWKB in `zone`. */
export interface PlannedArea {
  readonly geom: string;
  readonly zone: number;
  readonly areaM2: number;
}

/**
 * Returns the m² and % of an area in the zones of each plan, by code and name. The rows of a plan add up to the area.
 * @param layer the planning zones
 */
export async function planZonesOf(
  db: Database,
  layer: Layer,
  area: PlannedArea,
  options: QueryOptions,
): Promise<PlanZone[]> {
  const subjects = await splitCrowded(db, layer, area, options);
  const sums = new Map<string, OverlayPiece>();
  for await (const { pieces } of cutByLayer(db, layer, { subjects, zone: area.zone, within: 0, batch: 1 }, options)) {
    for (const piece of pieces) add(sums, piece);
  }
  const whole = { count: 1, areaM2: area.areaM2 };
  return overlayRows([...sums.values()].map(withoutId), whole).map(
    ({ plan, period, decision, kind, code, name, count, areaM2, percent }) => ({
      ...{ plan, period, decision, kind, code, name, areaM2, percent },
      count: kind === 'uncovered' ? 0 : count,
    }),
  );
}

/** Divides an area until few zones are near each part. */
async function splitCrowded(
  db: Database,
  layer: Layer,
  { geom, zone }: PlannedArea,
  options: QueryOptions,
): Promise<Subject[]> {
  const subjects: Subject[] = [];
  const waiting = [{ geom, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { geom: part, depth } = next;
    const query = crowdQuery(layer, part, { zone, most: CROWD.features });
    const [crowd] = await db.query<{ features: number; vertices: number; areaM2: number }>(query, options);
    if (!crowd) throw new Error('the measure of a part gave no row');
    const isCrowded = crowd.features > CROWD.features || crowd.vertices > CROWD.vertices;
    if (isCrowded && depth < MAX_DEPTH) {
      const quarters = await db.query<{ geom: string }>(quartersQuery(part), options);
      waiting.push(...quarters.map((quarter) => ({ ...quarter, depth: depth + 1 })));
    } else subjects.push({ id: null, geom: part, areaM2: crowd.areaM2, dimension: 2 });
  }
  return subjects;
}

/**
 * Adds a part to those in the same zones. A sliver is narrow as a whole, so the cuts between parts must not count.
 * Geometry is dropped, since an area has thousands of parts.
 */
function add(sums: Map<string, OverlayPiece>, piece: OverlayPiece): void {
  const { plan, period, zones } = piece;
  const key = JSON.stringify([plan, period, zones.map(({ zone }) => zone)]);
  const before = sums.get(key);
  sums.set(key, {
    ...piece,
    geom: '',
    // The zones of a row are counted by their subjects.
    subject: before?.subject ?? { ...piece.subject, geom: '' },
    areaM2: (before?.areaM2 ?? 0) + piece.areaM2,
    perimeterM: (before?.perimeterM ?? 0) + piece.perimeterM,
    isWhole: (before?.isWhole ?? true) && piece.isWhole,
  });
}

/** Zones of the same code, name and decision are one row. */
function withoutId(piece: OverlayPiece): OverlayPiece {
  return { ...piece, zones: piece.zones.map((zone) => ({ ...zone, zone: null })) };
}
