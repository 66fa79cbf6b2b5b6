import type { Layer } from '../catalog/layer.ts';
import type { Database, QueryOptions } from '../database/database.ts';
import { type BBox, intersectBBox } from '../geo/bbox.ts';
import { roundToHundredth } from '../lib/number.ts';
import { type LayerCell, quarter, rootCell } from './layer-sql.ts';
import type { ResultRow } from './process.ts';
import type { Relation } from './relation.ts';
import {
  boxQuery,
  isParcels,
  isPlans,
  namesQuery,
  type PartTotals,
  type PlanKey,
  probeQuery,
  reportQuery,
} from './report-query.ts';
import type { LandUseShare, LayerReport, PlanShare, UnitShare } from './report-schema.ts';

/**
 * Candidates of one statement. On the embedded engine, whose one session lookups and tiles share, 1000 parcels take 20
 * to 60 ms.
 */
const PART = 1000;
/** A cell this small (1/4096 of the buffer's width) is read whole, whatever the number of features in it. */
const MAX_DEPTH = 12;

/** The area of a report, in the form for statements. */
export interface ReportArea {
  /** Hexadecimal EWKB in `zone`. */
  readonly geom: string;
  readonly zone: number;
  /** Longitude and latitude. */
  readonly bbox: BBox;
}

