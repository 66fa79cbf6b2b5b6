import type { Session } from '../../../database/database.ts';
import { sql } from '../../../database/sql.ts';
import { Problem, wrongParameter } from '../../../lib/errors.ts';
import { readyProfiles } from './field-names.ts';
import type { ValueMaps } from './value-maps.ts';

/** The way in which files of one kind are read. */
export interface ImportProfile {
  /** Field of the layer -> names of columns, the likeliest first. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Field -> one value for every row. */
  readonly set: Readonly<Record<string, string>>;
  readonly values: ValueMaps;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/**
 * Reads a profile: one that comes with the program, or a saved one.
 * @throws Problem with the names of the profiles for this layer, if it is none of them
 */
export async function readProfile(session: Session, name: string, layer: string): Promise<ImportProfile> {
  const ready = readyProfiles()[name];
  if (ready?.layer === layer) return { fields: ready.fields, set: {}, values: {} };
  const saved = await session.query<ImportProfile & { name: string }>(
    sql`SELECT name, fields, "set", "values" FROM catalog.import_profile WHERE layer = ${layer} ORDER BY name`,
  );
  const found = saved.find((each) => each.name === name);
  if (found) return found;
  const names = [
    ...Object.entries(readyProfiles()).flatMap(([each, profile]) => (profile.layer === layer ? [each] : [])),
    ...saved.map((each) => each.name),
  ];
  throw new Problem(
    'not-found',
    {
      vi: `Không có cách đọc "${name}" cho lớp ${layer}. Có: ${names.join(', ') || '–'}.`,
      en: `There is no profile "${name}" for layer ${layer}. There are: ${names.join(', ') || '–'}.`,
    },
    { parameter: 'profile', candidates: names },
  );
}

/**
 * Saves a profile, in place of an earlier one of the name.
 * @throws Problem if the name is not allowed, or is one of the program's own
 */
export async function saveProfile(
  session: Session,
  name: string,
  layer: string,
  { fields, set, values }: ImportProfile,
): Promise<void> {
  checkProfileName(name);
  await session.query(sql`INSERT INTO catalog.import_profile (name, layer, fields, "set", "values")
    VALUES (${name}, ${layer}, ${JSON.stringify(fields)}::jsonb, ${JSON.stringify(set)}::jsonb, ${JSON.stringify(values)}::jsonb)
    ON CONFLICT (name) DO UPDATE SET layer = excluded.layer, fields = excluded.fields, "set" = excluded."set",
      "values" = excluded."values", saved_at = now()`);
}

/** @throws Problem if a profile cannot have this name */
export function checkProfileName(name: string): void {
  if (NAME.test(name) && !(name in readyProfiles())) return;
  throw wrongParameter('saveProfile', {
    vi: `"${name}" không dùng làm tên được: chỉ gồm chữ thường không dấu, số, dấu chấm, gạch; không trùng ${Object.keys(readyProfiles()).join(', ')}.`,
    en: `"${name}" cannot be the name of a profile: use lower-case letters, digits, dots and dashes, and none of ${Object.keys(readyProfiles()).join(', ')}.`,
  });
}
