import type { Mention } from './mentions.ts';
import { type KnownName, meantNames } from './typing-faults.ts';

/** Most corrections offered. */
const MOST = 3;

/** Most words of a name. */
const LONGEST = 6;

/** Returns full names of units that the words of mentions may have meant, the likeliest first. */
export function correctUnits(mentions: readonly Mention[], names: readonly KnownName[]): string[] {
  const runs = mentions.flatMap(({ words }) => {
    const texts = words.map(({ text }) => text);
    return texts.flatMap((_, from) =>
      texts.slice(from, from + LONGEST).map((_, length) => texts.slice(from, from + length + 1)),
    );
  });
  return meantNames(names, runs).slice(0, MOST);
}
