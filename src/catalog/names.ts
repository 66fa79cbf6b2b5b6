import type { Field } from './layer.ts';

/**
 * What is called so; else what is called so in other code points: `ế` is one of them, or `e` and two marks, as macOS writes
 * the names of files that importers take for tables and columns.
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

/** The field of a name that a request gives. */
export function fieldNamed(fields: readonly Field[], name: string): Field | undefined {
  return findNamed(fields, name, (field) => field.name);
}

/** The layer, function or whatever else has the id that a request gives. */
export function entryOf<T extends { readonly id: string }>(entries: ReadonlyMap<string, T>, id: string): T | undefined {
  return entries.get(id) ?? findNamed(entries.values(), id, (entry) => entry.id);
}
