import { readWrittenNumber } from '../../../lib/written-number.ts';

/** A use of a parcel. */
export interface WrittenUse {
  readonly code: string;
  /** Area in m²; undefined if the text gives none. */
  readonly area: number | undefined;
}

/** Separators of several uses: `ONT+CLN`, `ONT, CLN`, `ONT/CLN`. A comma between digits is a decimal sign. */
const BETWEEN = /\s*(?:[+;/&]|,(?!\d)|(?<!\d),)\s*/;
/** A code with its area: `ONT: 100,5`, `ONT (100.5 m2)`, `ONT 100`. */
const USE = /^(.*?)[\s:(=]+(\d[\d.,]*)\s*(?:m2|m²)?\s*\)?$/i;

/** Divides a text such as `ONT:100+CLN:50,5` into uses, in order. */
export function readUses(text: string): WrittenUse[] {
  const parts = text
    .split(BETWEEN)
    .map((part) => part.trim())
    .filter(Boolean);
  return parts.map((part) => {
    const [, code = part, area = ''] = USE.exec(part) ?? [];
    return { code: code.trim(), area: readArea(area) };
  });
}

/** Reads an area in m². It has at most two decimals, so three digits after a mark are thousands. */
export function readArea(text: string): number | undefined {
  const plain = text.trim();
  return readWrittenNumber(/^\d{1,3}[.,]\d{3}$/.test(plain) ? plain.replace(/[.,]/, '') : plain);
}
