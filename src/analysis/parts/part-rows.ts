import type { Layer } from '../../catalog/layer.ts';
import type { Text } from '../../lib/errors.ts';
import { roundToHundredth } from '../../lib/number.ts';
import { PLAN_TITLES } from '../plan-titles.ts';
import { RULE_STATUS_WORDS, ruleStatusOf } from '../rule-status.ts';
import { isThin } from '../sliver.ts';
import type { NearRow, PieceRow, PlanZoneRow } from './parts-query.ts';
import type { OverlayRow } from './row-schema.ts';
import type { Subject } from './subject.ts';
import { PLANNING } from './treatment.ts';

/** A part of one asked feature. */
export interface OverlayPiece extends PieceRow {
  readonly layer: Layer;
  readonly subject: Subject;
  readonly geom: string;
}

/** A site near the asked features. */
export interface NearSite extends NearRow {
  readonly layer: Layer;
}

/** The whole place: all asked features. */
export interface Whole {
  readonly count: number;
  /** 0 if the place is points. */
  readonly areaM2: number;
}

const NAMES = {
  slivers: { vi: 'Mẩu vụn (dưới 0,5 m² hoặc hẹp hơn 0,1 m)', en: 'Slivers (below 0.5 m² or narrower than 0.1 m)' },
  uncovered: { vi: 'Phần không có quy hoạch', en: 'Outside of the plan' },
  outside: { vi: 'Phần ngoài các vùng của lớp', en: 'Outside of the areas of the layer' },
} satisfies Record<string, Text>;

/** Returns true for a sliver. An asked feature that lies in a zone as a whole is none, however small it is. */
export function isSliver({
  isWhole,
  areaM2,
  perimeterM,
}: Pick<OverlayPiece, 'isWhole' | 'areaM2' | 'perimeterM'>): boolean {
  return !isWhole && perimeterM > 0 && isThin(areaM2, perimeterM);
}

export function partKind(piece: OverlayPiece): Exclude<OverlayRow['kind'], 'near'> {
  if (isSliver(piece)) return 'slivers';
  return piece.zones.length === 0 ? 'uncovered' : piece.zones.length === 1 ? 'zone' : 'overlap';
}

/** Returns the id of the theme of a layer, or of one kind of plan. */
export function themeOf(layer: Layer, plan: string | null | undefined): string {
  return layer.id === PLANNING && plan ? `${layer.id}/${plan}` : layer.id;
}

type DescribedPart = Omit<OverlayRow, 'count' | 'areaM2' | 'percent' | 'lengthM' | 'distanceM'>;

/** Returns the description of a part, which all asked features that have it share. */
export function describePart(piece: OverlayPiece): DescribedPart {
  const { layer, plan, period, zones } = piece;
  const kind = partKind(piece);
  const own = { theme: themeOf(layer, plan), layer: layer.id, kind, plan, period };
  if (kind === 'zone' || kind === 'overlap') return { ...own, ...describeZones(zones) };
  const name = kind === 'slivers' ? NAMES.slivers : layer.id === PLANNING ? NAMES.uncovered : NAMES.outside;
  return { ...own, name, zone: null, code: null, decision: null, ...NO_BASIS };
}

const NO_BASIS = { basis: null, basisStatus: null, basisStatusText: null };

function describeZones(
  zones: readonly PlanZoneRow[],
): Omit<DescribedPart, 'theme' | 'layer' | 'kind' | 'plan' | 'period'> {
  const [first] = zones;
  const join = (texts: (string | null)[]) => [...new Set(texts.filter((text) => text !== null))].join(' + ');
  const name = join(zones.map(({ name, code, zone }) => name ?? code ?? String(zone ?? '')));
  const decision = join(zones.map((zone) => zone.decision)) || null;
  const rule = zones.length === 1 ? (first?.rule ?? null) : null;
  const status = rule && ruleStatusOf(rule);
  return {
    zone:
      zones.length === 1
        ? (first?.zone ?? null)
        : join(zones.map(({ zone }) => (zone === null ? null : String(zone)))) || null,
    code: join(zones.map(({ code }) => code)) || null,
    name: { vi: name, en: name },
    decision,
    basis: rule?.text ?? decision,
    basisStatus: status,
    basisStatusText: status && RULE_STATUS_WORDS[status],
  };
}

