import type { Field } from './layer.ts';

/**
 * Finds a name exactly, or else in another Unicode normalization. `ế` can be one code point, or `e` and two marks.
 * macOS writes file names in the latter, from which imports name tables and columns.
 */
function findNamed<T>(all: Iterable<T>, name: string, nameOf: (each: T) => string): T | undefined {
  const composed = name.normalize('NFC');
  let alike: T | undefined;
  for (const each of all) {
    if (nameOf(each) === name) return each;
    if (nameOf(each).normalize('NFC') === composed) alike ??= each;
  }
  return alike;
}

/** Returns the field of a name in a request. */
export function fieldNamed(fields: readonly Field[], name: string): Field | undefined {
  return findNamed(fields, name, (field) => field.name);
}

/** Returns the layer or function of an id in a request. */
export function entryOf<T extends { readonly id: string }>(entries: ReadonlyMap<string, T>, id: string): T | undefined {
  return entries.get(id) ?? findNamed(entries.values(), id, (entry) => entry.id);
}
