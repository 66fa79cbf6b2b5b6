import { readUses } from './land-uses.ts';

/** Values of a file and what the layer has in their place, by the columns of the layer. */
export type ValueMaps = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Converts the text of a file to the text of a column. */
export type Convert = (text: string) => string;

/** Returns the lookup of a mapping. Spaces around a value and its case do not count if no exact entry is there. */
export function valueLookup(values: Readonly<Record<string, string>>): Convert {
  const exact = new Map(Object.entries(values));
  const loose = new Map(Object.entries(values).map(([from, to]) => [from.trim().toLowerCase(), to]));
  return (text) => exact.get(text) ?? loose.get(text.trim().toLowerCase()) ?? text;
}

/**
 * Returns the main use of a text with several: its first code. If one of the others is not known, that code is returned
 * instead, so that the row is refused for it.
 */
export function mainUse(lookup: Convert, known: ReadonlySet<string>): Convert {
  return (text) => {
    const whole = lookup(text);
    if (known.has(whole.trim())) return whole;
    const codes = readUses(whole).map(({ code }) => lookup(code).trim());
    if (codes.length < 2) return codes[0] ?? whole;
    return codes.find((code) => !known.has(code)) ?? codes[0] ?? whole;
  };
}