export interface ReportOptions extends QueryOptions {
  readonly relation: Relation;
  /** Most features to store. */
  readonly keep: number;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** Figures of all features found, and the stored ones in the measuring zone. */
export interface ReportedLayer {
  readonly report: LayerReport;
  readonly rows: readonly ResultRow[];
}

interface CellRow {
  readonly totals: PartTotals | null;
  readonly geom: string | null;
  readonly properties: string | null;
}

interface Sums {
  count: number;
  area: number;
  length: number;
  readonly uses: Map<string, { code: string; count: number; area: number }>;
  readonly units: Map<string, { code: string; validFrom: string; count: number; area: number }>;
  readonly plans: Map<string, PlanKey & { count: number; area: number }>;
}

/**
 * Reports the features of a layer in the relation to the area: figures of all, and the first `keep` as rows.
 */
export async function reportLayer(
  db: Database,
  layer: Layer,
  area: ReportArea,
  options: ReportOptions,
): Promise<ReportedLayer> {
  const sums: Sums = { count: 0, area: 0, length: 0, uses: new Map(), units: new Map(), plans: new Map() };
  const found: ResultRow[] = [];
  let done = 0;
  for await (const { cell, count, total, near } of walkCells(db, layer, area, options)) {
    if (near !== null) {
      const keep = options.keep - found.length;
      const part = { layer, cell, buffer: near, zone: area.zone, relation: options.relation, keep };
      const rows = await db.query<CellRow>(reportQuery(part), options);
      // An aggregate always has a row. Without one the embedded engine gave up silently, and a count would be wrong.
      if (!rows.some(({ totals }) => totals)) throw new Error(`${layer.id}: a part gave no figures`);
      for (const { totals, geom, properties } of rows) {
        if (totals) addTotals(sums, totals);
        else if (properties !== null) found.push({ geom, properties });
      }
    }
    done += count;
    options.onProgress(done / total);
  }
  return { report: await toReport(db, layer, sums, options), rows: found };
}

interface CellPart {
  readonly cell: LayerCell;
  /** Candidates in the cell, and in all cells. */
  readonly count: number;
  readonly total: number;
  /** The part of the buffer that they can touch; null: none. */
  readonly near: string | null;
}

/**
 * Yields cells of at most {@link PART} candidates each, which together hold all, and cells that the buffer does not
 * reach.
 */
export async function* walkCells(
  db: Database,
  layer: Layer,
  area: ReportArea,
  options: QueryOptions,
): AsyncGenerator<CellPart> {
  const { domain } = layer.geometry;
  if (domain && !intersectBBox(domain, area.bbox)) return;
  const [row] = await db.query<{ box: BBox }>(boxQuery(area.geom, layer), options);
  if (!row) return;
  let total: number | undefined;
  const waiting = [{ cell: rootCell(row.box), depth: 0, buffer: area.geom }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { cell, depth, buffer } = next;
    const probe = probeQuery(layer, cell, { buffer, zone: area.zone });
    const [found] = await db.query<{ count: number; near: string | null }>(probe, options);
    if (!found) throw new Error(`${layer.id}: a cell gave no count`);
    const { count, near } = found;
    total ??= count;
    if (near !== null && count > PART && depth < MAX_DEPTH) {
      waiting.push(...quarter(cell).map((each) => ({ cell: each, depth: depth + 1, buffer: near })));
    } else if (count > 0) yield { cell, count, total, near };
  }
}

function addTotals(sums: Sums, { count, area, length, uses, units, plans }: PartTotals): void {
  sums.count += count;
  sums.area += area;
  sums.length += length;
  for (const use of uses ?? []) merge(sums.uses, use.code, use);
  for (const plan of plans ?? []) merge(sums.plans, JSON.stringify([plan.plan, plan.decision, plan.period]), plan);
  for (const unit of units ?? []) merge(sums.units, `${unit.code} ${unit.validFrom}`, unit);
}

function merge<T extends { count: number; area: number }>(into: Map<string, T>, key: string, part: T): void {
  const before = into.get(key);
  into.set(key, before ? { ...before, count: before.count + part.count, area: before.area + part.area } : part);
}

async function toReport(db: Database, layer: Layer, sums: Sums, options: QueryOptions): Promise<LayerReport> {
  const { dimension } = layer.geometry;
  return {
    layer: layer.id,
    title: layer.title,
    count: sums.count,
    ...((dimension === 'polygon' || dimension === 'mixed') && !isPlans(layer)
      ? { areaM2: roundToHundredth(sums.area) }
      : {}),
    ...(dimension === 'line' || dimension === 'mixed' ? { lengthM: roundToHundredth(sums.length) } : {}),
    ...(isParcels(layer) ? await shares(db, sums, options) : {}),
    ...(isPlans(layer) ? { byPlan: planShares(sums) } : {}),
  };
}

function planShares({ plans }: Sums): PlanShare[] {
  const all = [...plans.values()].map(({ area, ...plan }) => ({ ...plan, areaM2: roundToHundredth(area) }));
  return all.sort((a, b) => b.areaM2 - a.areaM2 || a.plan.localeCompare(b.plan));
}

interface NameRow {
  readonly kind: 'use' | 'unit';
  readonly code: string;
  readonly validFrom: string | null;
  readonly name: string;
  readonly nameEn: string | null;
  readonly colour: string | null;
}

async function shares(
  db: Database,
  sums: Sums,
  options: QueryOptions,
): Promise<{ byLandUse: LandUseShare[]; byUnit: (UnitShare & { count: number })[] }> {
  const names = await db.query<NameRow>(namesQuery([...sums.uses.keys()], [...sums.units.values()]), options);
  const find = (kind: NameRow['kind'], code: string, validFrom: string | null) =>
    names.find((row) => row.kind === kind && row.code === code && row.validFrom === validFrom);
  return {
    byLandUse: byArea([...sums.uses.values()]).map(({ code, count, area }) => {
      const row = find('use', code, null);
      return {
        code,
        nameVi: row?.name ?? code,
        nameEn: row?.nameEn ?? code,
        colour: row?.colour ?? '#CCCCCC',
        count,
        areaM2: roundToHundredth(area),
      };
    }),
    byUnit: byArea([...sums.units.values()]).map(({ code, validFrom, count, area }) => ({
      code,
      validFrom,
      name: find('unit', code, validFrom)?.name ?? code,
      count,
      areaM2: roundToHundredth(area),
    })),
  };
}

function byArea<T extends { code: string; area: number }>(groups: T[]): T[] {
  return groups.sort((a, b) => b.area - a.area || a.code.localeCompare(b.code));
}
