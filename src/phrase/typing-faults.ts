import { fold } from '../lib/text.ts';

/**
 * Returns true if two texts differ by at most one typing fault: a letter too many, too few, wrong, or two swapped.
 */
function isOneFaultApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const swapped = a.slice(0, at) + (a[at + 1] ?? '') + (a[at] ?? '') + a.slice(at + 2);
  return (
    a.slice(at + 1) === b.slice(at + 1) ||
    a.slice(at + 1) === b.slice(at) ||
    a.slice(at) === b.slice(at + 1) ||
    swapped === b
  );
}

/**
 * Counts the typing faults by which a typed name differs from `name`: at most one a word, or one with a space.
 * @returns undefined if it differs by more, or not at all
 */
function countFaults(name: readonly string[], typed: readonly string[]): number | undefined {
  const [whole, wanted] = [typed.join(''), name.join('')];
  if (whole === wanted) return undefined;
  if (wanted.length >= 5 && isOneFaultApart(whole, wanted)) return 1;
  if (name.length !== typed.length || wanted.length < 4) return undefined;
  const faulty = name.filter((word, index) => word !== typed[index]);
  const isMeant = name.every(
    (word, index) => word === typed[index] || (word.length > 1 && isOneFaultApart(typed[index] as string, word)),
  );
  return isMeant ? faulty.length : undefined;
}

/** A name in the data, and the words by which it is compared. */
export interface KnownName {
  readonly name: string;
  /** Folded words and numbers. */
  readonly words: readonly string[];
}

/** Returns names with their words; of those that differ in tone marks only, the first. */
export function knownNames(names: readonly { readonly name: string; readonly compared?: string }[]): KnownName[] {
  const known = new Map<string, KnownName>();
  for (const { name, compared = name } of names) {
    const words = fold(compared).match(/[a-z]+|\d+/g) ?? [];
    const key = words.join(' ');
    if (!known.has(key)) known.set(key, { name, words });
  }
  return [...known.values()];
}

/** Returns the names that any of the texts may mean: those with the fewest faults first, then the longest. */
export function meantNames(names: readonly KnownName[], texts: readonly (readonly string[])[]): string[] {
  return names
    .flatMap(({ name, words }) => {
      const faults = texts.flatMap((typed) => countFaults(words, typed) ?? []);
      return faults.length ? [{ name, faults: Math.min(...faults), length: words.join('').length }] : [];
    })
    .sort((a, b) => a.faults - b.faults || b.length - a.length)
    .map(({ name }) => name);
}

/** Fewest letters that are read as initials. */
const FEWEST_INITIALS = 3;

/** Returns true if a single word is the initials of a name: `nkkn` of Nam Kỳ Khởi Nghĩa. */
export function isInitials(name: readonly string[], typed: readonly string[]): boolean {
  const [word = ''] = typed;
  return typed.length === 1 && word.length >= FEWEST_INITIALS && name.map(([letter]) => letter).join('') === word;
}
