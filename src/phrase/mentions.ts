import { isMark, isNumber, type PhraseWord } from './words.ts';

export type UnitLevel = 'commune' | 'district' | 'province';

/** Words of a question that may name a unit. */
export interface Mention {
  /** Levels that the kind in front allows (`phường`: communes); undefined without a kind. */
  readonly levels: readonly UnitLevel[] | undefined;
  /** Kind in front, in full and folded: `phuong` for `P.`; undefined if it says the level only. */
  readonly kind: string | undefined;
  /** True after words such as `đường` or `ấp`: the words name something else unless nothing better is found. */
  readonly isAside: boolean;
  readonly words: readonly PhraseWord[];
}

const COMMUNE = ['commune'] as const;
const DISTRICT = ['district'] as const;
const CITY = ['district', 'province'] as const;

/** Words for kinds of units, the longest first: the level, and the kind in full where the word means one. */
const UNIT_KINDS: readonly (readonly [cue: readonly string[], levels: readonly UnitLevel[], kind?: string])[] = [
  [['thi', 'tran'], COMMUNE, 'thi tran'],
  [['thi', 'xa'], DISTRICT, 'thi xa'],
  [['thanh', 'pho'], CITY, 'thanh pho'],
  [['t', '.', 'p'], CITY, 'thanh pho'],
  [['phuong'], COMMUNE, 'phuong'],
  [['phg'], COMMUNE, 'phuong'],
  [['ph'], COMMUNE, 'phuong'],
  [['p'], COMMUNE, 'phuong'],
  [['f'], COMMUNE, 'phuong'],
  [['xa'], COMMUNE, 'xa'],
  [['x'], COMMUNE, 'xa'],
  [['tt'], COMMUNE, 'thi tran'],
  [['ward'], COMMUNE],
  [['commune'], COMMUNE],
  [['quan'], DISTRICT, 'quan'],
  [['q'], DISTRICT, 'quan'],
  [['huyen'], DISTRICT, 'huyen'],
  [['h'], DISTRICT, 'huyen'],
  [['tx'], DISTRICT, 'thi xa'],
  [['district'], DISTRICT],
  [['tp'], CITY, 'thanh pho'],
  [['city'], CITY],
  [['tinh'], ['province'], 'tinh'],
  [['province'], ['province']],
];

/** Parts of an address that are no units. A number may follow them. */
const ASIDES: readonly (readonly string[])[] = [
  ['khu', 'pho'],
  ['khu', 'dan', 'cu'],
  ['khu', 'dan', '~cu'],
  ['khu', 'tai', 'dinh', 'cu'],
  ['khu', 'tai', 'dinh', '~cu'],
  ['khu', 'do', 'thi'],
  ['khu', 'cong', 'nghiep'],
  ['to', 'dan', 'pho'],
  ['~to', 'dan', 'pho'],
  ['chung', '~cu'],
  ['chung', 'cu'],
  ['so', 'nha'],
  ['quoc', 'lo'],
  ['xa', 'lo'],
  ['~xa', 'lo'],
  ['tinh', 'lo'],
  ['dai', 'lo'],
  ['khu'],
  ['kp'],
  ['kdc'],
  ['kcn'],
  ['kdt'],
  ['ap'],
  ['thon'],
  ['xom'],
  ['khom'],
  ['~to'],
  ['to'],
  ['duong'],
  ['d', '.'],
  ['hem'],
  ['ngo'],
  ['kiet'],
  ['ql'],
  ['dt'],
  ['dh'],
  ['street'],
  ['road'],
];

/** Words that say nothing about where a parcel is. */
const NOISE = new Set(
  (
    'dia chi tai so thuoc o cua va voi giay chung nhan quyen su dung dat nha dien tich m m2 loai muc dich toa lac vi tri ' +
    'viet nam nay la cu moi theo ban do chinh thua to gcn tim tra cuu xem hoi thong tin giup minh cho kiem ngu no nuoc ' +
    'the nao dau nam on the in of at parcel sheet map plot lot number and vn xin anh chi em bac co ha ve oi nhe voi noi ' +
    'ward commune district city province town sau truoc day nguyen thuc duoc cap ngay thang tren ky hieu khac gan lien ghi bo so bia do hong qsdd'
  ).split(' '),
);

