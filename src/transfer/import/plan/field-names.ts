import { z } from 'zod';
import { readDataFile } from '../../../lib/data-file.ts';
import { fold } from '../../../lib/text.ts';

const bilingual = z.strictObject({ vi: z.string(), en: z.string() });
const profileShape = z.strictObject({
  title: bilingual,
  layer: z.string(),
  /** Field of the layer -> names of columns, the likeliest first. */
  fields: z.record(z.string(), z.array(z.string()).min(1)),
});

/** Names of the columns that a program or a form writes, by the fields of a layer. */
export type FieldNames = z.output<typeof profileShape>;
/** Field of the layer -> names of columns. */
export type NamesByField = Readonly<Record<string, readonly string[]>>;

/** The profile by which columns are recognised if none is named. */
const COMMON = 'common';

let loaded: Readonly<Record<string, FieldNames>> | undefined;

/** Reads `data/import_profiles.json`, once. @throws BootError that names what is wrong in it */
export function readyProfiles(): Readonly<Record<string, FieldNames>> {
  loaded ??= readDataFile('import_profiles', z.record(z.string(), profileShape));
  return loaded;
}

/** Returns the usual names of the columns for a layer; none for a layer that nobody described. */
export function usualNames(layer: string): NamesByField {
  const common = readyProfiles()[COMMON];
  return common?.layer === layer ? common.fields : {};
}

/** Returns a name as it is compared: `soHieuToBanDo`, `SO_HIEU_TO_BAN_DO` and "Số hiệu tờ bản đồ" are one. */
function foldedName(name: string): string {
  return fold(name).replace(/[^a-z0-9]/g, '');
}

/** Returns the columns by the fields of the layer, those that are there. */
export function recogniseNames(fields: NamesByField, columns: readonly string[]): Map<string, string> {
  const byName = new Map(columns.map((column) => [foldedName(column), column]));
  const found = new Map<string, string>();
  for (const [field, names] of Object.entries(fields)) {
    const column = names.map((name) => byName.get(foldedName(name))).find((each) => each !== undefined);
    if (column !== undefined) found.set(field, column);
  }
  return found;
}
