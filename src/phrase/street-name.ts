import { fold } from '../lib/text.ts';

/** The street of an address. */
export interface AddressStreet {
  /** As {@link streetKey} gives it. */
  readonly key: string;
  /** True for a parcel in an alley off the street. */
  readonly isAlley: boolean;
}

const ALLEY = /^(?:hem|ngo|ngach|kiet)\b/;
/** A number such as 12/4: the fourth house of alley 12. */
const ALLEY_NUMBER = /^(?:so |so nha |nha )?\d+[a-z]?\/\d/;
const HOUSE = /^(?:so |so nha |nha )?\d[\w/.-]*(?: |$)/;
const ALLEY_NAME = /^(?:hem|ngo|ngach|kiet)(?: so)?(?: \d[\w/]*)? /;
const NAMED = /^(?:(?:duong|dai lo|quoc lo|tinh lo|hem|ngo|ngach|kiet)\b|(?:ql|dt|tl)[ .]*\d)/;
/** Numbered roads, under whatever name. */
const NUMBERED = [
  [/^(?:quoc lo|ql)[ .]*(?=\d)/, 'ql '],
  [/^(?:duong tinh|tinh lo|dt|tl)[ .]*(?=\d)/, 'dt '],
] as const;

/** Returns a street's name without tone marks and kind: "Đường Huỳnh Văn Lũy" is "huynh van luy", "QL13" is "ql 13". */
export function streetKey(name: string): string {
  const bare = fold(name).replace(/^(?:duong|pho) (?!tinh \d)/, '');
  return NUMBERED.reduce((key, [kind, short]) => key.replace(kind, short), bare);
}

/** Reads the street of an address: "12/4 Đường Huỳnh Văn Lũy, khu phố 3, phường Phú Lợi". Undefined if it names none. */
export function readStreet(address: string): AddressStreet | undefined {
  const parts = address.split(',').map(fold);
  const streets = parts.map((part) => part.replace(HOUSE, ''));
  const index = streets.findIndex((street) => NAMED.test(street));
  // A house number in front says that a street follows.
  const at = index >= 0 ? index : parts.findIndex((part, place) => HOUSE.test(part) && streets[place] !== '');
  const street = streets[at];
  if (street === undefined) return undefined;
  const key = streetKey(street.replace(ALLEY_NAME, ''));
  const isAlley = ALLEY.test(street) || parts.some((part) => ALLEY_NUMBER.test(part));
  return key === '' ? undefined : { key, isAlley };
}
