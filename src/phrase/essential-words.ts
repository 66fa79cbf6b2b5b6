import type { PhraseWord } from './words.ts';

/** Words around the name of a place that are no part of it. */
const AROUND =
  /(?<![^ ])(?:uy ban nhan dan|ubnd|dia ban|khu vuc|ban do|tru so|vi tri|doan|tuyen|gan|quanh|cho (?:toi|em|minh) (?:hoi|xem)|cho hoi|cho xem|tim|tra cuu|xem|o dau|nam o dau|hang (?:i{1,3}|iv|[1-4]))(?![^ ])/g;

/** Number of a house in front of its street: `15/3`, `số nhà 7`. */
const HOUSE = /^(?:hem )?(?:so (?:nha )?)?\d+[a-z]?(?: [/-] \d+[a-z]?)*(?: ,)?(?= [a-z]{2})/g;

/** Returns the words of a question without those around a place: who governs it, which house, a polite phrase. */
export function essentialWords(words: readonly PhraseWord[]): PhraseWord[] {
  return [AROUND, HOUSE].reduce<readonly PhraseWord[]>(without, words).slice();
}

function without(words: readonly PhraseWord[], pattern: RegExp): PhraseWord[] {
  const text = words.map((word) => word.text).join(' ');
  const left = new Set<number>();
  for (const match of text.matchAll(pattern)) {
    const first = text.slice(0, match.index).split(' ').length - 1;
    for (let step = 0; step < match[0].split(' ').length; step++) left.add(first + step);
  }
  return words.filter((_, index) => !left.has(index));
}
