import { groupBy } from '../lib/group.ts';
import { fold } from '../lib/text.ts';
import { type Gram, gramsOf, isNoise, type Mention, type UnitLevel } from './mentions.ts';
import type { PhraseWord } from './words.ts';

/** Key and name of a unit. `validTo` is null for one in force. */
export interface UnitReference {
  readonly code: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly name: string;
}

/** A unit that words of a question can name, with its relatives. */
export interface NamedByWords extends UnitReference {
  readonly level: UnitLevel;
  /** Name without its kind, as {@link Gram.key}. */
  readonly key: string;
  /** First letters of the name: `tdm`. */
  readonly initials: string;
  readonly parentCode: string | null;
  /** Units that replaced it, or for a district its communes. */
  readonly successors: readonly UnitReference[];
  /** Units that it replaced, and their districts. */
  readonly predecessors: readonly (UnitReference & { readonly parentCode: string | null })[];
  /** Communes of a district. */
  readonly communes: readonly UnitReference[];
}

/** Units that one run of words names. */
export interface UnitGroup {
  readonly units: readonly NamedByWords[];
  /** True if a kind in front says which level is meant. */
  readonly isMarked: boolean;
  readonly mention: number;
  readonly from: number;
  readonly to: number;
}

export interface RecognizedUnits {
  readonly groups: readonly UnitGroup[];
  /** Words after a kind (`phường Atlantis`) that name no unit. */
  readonly unknown: readonly string[];
  /** Other words that were not understood. */
  readonly others: readonly string[];
}

/** Fewest letters by which initials without a kind name a unit. */
const INITIALS = 3;

/** Finds the units that mentions name: the longest runs of words first, from left to right. */
export function recognizeUnits(mentions: readonly Mention[], named: readonly NamedByWords[]): RecognizedUnits {
  const grams = gramsOf(mentions);
  const byKey = groupBy(named, ({ key }) => key);
  const read = (index: number) => readMention(index, mentions[index] as Mention, { grams, byKey, named });
  const indexes = mentions.map((_, index) => index);
  const plain = indexes.filter((index) => !mentions[index]?.isAside).map(read);
  const hasCommune = plain.some(({ groups }) => groups.some(({ units }) => units.some(isCommune)));
  const asides = hasCommune ? [] : indexes.filter((index) => mentions[index]?.isAside).map(read);
  return {
    groups: climb([...plain, ...asides].flatMap(({ groups }) => groups)),
    unknown: plain.filter(({ isMarked, groups }) => isMarked && groups.length === 0).map(({ left }) => shownOf(left)),
    others: plain
      .filter(({ isMarked, groups }) => !isMarked || groups.length > 0)
      .map(({ left }) => shownOf(left.filter((word) => !isNoise(word))))
      .filter(Boolean),
  };
}

const HEIGHTS: Readonly<Record<UnitLevel, number>> = { commune: 0, district: 1, province: 2 };

/**
 * Lets names without a kind climb: in `huyện Phú Giáo, Bình Dương` what follows the district is the province, not the
 * ward of that name.
 */
function climb(groups: readonly UnitGroup[]): UnitGroup[] {
  let height = -1;
  return groups.map((group) => {
    const higher = group.units.filter(({ level }) => HEIGHTS[level] > height);
    if (group.isMarked) height = Math.min(...group.units.map(({ level }) => HEIGHTS[level]));
    return group.isMarked || higher.length === 0 ? group : { ...group, units: higher };
  });
}

function isCommune({ level }: NamedByWords): boolean {
  return level === 'commune';
}

function shownOf(words: readonly PhraseWord[]): string {
  return words.map(({ shown }) => shown).join(' ');
}

interface KnownUnits {
  readonly grams: readonly Gram[];
  readonly byKey: ReadonlyMap<string, readonly NamedByWords[]>;
  readonly named: readonly NamedByWords[];
}

function readMention(index: number, { words, levels, kind, isAside }: Mention, { grams, byKey, named }: KnownUnits) {
  const own = grams.filter(({ mention }) => mention === index);
  const groups: UnitGroup[] = [];
  const left: PhraseWord[] = [];
  for (let at = 0; at < words.length; ) {
    const isFirst = levels !== undefined && groups.length === 0;
    const [gram, units] = longest(own, at, (each) => {
      const byName = byKey.get(each.key) ?? [];
      const found = byName.length || each.to - each.from > 1 ? byName : byInitials(each, named, isFirst);
      const fitting = found.filter(({ level }) => !isFirst || levels.includes(level));
      // Kinds change, but `phường Tân Định` is not the commune of that name while there is such a ward.
      const exact = fitting.filter(({ name }) => isFirst && kind !== undefined && fold(name).startsWith(`${kind} `));
      return [exact, fitting, found].find(({ length }) => length > 0) ?? [];
    });
    if (gram) groups.push({ units, isMarked: isFirst, mention: index, from: gram.from, to: gram.to });
    else left.push(words[at] as PhraseWord);
    at = gram?.to ?? at + 1;
  }
  return { groups, left, isMarked: levels !== undefined && !isAside };
}

function longest(
  grams: readonly Gram[],
  at: number,
  unitsOf: (gram: Gram) => readonly NamedByWords[],
): readonly [Gram | undefined, readonly NamedByWords[]] {
  for (const gram of grams.filter(({ from }) => from === at)) {
    const units = unitsOf(gram);
    if (units.length) return [gram, units];
  }
  return [undefined, []];
}

function byInitials({ key }: Gram, named: readonly NamedByWords[], isMarked: boolean): readonly NamedByWords[] {
  if (key.length < (isMarked ? 2 : INITIALS)) return [];
  return named.filter(({ initials }) => initials === key);
}
