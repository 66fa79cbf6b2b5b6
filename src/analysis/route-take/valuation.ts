import { groupBy } from '../../lib/group.ts';
import { roundToHundredth } from '../../lib/number.ts';
import { readStreet, streetKey } from '../../phrase/street-name.ts';
import { RULE_STATUS_WORDS, type RuleStatus } from '../rule-status.ts';
import type { PriceRow } from './price-query.ts';
import { NOT_VALUED, type NotValued, type ParcelValue, type PartValue, type ValueSum } from './value-schema.ts';

/** A table states the price of a street's front, which is position 1. The price of a region is that of its position. */
const COEFFICIENT = 1;
/** Uses above a use; the tree has three levels. */
const MOST_LEVELS = 8;

/** The parts taken of a parcel, and its place in the table. */
export interface TakenGround {
  readonly unitCode: string;
  /** Null if there is none, or the principal may not see it. */
  readonly address: string | null;
  readonly uses: readonly { readonly code: string; readonly takenM2: number }[];
}

/** The prices in force, by use. A use without a price has that of the nearest use above. */
export class PriceTable {
  readonly #byUse: ReadonlyMap<string, readonly PriceRow[]>;
  readonly #parents: ReadonlyMap<string, string | null>;

  constructor(prices: readonly PriceRow[], uses: readonly { code: string; parent: string | null }[]) {
    this.#byUse = groupBy(prices, ({ useCode }) => useCode);
    this.#parents = new Map(uses.map(({ code, parent }) => [code, parent]));
  }

  /** Returns the value with every factor. A part whose price the data do not determine has none, and says why. */
  valueOf(ground: TakenGround): ParcelValue {
    const parts = ground.uses.map(({ code, takenM2 }) => toValue(this.#find(code, ground), { use: code, takenM2 }));
    return { ...sumParts(parts), parts };
  }

  #find(code: string, { unitCode, address }: TakenGround): PriceRow | NotValued {
    const rows = this.#rowsOf(code, unitCode);
    if (rows.length === 0) return 'no_price';
    const street = address === null ? undefined : readStreet(address);
    const segments = rows.filter((row) => row.street !== null && streetKey(row.street) === street?.key);
    if (segments.length > 0) return street?.isAlley ? 'alley' : only(segments, 'several_segments');
    const regions = rows.filter((row) => row.street === null);
    if (regions.length > 0) return only(regions, 'several_positions');
    return street ? 'street_not_listed' : 'no_street';
  }

  /** Returns the prices of a use in a commune, else those of the nearest use above that has any. */
  #rowsOf(code: string, unitCode: string): readonly PriceRow[] {
    let use: string | null = code;
    for (let level = 0; use !== null && level < MOST_LEVELS; level++) {
      const rows: readonly PriceRow[] = this.#byUse.get(use) ?? [];
      const held = rows.filter((row) => row.unitCode === null || row.unitCode === unitCode);
      if (held.length > 0) return held;
      use = this.#parents.get(use) ?? null;
    }
    return [];
  }
}

/** Returns the one price; prices of the commune come before those of everywhere. */
function only(rows: readonly PriceRow[], otherwise: NotValued): PriceRow | NotValued {
  const own = rows.filter(({ unitCode }) => unitCode !== null);
  const [price, ...others] = own.length > 0 ? own : rows;
  return price && others.length === 0 ? price : otherwise;
}

function toValue(found: PriceRow | NotValued, part: Pick<PartValue, 'use' | 'takenM2'>): PartValue {
  if (typeof found === 'string') {
    return { ...part, vnd: null, price: null, notValued: found, notValuedText: NOT_VALUED[found] };
  }
  const { document, street, fromPlace: from, toPlace: to, region, isChecked } = found;
  const vndM2 = found.thousandVndM2 * 1000;
  const position = street === null ? found.position : 1;
  const status = isChecked ? 'checked' : 'unchecked';
  return {
    ...part,
    vnd: Math.round(part.takenM2 * vndM2 * COEFFICIENT),
    price: { document, street, from, to, region, position, coefficient: COEFFICIENT, vndM2, status },
    ...{ notValued: null, notValuedText: null },
  };
}

type PartSums = Pick<ValueSum, 'vnd' | 'valuedM2' | 'notValuedM2'>;

function sumParts(parts: readonly PartValue[]): PartSums {
  const valued = parts.filter(({ vnd }) => vnd !== null);
  return {
    vnd: valued.length > 0 ? valued.reduce((sum, { vnd }) => sum + (vnd ?? 0), 0) : null,
    valuedM2: partArea(valued),
    notValuedM2: partArea(parts.filter(({ vnd }) => vnd === null)),
  };
}

const partArea = (parts: readonly PartValue[]) =>
  roundToHundredth(parts.reduce((sum, { takenM2 }) => sum + takenM2, 0));

/** Sums the values of parcels: what is valued, and by reason what is not. */
export function sumValues(values: readonly ParcelValue[]): ValueSum {
  const parts = values.flatMap((value) => value.parts);
  const prices = parts.flatMap(({ price }) => price ?? []);
  const areChecked = prices.length > 0 && prices.every((price) => price.status === 'checked');
  const status: RuleStatus = areChecked ? 'checked' : 'unchecked';
  const reasons = groupBy(parts, ({ notValued }) => notValued);
  reasons.delete(null);
  return {
    ...sumParts(parts),
    notValued: [...reasons].map(([reason, some]) => ({
      reason: reason as NotValued,
      text: NOT_VALUED[reason as NotValued],
      takenM2: partArea(some),
    })),
    documents: [...new Set(prices.map(({ document }) => document))].sort(),
    ...{ status, statusText: RULE_STATUS_WORDS[status] },
  };
}