interface Sum {
  readonly described: DescribedPart;
  readonly subjects: Set<Subject>;
  area: number;
  length: number;
}

/** Returns the rows of all parts, over all asked features. Their areas add up before they are rounded. */
export function overlayRows(pieces: readonly OverlayPiece[], whole: Whole): OverlayRow[] {
  const sums = new Map<string, Sum>();
  for (const piece of pieces) {
    const described = describePart(piece);
    const { theme, period, kind, zone, code, decision, name } = described;
    const key = JSON.stringify([theme, period, kind, zone, code, decision, name.vi]);
    const sum = sums.get(key) ?? { described, subjects: new Set<Subject>(), area: 0, length: 0 };
    sums.set(key, sum);
    sum.subjects.add(piece.subject);
    sum.area += piece.areaM2;
    sum.length += piece.lengthM;
  }
  const layers = [...new Set(pieces.map(({ layer }) => layer.id))];
  return [...sums.values()].sort(byLayerAndZone(layers)).map(({ described, subjects, area, length }) => ({
    ...described,
    count: subjects.size,
    areaM2: roundToHundredth(area),
    percent: percentOf(area, subjects.size, whole),
    ...(length > 0 ? { lengthM: roundToHundredth(length) } : {}),
  }));
}

const ORDER: readonly OverlayRow['kind'][] = ['zone', 'overlap', 'slivers', 'uncovered', 'near'];

/** Orders rows by layer, plan and period; within those come zones, the largest first, then what is not a zone. */
function byLayerAndZone(layers: readonly string[]): (a: Sum, b: Sum) => number {
  const plans = Object.keys(PLAN_TITLES);
  return ({ described: a, area: areaA }, { described: b, area: areaB }) =>
    layers.indexOf(a.layer) - layers.indexOf(b.layer) ||
    plans.indexOf(a.plan ?? '') - plans.indexOf(b.plan ?? '') ||
    a.theme.localeCompare(b.theme) ||
    (a.period ?? '').localeCompare(b.period ?? '') ||
    ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
    areaB - areaA;
}

/** Returns the percent of the place; of points, the percent of their number. */
function percentOf(area: number, count: number, whole: Whole): number {
  return roundToHundredth(whole.areaM2 > 0 ? (100 * area) / whole.areaM2 : (100 * count) / whole.count);
}

/** Returns the rows of sites, the nearest first. A site near several asked features is one row. */
export function nearRowsOf(sites: readonly NearSite[], whole: Whole): OverlayRow[] {
  const merged = new Map<string, NearSite>();
  for (const site of sites) {
    const key = JSON.stringify([site.layer.id, site.zone, site.code, site.name]);
    const before = merged.get(key);
    merged.set(key, before ? joinSites(before, site) : site);
  }
  return [...merged.values()]
    .sort((a, b) => (a.layer.id === b.layer.id ? a.distanceM - b.distanceM : 0))
    .map((site) => ({
      theme: site.layer.id,
      layer: site.layer.id,
      kind: 'near',
      plan: null,
      period: null,
      ...describeZones([site]),
      count: site.subjects,
      areaM2: roundToHundredth(site.areaM2),
      percent: whole.areaM2 > 0 ? percentOf(site.areaM2, 0, whole) : 0,
      distanceM: roundToHundredth(site.distanceM),
    }));
}

function joinSites(a: NearSite, b: NearSite): NearSite {
  return {
    ...a,
    subjects: a.subjects + b.subjects,
    distanceM: Math.min(a.distanceM, b.distanceM),
    areaM2: a.areaM2 + b.areaM2,
  };
}
