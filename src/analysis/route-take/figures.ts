import { roundToHundredth } from '../../lib/number.ts';
import type { GapRow } from './gap-query.ts';
import { routeNotes } from './notes.ts';
import type { Gap, RouteSummary, RouteUnitShare, RouteValues, TakenParcel, UseShare, ZoneShare } from './outputs.ts';
import type { RouteZoneRow } from './part-query.ts';
import { ROUTE_LIMITS, type RouteRequest } from './route-request.ts';
import type { TakeRow } from './take-query.ts';
import { type PriceTable, sumValues } from './valuation.ts';

/** Everything that was measured along a line. */
export interface Takings {
  readonly request: RouteRequest;
  readonly zone: number;
  readonly lengthM: number;
  readonly corridorM2: number;
  /** Every parcel, excluded ones too. */
  readonly rows: readonly TakeRow[];
  /** Ordered along the line. */
  readonly gaps: readonly GapRow[];
  readonly zones: readonly RouteZoneRow[];
  /** Names of uses by their codes. */
  readonly useNames: ReadonlyMap<string, { readonly name: string; readonly nameEn: string | null }>;
  /** Null if no price table is loaded. */
  readonly prices: PriceTable | null;
}

/** Returns true if the parcel has a use that is taken. */
function isTaken({ uses }: Pick<TakeRow, 'uses'>, { excludedUses }: Pick<RouteRequest, 'excludedUses'>): boolean {
  return uses.some(({ code }) => !excludedUses.includes(code));
}

/** Returns the parcels taken in the order of the line, each with its row. */
export function takenRows({
  rows,
  request,
  prices,
}: Pick<Takings, 'rows' | 'request' | 'prices'>): { row: TakeRow; parcel: TakenParcel }[] {
  const taken = rows.filter((row) => isTaken(row, request)).map((row) => ({ row, parcel: toParcel(row, prices) }));
  return taken.sort(
    (a, b) => a.row.fromM - b.row.fromM || a.row.toM - b.row.toM || Number(a.row.id) - Number(b.row.id),
  );
}

/** Returns a gap as the answer and the layer have it. */
export function toGap({ unit, fromM, toM, areaM2, isSliver }: GapRow): Gap {
  return {
    kind: unit ? 'without_parcel' : 'outside_units',
    fromM: roundToHundredth(fromM),
    toM: roundToHundredth(toM),
    unit,
    areaM2: roundToHundredth(areaM2),
    isSliver,
  };
}

function toParcel(row: TakeRow, prices: PriceTable | null): TakenParcel {
  const remnants = remnantsOf(row);
  const uses = sharesOf(row).map((use) => ({ ...use, takenM2: roundToHundredth(use.takenM2) }));
  return {
    id: row.id,
    fromM: roundToHundredth(row.fromM),
    toM: roundToHundredth(row.toM),
    unit: { code: row.unitCode, validFrom: row.unitValidFrom, name: row.unitName },
    sheet: row.sheet,
    number: row.number,
    former: [...row.former],
    uses,
    legalAreaM2: row.legalAreaM2,
    areaM2: roundToHundredth(row.areaM2),
    takenM2: roundToHundredth(row.takenM2),
    takenPercent: roundToHundredth((100 * row.takenM2) / row.areaM2),
    leftM2: roundToHundredth(Math.max(0, row.areaM2 - row.takenM2)),
    leftPieces: row.left.length,
    remnants,
    buildings: row.buildings,
    ...(prices && { value: prices.valueOf({ unitCode: row.unitCode, address: row.address, uses }) }),
  };
}

/** Returns the pieces left that are smaller than the rule allows. */
function remnantsOf({ left, threshold, thresholdUse }: TakeRow): TakenParcel['remnants'] {
  if (threshold === null || thresholdUse === null) return [];
  return left
    .filter(({ areaM2 }) => areaM2 < threshold)
    .map(({ areaM2 }) => ({ areaM2: roundToHundredth(areaM2), thresholdM2: threshold, use: thresholdUse }));
}

/** Shares the part taken out among the uses, in proportion to their areas; equally if one is unknown or all are 0. */
function sharesOf({ uses, takenM2 }: TakeRow): { code: string; areaM2: number | null; takenM2: number }[] {
  const sum = uses.reduce((total, { areaM2 }) => total + (areaM2 ?? 0), 0);
  const isKnown = sum > 0 && uses.every(({ areaM2 }) => areaM2 !== null);
  return uses.map(({ code, areaM2 }) => ({
    code,
    areaM2,
    takenM2: takenM2 * (isKnown ? (areaM2 ?? 0) / sum : 1 / uses.length),
  }));
}

