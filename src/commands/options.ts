import { InvalidArgumentError } from 'commander';
import type { BBox } from '../geo/bbox.ts';

/** Returns a parser for an option that is a whole number in digits. */
export function integerOption(min: number, max: number) {
  return (text: string): number => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= min && number <= max))
      throw new InvalidArgumentError(`must be a whole number from ${min} to ${max}.`);
    return number;
  };
}

/** Parses `west,south,east,north` in degrees. */
export function bboxOption(text: string): BBox {
  const [west, south, east, north, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const box = [west, south, east, north] as BBox;
  const isRight = more.length === 0 && box[0] < box[2] && box[1] < box[3] && box[0] >= -180 && box[2] <= 180;
  if (!isRight || box[1] < -90 || box[3] > 90) {
    throw new InvalidArgumentError('must be west,south,east,north in degrees, e.g. 106.6,10.9,106.8,11.1.');
  }
  return box;
}

/** Parses a list separated by commas. */
export function readList(text: string): string[] {
  const members = text.split(',').map((part) => part.trim());
  if (members.includes('')) throw new InvalidArgumentError('must be names with commas between them.');
  return [...new Set(members)];
}

/** Parses an http(s) URL, and removes a slash at its end. */
export function readUrl(text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('must be http(s)://host[:port][/path].');
  return text.replace(/\/+$/, '');
}
