import type { NamedByWords, RecognizedUnits, UnitGroup, UnitReference } from './units.ts';

/**
 * One unit in which to look. The lower the tier, the better the match; null: not looked for. Tiers up to 1 are what the
 * question says, 2 is the other side of a reform.
 */
export interface ScopeEntry extends UnitReference {
  readonly current: number | null;
  readonly former: number | null;
}

export interface Scope {
  /** undefined: anywhere. */
  readonly entries: readonly ScopeEntry[] | undefined;
  /** Units that the question names, for the answer. */
  readonly units: readonly UnitReference[] | undefined;
}

const referenceKey = ({ code, validFrom }: UnitReference) => `${code} ${validFrom}`;

/**
 * Returns the units in which a question looks for numbers. A district or a former province in the line means an old
 * certificate, so that former numbers come first.
 */
export function scopeOf({ groups }: RecognizedUnits, isFormer: boolean): Scope {
  const own = chooseGroup(groups);
  const { communes, context, districts } = inContext(groups, own);
  const isOld = isFormer || districts.size > 0 || context.some(({ level, validTo }) => level === 'province' && validTo);
  if (own) {
    // Without a kind `Thủ Dầu Một` is the ward of today and the city of before.
    const wider = own.isMarked ? [] : own.units.filter(({ level }) => level === 'district');
    return scope(communes, wider, isOld);
  }
  const named = groups.flatMap(({ units }) => units).filter(({ level }) => level === 'district');
  return named.length ? scope([], named, true) : { entries: undefined, units: undefined };
}

/** Returns the communes that a text names, in the district that it names. */
export function communesOf({ groups }: RecognizedUnits): readonly NamedByWords[] {
  return inContext(groups, chooseGroup(groups)).communes;
}

/** Returns the communes of a group, and the other units that the words name. */
function inContext(groups: readonly UnitGroup[], own: UnitGroup | undefined) {
  const context = groups.filter((group) => group !== own).flatMap(({ units }) => units);
  const districts = new Set(context.filter(({ level }) => level === 'district').map(({ code }) => code));
  const named = own?.units.filter(({ level }) => level === 'commune') ?? [];
  const inside = named.filter((unit) => isIn(unit, districts));
  return { communes: inside.length ? inside : named, context, districts };
}

/** Returns the group that names the commune: one with its kind, then one that can be nothing else, then the first. */
function chooseGroup(groups: readonly UnitGroup[]): UnitGroup | undefined {
  const candidates = groups.filter(({ units }) => units.some(({ level }) => level === 'commune'));
  return (
    candidates.find(({ isMarked, units }) => isMarked && units.every(({ level }) => level === 'commune')) ??
    candidates.find(({ units }) => units.every(({ level }) => level === 'commune')) ??
    candidates.find(({ isMarked }) => !isMarked)
  );
}

function isIn({ parentCode, predecessors, validTo }: NamedByWords, districts: ReadonlySet<string>): boolean {
  if (districts.size === 0) return true;
  const parents = validTo === null ? predecessors.map((each) => each.parentCode) : [parentCode];
  return parents.some((code) => code !== null && districts.has(code));
}

function scope(communes: readonly NamedByWords[], districts: readonly NamedByWords[], isOld: boolean): Scope {
  const entries = new Map<string, ScopeEntry>();
  const add = (unit: UnitReference, current: number | null, former: number | null) => {
    const known = entries.get(referenceKey(unit));
    const lower = (a: number | null | undefined, b: number | null) =>
      a === null || a === undefined ? b : b === null ? a : Math.min(a, b);
    entries.set(referenceKey(unit), {
      ...unit,
      current: lower(known?.current, current),
      former: lower(known?.former, former),
    });
  };
  for (const unit of communes) add(unit, isOld ? 1 : 0, unit.validTo === null || !isOld ? 1 : 0);
  for (const { communes: own } of districts) for (const unit of own) add(unit, 1, communes.length ? 1 : 0);
  for (const { successors, predecessors } of communes) {
    for (const unit of successors) add(unit, 2, null);
    for (const unit of predecessors) add(unit, null, 2);
  }
  for (const { successors } of districts) for (const unit of successors) add(unit, 2, null);
  const units = [...communes, ...districts].map(({ code, validFrom, validTo, name }) => ({
    code,
    validFrom,
    validTo,
    name,
  }));
  return { entries: [...entries.values()], units };
}