/** Returns the answer. */
export function routeValues(takings: Takings): RouteValues {
  const rows = takenRows(takings);
  const [taken, parcels] = [rows.map(({ row }) => row), rows.map(({ parcel }) => parcel)];
  const summary = summaryOf(takings, taken, parcels);
  const { request } = takings;
  const value = takings.prices && sumValues(parcels.flatMap((parcel) => parcel.value ?? []));
  return {
    summary,
    line: request.reading,
    parcels: parcels.slice(0, ROUTE_LIMITS.shown),
    parcelsTruncated: parcels.length > ROUTE_LIMITS.shown,
    gaps: takings.gaps.slice(0, ROUTE_LIMITS.shown).map(toGap),
    byUse: usesOf(taken, takings.useNames),
    byUnit: unitsOf(taken, takings.gaps),
    byZone: zonesOf(takings.zones),
    value,
    notes: routeNotes({
      ...{ summary, value, reading: request.reading },
      isTruncated: Math.max(parcels.length, takings.gaps.length) > ROUTE_LIMITS.shown,
    }),
  };
}

function summaryOf(takings: Takings, taken: readonly TakeRow[], parcels: readonly TakenParcel[]): RouteSummary {
  const { request, rows, gaps, corridorM2 } = takings;
  const takenM2 = sum(taken, ({ takenM2 }) => takenM2);
  const allM2 = sum(rows, ({ takenM2 }) => takenM2);
  const gapM2 = sum(gaps, ({ areaM2 }) => areaM2);
  const insideM2 = sum(gaps, ({ unit, areaM2 }) => (unit ? areaM2 : 0));
  return {
    lengthM: roundToHundredth(takings.lengthM),
    leftM: request.profile.left,
    rightM: request.profile.right,
    caps: request.profile.caps,
    srid: takings.zone,
    corridorM2: roundToHundredth(corridorM2),
    parcels: taken.length,
    takenM2: roundToHundredth(takenM2),
    excludedParcels: rows.length - taken.length,
    excludedM2: roundToHundredth(allM2 - takenM2),
    withoutParcelM2: roundToHundredth(insideM2),
    outsideUnitsM2: roundToHundredth(gapM2 - insideM2),
    countedTwiceM2: roundToHundredth(Math.max(0, allM2 + gapM2 - corridorM2)),
    remnants: sum(parcels, ({ remnants }) => remnants.length),
    buildings: request.layers.buildings ? sum(taken, ({ buildings }) => buildings ?? 0) : null,
  };
}

function usesOf(taken: readonly TakeRow[], names: Takings['useNames']): UseShare[] {
  const shares = new Map<string, { parcels: number; takenM2: number }>();
  for (const { code, takenM2 } of taken.flatMap(sharesOf)) {
    const before = shares.get(code) ?? { parcels: 0, takenM2: 0 };
    shares.set(code, { parcels: before.parcels + 1, takenM2: before.takenM2 + takenM2 });
  }
  return [...shares]
    .map(([code, { parcels, takenM2 }]) => {
      const named = names.get(code);
      return {
        code,
        nameVi: named?.name ?? code,
        nameEn: named?.nameEn ?? code,
        parcels,
        takenM2: roundToHundredth(takenM2),
      };
    })
    .sort((a, b) => b.takenM2 - a.takenM2 || a.code.localeCompare(b.code));
}

function unitsOf(taken: readonly TakeRow[], gaps: readonly GapRow[]): RouteUnitShare[] {
  const shares = new Map<string, RouteUnitShare>();
  const add = (unit: Pick<RouteUnitShare, 'code' | 'validFrom' | 'name'>, more: Partial<RouteUnitShare>) => {
    const key = `${unit.code} ${unit.validFrom}`;
    const before = shares.get(key) ?? { ...unit, parcels: 0, takenM2: 0, withoutParcelM2: 0 };
    shares.set(key, {
      ...before,
      parcels: before.parcels + (more.parcels ?? 0),
      takenM2: before.takenM2 + (more.takenM2 ?? 0),
      withoutParcelM2: before.withoutParcelM2 + (more.withoutParcelM2 ?? 0),
    });
  };
  for (const { unitCode, unitValidFrom, unitName, takenM2 } of taken) {
    add({ code: unitCode, validFrom: unitValidFrom, name: unitName }, { parcels: 1, takenM2 });
  }
  for (const { unit, areaM2 } of gaps) if (unit) add(unit, { withoutParcelM2: areaM2 });
  return [...shares.values()]
    .map((share) => ({
      ...share,
      takenM2: roundToHundredth(share.takenM2),
      withoutParcelM2: roundToHundredth(share.withoutParcelM2),
    }))
    .filter(({ takenM2, withoutParcelM2 }) => takenM2 + withoutParcelM2 > 0)
    .sort((a, b) => b.takenM2 - a.takenM2 || a.code.localeCompare(b.code));
}

function zonesOf(rows: readonly RouteZoneRow[]): ZoneShare[] {
  const shares = new Map<string, ZoneShare>();
  for (const row of rows) {
    const key = JSON.stringify([row.plan, row.zoneCode, row.name, row.decision, row.period]);
    shares.set(key, { ...row, areaM2: row.areaM2 + (shares.get(key)?.areaM2 ?? 0) });
  }
  return [...shares.values()]
    .map((share) => ({ ...share, areaM2: roundToHundredth(share.areaM2) }))
    .filter(({ areaM2 }) => areaM2 > 0)
    .sort((a, b) => a.plan.localeCompare(b.plan) || b.areaM2 - a.areaM2 || a.zoneCode.localeCompare(b.zoneCode));
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
