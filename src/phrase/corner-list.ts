import { fold } from '../lib/text.ts';
import { joinThousands, readWrittenNumber } from '../lib/written-number.ts';
import { type NamedSystem, takeSystem } from './named-system.ts';

/** Corners of a parcel as pasted from an extract or a spreadsheet. */
export interface CornerList {
  /** Pairs in the order as written. */
  readonly corners: readonly (readonly [first: number, second: number])[];
  /** True if the last corner repeats the first. */
  readonly isClosed: boolean;
  readonly system: NamedSystem;
  /** Lines with numbers that hold no corner. */
  readonly skipped: readonly string[];
}

/** Most lines of a list. */
export const MOST_CORNERS = 500;

/** Metres within which the last corner is the first once more. */
const CLOSES = 0.001;

/**
 * Reads a list of corners: one a line, in columns apart by tabs, semicolons or spaces. A number of the point may stand in
 * front, the length of an edge behind.
 * @returns undefined if the text holds fewer than two corners
 */
export function readCornerList(text: string): CornerList | undefined {
  // The commas of GeoJSON part numbers; elsewhere one can be a decimal sign.
  const marked = text.includes('"coordinates"') ? text.replaceAll(',', ' ') : text;
  const { rest, system } = takeSystem(fold(marked.replace(/\r?\n|\r/g, ' \u2028 ')).replace(/\u2028/g, '\n'));
  const lines =
    text.includes('\n') || text.includes('\r') ? splitLines(text) : rest.split(/\s*[|]\s*|\s*;\s*(?=\d+[ :.)]\s*\d)/);
  const read = lines.map((line) => ({ line, corner: readCornerPair(line) }));
  const corners = read.flatMap(({ corner }) => (corner ? [corner] : []));
  const pairs = corners.length >= 2 ? corners : readRun(rest);
  if (pairs.length < 2) return undefined;
  const [first, last] = [pairs[0] as Corner, pairs.at(-1) as Corner];
  const isClosed = pairs.length > 3 && Math.hypot(first[0] - last[0], first[1] - last[1]) < CLOSES;
  const skipped = corners.length >= 2 ? read.filter(({ line, corner }) => !corner && isFaulty(line)) : [];
  return {
    corners: isClosed ? pairs.slice(0, -1) : pairs,
    isClosed,
    system,
    skipped: skipped.map(({ line }) => line.trim().slice(0, 60)),
  };
}

type Corner = readonly [first: number, second: number];

function splitLines(text: string): string[] {
  return text.split(/\r?\n|\r/).filter((line) => line.trim() !== '');
}

/** Returns true for a line with a large number, which should have been a corner. Edge lengths and headings are none. */
function isFaulty(line: string): boolean {
  return /\d{6}/.test(line.replace(/[.,\s]/g, ''));
}

/** Reads the pair of a line: the first two neighbouring numbers that can be a place. */
function readCornerPair(line: string): Corner | undefined {
  const cells = joinThousands(line)
    .replace(/[xyne] ?[=:]/gi, ' ')
    .split(/[;\t|]|\s+|,\s+/)
    .filter((cell) => /\d/.test(cell));
  const numbers = (cells.length >= 2 ? cells : line.split(',')).map((cell) =>
    readWrittenNumber(cell.replace(/[^\d.,+-]/g, '')),
  );
  return pairIn(numbers);
}

function pairIn(numbers: readonly (number | undefined)[]): Corner | undefined {
  for (const [index, first] of numbers.entries()) {
    const second = numbers[index + 1];
    if (first !== undefined && second !== undefined && isCorner(first, second)) return [first, second];
  }
  return undefined;
}

/** Reads pairs that follow each other on one line. */
function readRun(text: string): Corner[] {
  const numbers = (text.match(/[-+]?\d[\d.,]*/g) ?? []).map(readWrittenNumber);
  const corners: Corner[] = [];
  for (let at = 0; at + 1 < numbers.length; ) {
    const [first, second] = [numbers[at], numbers[at + 1]];
    const fits = first !== undefined && second !== undefined && isCorner(first, second);
    if (fits) corners.push([first, second]);
    at += fits ? 2 : 1;
  }
  return corners;
}

/** Metres of VN-2000 (seven digits beside six), or degrees with decimals in Vietnam. */
function isCorner(first: number, second: number): boolean {
  const [low, high] = [Math.min(first, second), Math.max(first, second)];
  if (low >= 100_000 && low < 1_000_000 && high >= 800_000 && high < 2_700_000) return true;
  return low >= 7 && low <= 24 && high >= 101 && high <= 118 && !Number.isInteger(low) && !Number.isInteger(high);
}
