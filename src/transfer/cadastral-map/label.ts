import { LEVEL } from './level.ts';

export const LABEL_KINDS = ['number', 'main_use', 'area', 'use_by_papers'] as const;
export type LabelKind = (typeof LABEL_KINDS)[number];

/** One value of a parcel's label. */
export interface LabelPart {
  readonly kind: LabelKind;
  readonly value: string;
}

const USE = /^\p{Lu}{2,4}(?:\+\p{Lu}{2,4})*$/u;
const DECIMAL = /^\d+[.,]\d+$/;
const WHOLE = /^\d+$/;

/** Returns the values of a text of the map, such as `12/100.5 LUC`. Areas get a decimal point. */
export function readLabel(level: number, text: string): LabelPart[] {
  // %%u and %%o begin an underline or an overline in AutoCAD; \P ends a line.
  const words = text.replace(/%%[uok]/gi, '').split(/\s+|\/|\\P/);
  return words.flatMap((word) => {
    const kind = kindOf(level, word);
    return kind ? [{ kind, value: kind === 'area' ? word.replace(',', '.') : word }] : [];
  });
}

function kindOf(level: number, word: string): LabelKind | undefined {
  switch (level) {
    case LEVEL.use:
      return USE.test(word) ? 'main_use' : undefined;
    case LEVEL.useByPapers:
      return USE.test(word) ? 'use_by_papers' : undefined;
    case LEVEL.area:
      return DECIMAL.test(word) || WHOLE.test(word) ? 'area' : undefined;
    case LEVEL.number:
    case LEVEL.label:
      if (USE.test(word)) return 'main_use';
      if (DECIMAL.test(word)) return 'area';
      // 12a is no number of a parcel; the import says so.
      return /^\d/.test(word) ? 'number' : undefined;
    default:
      return undefined;
  }
}
