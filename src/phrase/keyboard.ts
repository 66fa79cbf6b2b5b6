/** Reads Vietnamese from the keys of Telex or VNI, typed with the keyboard switched off: `phuwowngf`, `phu7o7ng2`. */

/** Combining marks of tones, and of qualities (circumflex, horn, breve). */
const TONES: Readonly<Record<string, string>> = {
  s: '\u0301',
  f: '\u0300',
  r: '\u0309',
  x: '\u0303',
  j: '\u0323',
  1: '\u0301',
  2: '\u0300',
  3: '\u0309',
  4: '\u0303',
  5: '\u0323',
};
const CIRCUMFLEX = '\u0302';
const HORN = '\u031b';
const BREVE = '\u0306';

/** Onset, vowels and coda of a syllable, without marks. */
const SYLLABLE =
  /^((?:ngh|ng|gh|nh|ch|kh|ph|th|tr|gi(?=[aeouy])|qu|[bcdđghklmnprstvx])?)([aeiouy]{1,3})((?:ch|ng|nh|[cmnpt])?)$/i;

interface Keys {
  /** The word without the keys of marks. */
  readonly letters: string;
  readonly tone: string | undefined;
  /** Quality of each vowel that has one, by its place among the vowels. */
  readonly qualities: ReadonlyMap<number, string>;
}

/**
 * Returns the text with the words that are keys of Telex or VNI read as Vietnamese.
 * @returns undefined if there is no such word
 */
export function readKeys(text: string): string | undefined {
  const read = text.replace(/[A-Za-z][A-Za-z\d]*/g, (word) => {
    const keys = /\d/.test(word) ? readVni(word) : readTelex(word);
    return (keys && composeWord(keys)) ?? word;
  });
  return read === text ? undefined : read;
}

/** Takes the keys of marks out of a word, in front of which stands a vowel. */
function readTelex(word: string): Keys | undefined {
  const start = word.search(/[aeiouyw]/i);
  if (start < 0) return undefined;
  const qualities = new Map<number, string>();
  let letters = word.slice(0, start).replace(/dd/i, (pair) => (pair[0] === 'D' ? 'Đ' : 'đ'));
  let tone: string | undefined;
  let vowels = 0;
  for (const letter of word.slice(start)) {
    const key = letter.toLowerCase();
    if (key in TONES && vowels > 0) tone = TONES[key];
    else if (key === 'w' && vowels > 0) markHorns(letters, vowels, qualities);
    else if (/[aeo]/.test(key) && letters.at(-1)?.toLowerCase() === key) qualities.set(vowels - 1, CIRCUMFLEX);
    else {
      letters += letter;
      if (/[aeiouy]/.test(key)) vowels++;
    }
  }
  return { letters, tone, qualities };
}

/** `w` marks the last vowel that can have a horn or a breve, and both of `uo`. */
function markHorns(letters: string, vowels: number, qualities: Map<number, string>): void {
  const all = letters.toLowerCase().match(/[aeiouy]/g) ?? [];
  const own = all.slice(-vowels);
  const place = own.findLastIndex((vowel) => /[aou]/.test(vowel));
  if (place < 0) return;
  qualities.set(place, own[place] === 'a' && own[place - 1] !== 'u' ? BREVE : HORN);
  if (own[place] === 'a' && own[place - 1] === 'u') {
    qualities.delete(place);
    qualities.set(place - 1, HORN);
  }
  if (own[place] === 'o' && own[place - 1] === 'u') qualities.set(place - 1, HORN);
}

function readVni(word: string): Keys | undefined {
  const qualities = new Map<number, string>();
  let letters = '';
  let tone: string | undefined;
  let vowels = 0;
  for (const key of word) {
    if (/[A-Za-z]/.test(key)) {
      letters += key;
      if (/[aeiouy]/i.test(key)) vowels++;
    } else if (key === '9' && /^d/i.test(letters)) letters = (letters[0] === 'D' ? 'Đ' : 'đ') + letters.slice(1);
    else if (vowels === 0 || (key in TONES && tone !== undefined)) return undefined;
    else if (key in TONES) tone = TONES[key];
    else if (key === '6') qualities.set(vowels - 1, CIRCUMFLEX);
    else if (key === '7') qualities.set(vowels - 1, HORN);
    else if (key === '8') qualities.set(vowels - 1, BREVE);
    else return undefined;
  }
  return { letters, tone, qualities };
}

/** Returns the word with its marks; undefined if its letters are no syllable. */
function composeWord({ letters, tone = '', qualities }: Keys): string | undefined {
  const [, onset, vowels, coda] = SYLLABLE.exec(letters) ?? [];
  if (onset === undefined || vowels === undefined || coda === undefined) return undefined;
  // The vowels of `qu` and `gi` belong to the onset.
  const before = onset.match(/[aeiouy]/gi)?.length ?? 0;
  const last = Math.max(-1, ...[...qualities.keys()].map((place) => place - before));
  const toned = last >= 0 ? last : coda || vowels.length === 1 ? vowels.length - 1 : vowels.length - 2;
  const marked = [...vowels].map(
    (vowel, place) => vowel + (qualities.get(place + before) ?? '') + (place === toned ? tone : ''),
  );
  return (onset + marked.join('') + coda).normalize('NFC');
}
