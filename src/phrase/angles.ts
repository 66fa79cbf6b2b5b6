/** A pair of angles, and the axis that comes first; undefined if only the numbers tell. */
export interface AnglePair {
  readonly first: number;
  readonly second: number;
  readonly order: 'east-north' | 'north-east' | undefined;
}

const DECIMALS = String.raw`\d{1,2}(?:[.,]\d+)?`;
/** Letter, degrees, minutes, seconds, letter. `b` is bắc, `d` is đông. */
const ANGLE = String.raw`([nebd]?)[ :]*(\d{1,3})(?: ?[°ºd*] ?| do )(?:(${DECIMALS})(?: ?['’′m] ?| phut )?)?(?:(${DECIMALS}) ?(?:["”″s]|''|’’|giay)?)?[ ]*([nebd]?)(?![a-z])`;
const PAIR = new RegExp(`^[^\\d]*?${ANGLE}[ ,;/-]*${ANGLE}[^\\d]*$`);

const THREE = String.raw`(\d{1,3})[ :](\d{1,2})[ :](${DECIMALS})`;
/** Degrees, minutes and seconds without signs: `10 59 20.848 106 40 48.059`. */
const UNSIGNED = new RegExp(`^[^\\d]*?${THREE}[ ,;nbed]+${THREE}[ nbed]*$`);

/** Reads two angles in degrees, minutes and seconds: `10°58'23.4"N 106°39'10"E`, with the letters on either side or without any. */
export function readAngles(text: string): AnglePair | undefined {
  const short = text.replace(/\b(?:vi do|bac)\b[ :=]*/g, 'n ').replace(/\b(?:kinh do|dong)\b[ :=]*/g, 'e ');
  const match = PAIR.exec(short);
  if (match) {
    // Without a letter in front, the one behind; that of the second angle would be read as the first one's.
    const letter = match[1] || match[5] || '';
    const order = /[ed]/.test(letter) ? 'east-north' : letter ? 'north-east' : undefined;
    return { first: angle(match.slice(2, 5)), second: angle(match.slice(7, 10)), order };
  }
  const plain = UNSIGNED.exec(short);
  if (!plain) return undefined;
  const [first, second] = [angle(plain.slice(1, 4)), angle(plain.slice(4, 7))];
  // Six numbers can be anything; these are a latitude and a longitude of Vietnam.
  const [low, high] = [Math.min(first, second), Math.max(first, second)];
  return low >= 4 && low <= 25 && high >= 100 && high <= 120 ? { first, second, order: undefined } : undefined;
}

function angle(parts: readonly (string | undefined)[]): number {
  const [degrees = 0, minutes = 0, seconds = 0] = parts.map((part) => Number((part ?? '0').replace(',', '.')));
  return degrees + minutes / 60 + seconds / 3600;
}