const matchesAt = (cues: readonly string[], at: number, wanted: readonly string[]) =>
  wanted.every((cue, step) => cues[at + step] === cue);

/** Splits what a question says beside its numbers into mentions, at commas and at kinds of units. */
export function readMentions(words: readonly PhraseWord[]): Mention[] {
  const cues = words.map(({ cue }) => cue);
  const mentions: (Mention & { words: PhraseWord[] })[] = [];
  const open = (more: Partial<Mention> = {}) =>
    mentions.push({ levels: undefined, kind: undefined, isAside: false, ...more, words: [] });
  open();
  for (let at = 0; at < words.length; ) {
    const kind = UNIT_KINDS.find(([cue]) => matchesAt(cues, at, cue));
    const aside = isInName(cues, at) ? undefined : ASIDES.find((cue) => matchesAt(cues, at, cue));
    const word = words[at] as PhraseWord;
    const last = mentions.at(-1);
    if (aside && !(aside.length === 1 && kind)) {
      open({ isAside: true });
      at += aside.length;
      while (/^(?:so|\.|:)$/.test(cues[at] ?? '')) at++;
      // `khu phố 3 phú lợi`: the number ends this part of the address.
      if (isNumber(cues[at] ?? '')) {
        at++;
        open();
      }
    } else if (kind && isKind(kind[0], cues, at)) {
      open({ levels: kind[1], kind: kind[2] });
      at += kind[0].length;
      while (cues[at] === '.' || cues[at] === ':') at++;
    } else {
      if (isMark(word.text)) {
        if (word.text !== '.' && word.text !== "'") open();
      } else last?.words.push(word);
      at++;
    }
  }
  return mentions.filter((mention) => mention.words.length > 0);
}

/** True for `duong` of `Binh Duong`, typed without tone marks. */
function isInName(cues: readonly string[], at: number): boolean {
  return cues[at] === 'duong' && /^(?:binh|hai)$/.test(cues[at - 1] ?? '');
}

/** A single letter is a kind only before a name: not at the end, and not before a mark other than its own dot. */
function isKind(cue: readonly string[], cues: readonly string[], at: number): boolean {
  const next = cues[at + cue.length];
  return next !== undefined && (!isMark(next) || next === '.' || next === ':');
}

/** Returns true for a word that says nothing about a place, or a number beside the parcel's. */
export function isNoise({ text }: PhraseWord): boolean {
  return NOISE.has(text) || text.length === 1 || /^\d/.test(text);
}

/** Roman numerals in names of units: `Cây Trường II`. */
const ROMAN: Readonly<Record<string, string>> = { 1: 'i', 2: 'ii', 3: 'iii', 4: 'iv', 5: 'v', 6: 'vi' };

/** Most words of a unit's name. */
const LONGEST_NAME = 6;

/** A run of words of a mention, and the key by which units of that name are found. */
export interface Gram {
  readonly mention: number;
  readonly from: number;
  readonly to: number;
  /** Letters without spaces: `phuloi`. */
  readonly key: string;
}

/** Returns every run of words that may be the name of a unit, the longest first at each place. */
export function gramsOf(mentions: readonly Mention[]): Gram[] {
  return mentions.flatMap(({ words }, mention) =>
    words.flatMap((_, from) =>
      Array.from({ length: Math.min(LONGEST_NAME, words.length - from) }, (_, index) => from + index + 1)
        .reverse()
        .map((to) => ({ mention, from, to, key: nameKey(words.slice(from, to).map(({ text }) => text)) })),
    ),
  );
}

/** Returns the key of a name: its words joined, with Roman numerals. */
export function nameKey(words: readonly string[]): string {
  return words.map((word, index) => (index > 0 ? (ROMAN[word] ?? word) : word)).join('');
}
