/** A number with marks, as a pattern. */
export const WRITTEN_NUMBER = String.raw`[-+]?\d[\d.,]*`;

/**
 * Reads a number as people write it: `1215609.35`, `1215609,35`, `1.215.609,35`, `1,215,609.35`. One dot or comma is a
 * decimal sign, unless three digits follow and the number would be too small otherwise.
 */
export function readWrittenNumber(text: string): number | undefined {
  const plain = text.replace(/[.,]$/, '');
  const dots = plain.split('.').length - 1;
  const commas = plain.split(',').length - 1;
  if (dots && commas) {
    const decimal = plain.lastIndexOf(',') > plain.lastIndexOf('.') ? ',' : '.';
    return parseWritten(plain.replaceAll(decimal === ',' ? '.' : ',', '').replace(',', '.'));
  }
  const mark = dots ? '.' : ',';
  if (dots + commas > 1) return parseWritten(plain.replaceAll(mark, ''));
  // 601.347 is six hundred thousand metres, since no degree is that large.
  if (dots + commas === 1 && /^[1-9]\d{2}[.,]\d{3}$/.test(plain) && Number(plain.slice(0, 3)) > 180)
    return parseWritten(plain.replace(mark, ''));
  return parseWritten(plain.replace(',', '.'));
}

function parseWritten(text: string): number | undefined {
  return /^[-+]?\d{1,9}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}

/** A northing of seven digits, or any number with decimals, whose thousands stand apart: `1 215 609`, `601 347,20`. */
const APART = /(?<![\d.,])(?:\d \d{3} \d{3}(?!\d)|\d{3} \d{3}(?=[.,]\d))/g;

/** Joins the thousands of metres that are apart by spaces. */
export function joinThousands(text: string): string {
  return text.replace(APART, (number) => number.replaceAll(' ', ''));
}
