import { Problem } from '../../lib/errors.ts';
import type { Source } from '../source/row/source-row.ts';

/**
 * Levels of the cadastral map, as two public programs give them for TT 26/2024/TT-BTNMT, Phụ lục 21. The boundary by
 * papers is never merged with the present one.
 */
export const LEVEL = {
  ...{ use: 2, area: 4, boundary: 10, label: 11, number: 13, roadBoundary: 23, useByPapers: 29, boundaryByPapers: 61 },
} as const;

/** Levels whose lines close parcels. */
export const CLOSING: ReadonlySet<number> = new Set([LEVEL.boundary, LEVEL.roadBoundary]);

/** Returns the number of a level: 10 for "10", "Level 10" and "LV_010"; undefined for another name. */
export function cadLevel(name: string | null | undefined): number | undefined {
  const [, digits] = /^(?:(?:level|lv|lớp|lop)[\s_-]*)?0*(\d{1,2})$/iu.exec(name?.trim() ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Returns the indexes of the fields that GDAL gives a DXF (`Layer`) or a DGN (`Level`).
 * @throws Problem for a file that is no drawing
 */
export function drawingFields({ fields, name }: Source): { readonly level: number; readonly text: number } {
  const level = fields.findIndex((field) => field.name === 'Layer' || field.name === 'Level');
  const text = fields.findIndex((field) => field.name === 'Text');
  if (level >= 0 && text >= 0) return { level, text };
  throw new Problem('invalid-body', {
    vi: `"${name}" không phải bản vẽ có lớp và chữ. --cadastral-map chỉ đọc DXF và DGN v7.`,
    en: `"${name}" is no drawing with levels and texts. --cadastral-map reads DXF and DGN v7 only.`,
  });
}
