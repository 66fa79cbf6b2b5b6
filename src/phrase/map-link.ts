import { fold } from '../lib/text.ts';
import { type AnglePair, readAngles } from './angles.ts';

const NUMBER = String.raw`-?\d+\.\d+`;

/** Positions in links, the surest first: `!3d!4d` is the place itself, `@` only the middle of the map. */
const POSITIONS: readonly RegExp[] = [
  new RegExp(`!3d(${NUMBER})!4d(${NUMBER})`, 'g'),
  new RegExp(`[?&#]mlat=(${NUMBER})&mlon=(${NUMBER})`, 'g'),
  /[?&](?:q|query|ll|center|destination|daddr|to|loc|sll|latlng|location|cp)=(?:loc:)?(-?\d+(?:\.\d+)?)(?:,|%2c|~)\+?(?:%20)?(-?\d+(?:\.\d+)?)/gi,
  // The end of a route is the last of its places.
  new RegExp(`/(${NUMBER}),\\+?(${NUMBER})(?=[/?#]|$)`, 'g'),
  new RegExp(`@(${NUMBER}),(${NUMBER})`, 'g'),
  new RegExp(`#(?:map=)?\\d+(?:\\.\\d+)?/(${NUMBER})/(${NUMBER})`, 'g'),
  new RegExp(`[?&]lat(?:itude)?=(${NUMBER})&(?:lon|lng|long|longitude)=(${NUMBER})`, 'gi'),
  /^geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)/g,
];

const LINK = /(?:https?:\/\/|geo:)\S+|(?:\b[\w-]+\.)*\b(?:google|goo|openstreetmap|osm|zalo|apple|bing)\.[a-z]+\/\S*/i;

/** Longest text that is looked through for a link, in characters. */
const LONGEST_TEXT = 2000;

/** Returns the link that a text consists of, beside words; undefined if it has none, or other numbers too. */
export function linkIn(text: string): string | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const [link] = LINK.exec(text) ?? [];
  return link !== undefined && !/\d/.test(text.replace(link, '')) ? link : undefined;
}

/** Reads the position of a map's link in latitude and longitude. */
export function readMapLink(link: string): AnglePair | undefined {
  const [, place] = /\/place\/([^/@]+)/.exec(link) ?? [];
  const angles = place === undefined ? undefined : readAngles(fold(decoded(place).replaceAll('+', ' ')));
  for (const pattern of POSITIONS) {
    // A place's own angles are surer than the middle of the map.
    if (angles && pattern.source.startsWith('@')) return { ...angles, order: angles.order ?? 'north-east' };
    const [, lat, lon] = [...link.matchAll(pattern)].at(-1) ?? [];
    if (lat !== undefined && lon !== undefined) return { first: Number(lat), second: Number(lon), order: 'north-east' };
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
