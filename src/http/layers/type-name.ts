import type { Layer } from '../../catalog/layer.ts';

export const TYPE_PREFIX = 'diaba';

const NAME_START = String.raw`A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd`;
const NAME_CHARACTER = new RegExp(String.raw`[${NAME_START}\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]`);
const FIRST_CHARACTER = new RegExp(`[${NAME_START}]`);

/**
 * Encodes any text as an XML name without a colon. Invalid characters become `_xHHHH_`, UTF-16 in hexadecimal, as in
 * SQL/XML (ISO/IEC 9075-14, 9.1). `2 tầng` gives `_x0032__x0020_tầng`.
 */
export function encodeName(text: string): string {
  const encode = (unit: string) => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
  return [...text.split('')]
    .map((unit, index) => {
      const isEscape = unit === '_' && /^_x[0-9A-F]{4}_/i.test(text.slice(index, index + 7));
      return isEscape || !(index ? NAME_CHARACTER : FIRST_CHARACTER).test(unit) ? encode(unit) : unit;
    })
    .join('');
}

/** `diaba:land.parcel` */
export function typeName({ id }: Layer): string {
  return `${TYPE_PREFIX}:${encodeName(id)}`;
}
