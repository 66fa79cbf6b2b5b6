import { VIETNAM } from '../geo/crs.ts';
import { fold } from '../lib/text.ts';
import { joinThousands, readWrittenNumber, WRITTEN_NUMBER } from '../lib/written-number.ts';
import { type AnglePair, readAngles } from './angles.ts';
import { linkIn, readMapLink } from './map-link.ts';
import { type NamedSystem, takeSystem } from './named-system.ts';

/** A pair of coordinates as typed, in the order that labels or the form say; undefined if only the numbers tell. */
export interface CoordinatePhrase extends AnglePair {
  readonly system: NamedSystem;
}

const DEGREES: NamedSystem = { srid: 4326, meridian: undefined, datum: undefined, isUtm: false };

/** Longest pair that is no link, in characters. */
const LONGEST_TYPED = 200;

/** Reads one pair of coordinates: decimal or in degrees and minutes, with labels or without, GeoJSON, or a map link. */
export function readCoordinates(text: string): CoordinatePhrase | undefined {
  const link = linkIn(text);
  const known = link === undefined ? readGeoJsonPoint(text) : readMapLink(link);
  if (known) return { ...known, system: DEGREES };
  if (link !== undefined || text.length > LONGEST_TYPED) return undefined;
  const { rest, system } = takeSystem(fold(text).replace(/[−–—]/g, '-'));
  const bare = joinThousands(rest).replace(/(\d) ?(?:m|met)\b/g, '$1');
  const pair = readAngles(bare) ?? readLabelled(bare) ?? readPlain(bare);
  return pair && { ...pair, system };
}

function readGeoJsonPoint(text: string): AnglePair | undefined {
  const [, lon, lat] = /"coordinates"\s*:\s*\[\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)/.exec(text) ?? [];
  return lon === undefined ? undefined : { first: Number(lon), second: Number(lat), order: 'east-north' };
}

/** Labels in front of a number, and behind it. In Vietnam X is north, and the ordinate (tung độ). */
const NORTH = {
  before: 'x ?\\((?:m|bac|n)\\)|toa do x|tung do|bac|vi do|lat(?:itude)?|northing|n|x',
  after: 'n|bac|b',
};
const EAST = {
  before: 'y ?\\((?:m|dong|e)\\)|toa do y|hoanh do|dong|kinh do|lon(?:g|gitude)?|lng|easting|e|y',
  after: 'e|dong|d',
};

const labelled = (pattern: string) =>
  new RegExp(`(?<![a-z])(?:${pattern})(?![a-z]) ?(?:\\([a-z]+\\) ?)?[=:]* ?(${WRITTEN_NUMBER})`);
const followed = (letters: string) => new RegExp(`(${WRITTEN_NUMBER}) ?°? ?(?:${letters})(?![a-z])`);

const BEFORE = [labelled(NORTH.before), labelled(EAST.before)] as const;
const AFTER = [followed(NORTH.after), followed(EAST.after)] as const;

function readLabelled(text: string): AnglePair | undefined {
  for (const [north, east] of [BEFORE, AFTER]) {
    const [n, e] = [north.exec(text), east.exec(text)];
    if (!n || !e || n.index === e.index) continue;
    const [northing, easting] = [readWrittenNumber(n[1] as string), readWrittenNumber(e[1] as string)];
    if (northing === undefined || easting === undefined) return undefined;
    return n.index < e.index
      ? { first: northing, second: easting, order: 'north-east' }
      : { first: easting, second: northing, order: 'east-north' };
  }
  return undefined;
}

/** Words that may stand beside a pair of numbers without a label. */
const PREFIX = /^(?:toa do|vi tri|diem|gps|tai|o|point|\(?x ?[,;/]? ?y\)?|\(?y ?[,;/]? ?x\)?|[:=(/, ])*/;

function readPlain(text: string): AnglePair | undefined {
  const bare = text
    .replace(PREFIX, '')
    .replace(/[)\]°.;:, ]+$/, '')
    .replace(/^[([]/, '')
    .replace(/°/g, '');
  const pair = splitPair(bare);
  const [first, second] = pair?.map(readWrittenNumber) ?? [];
  if (!pair || first === undefined || second === undefined) return undefined;
  return isPlace(first, second) || pair.every(isExactDegrees) ? { first, second, order: undefined } : undefined;
}

/** Splits two numbers. A comma with a space after it, or a semicolon, parts them; a comma alone may be a decimal sign. */
function splitPair(text: string): readonly [string, string] | undefined {
  const match = new RegExp(`^(${WRITTEN_NUMBER})(?: ?[;|/] ?|, | ,|\\s+)(${WRITTEN_NUMBER})$`).exec(text.trim());
  if (match) return [match[1] as string, match[2] as string];
  const [whole, first, second] = /^([-+]?\d+(?:\.\d+)?),([-+]?\d+(?:\.\d+)?)$/.exec(text.trim()) ?? [];
  if (whole !== undefined) return [first as string, second as string];
  const [commas, one, two] = /^(\d+,\d+),(\d+,\d+)$/.exec(text.trim()) ?? [];
  return commas === undefined ? undefined : [one as string, two as string];
}

/** Degrees to ten metres, wherever they lie: `51.5074`. */
const isExactDegrees = (text: string) => /^[-+]?\d{1,3}[.,]\d{4,},?$/.test(text);

/** Two numbers that can be no sheet and parcel: degrees with decimals, or metres of seven digits beside six. */
function isPlace(first: number, second: number): boolean {
  const [west, south, east, north] = VIETNAM;
  const [low, high] = [Math.min(first, second), Math.max(first, second)];
  const areDegrees = low >= south && low <= north && high >= west && high <= east;
  if (areDegrees) return !Number.isInteger(first) || !Number.isInteger(second);
  return high >= 400_000 && low >= 100_000;
}
