import type { Mention } from './mentions.ts';
import type { RecognizedUnits } from './units.ts';
import type { PhraseWord } from './words.ts';

const KIND_WORDS = new Set('phuong p xa x tt thi tran thanh pho tp quan q huyen h tx tinh'.split(' '));

/** Kinds behind the name, in English. */
const KINDS_BEHIND = new Set('ward commune district city town province'.split(' '));

/** Units whose kinds, and whose names, are left out. */
interface LeftOutUnits {
  readonly kindsOf: RecognizedUnits['groups'];
  readonly namesOf: RecognizedUnits['groups'];
}

/** Returns the words of a question without the names of some units, and without the kinds beside those of some. */
export function wordsBesideUnits(
  words: readonly PhraseWord[],
  mentions: readonly Mention[],
  { kindsOf, namesOf }: LeftOutUnits,
): PhraseWord[] {
  const named = (groups: RecognizedUnits['groups']) =>
    new Set(groups.flatMap(({ mention, from, to }) => mentions[mention]?.words.slice(from, to) ?? []));
  const [taken, names] = [named(kindsOf), named(namesOf)];
  const kinds = new Set<PhraseWord>();
  const isTaken = (word: PhraseWord | undefined) => word !== undefined && (taken.has(word) || kinds.has(word));
  for (const [index, word] of [...words.entries()].reverse()) {
    if (isTaken(words[index + 1]) && !taken.has(word) && (KIND_WORDS.has(word.text) || word.text === '.'))
      kinds.add(word);
  }
  for (const [index, word] of words.entries()) {
    if (isTaken(words[index - 1]) && KINDS_BEHIND.has(word.text)) kinds.add(word);
  }
  return words.filter((word) => !names.has(word) && !kinds.has(word));
}
