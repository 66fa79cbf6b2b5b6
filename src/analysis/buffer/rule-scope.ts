import type { Database, QueryOptions } from '../../database/database.ts';
import type { AskedPlace } from '../source/source.ts';
import type { Preset } from './preset-schema.ts';
import { otherKindsQuery } from './presets-query.ts';

/** Columns of layers with the kind of a feature. */
const KIND_COLUMNS = ['kind', 'main_use'];

/**
 * Returns the selected features that a rule is not for, as layers or as a layer and a kind (`land.parcel:ODT`). It is
 * empty if the rule is for all of them, or if that is not known: of a drawn shape, or of a rule without a scope.
 */
export async function outOfScope(
  db: Database,
  { preset, source }: { readonly preset?: Preset | undefined; readonly source: AskedPlace },
  options: QueryOptions,
): Promise<string[]> {
  const scope = preset?.appliesTo;
  if (!scope || source.kind === 'geometry') return [];
  const { layer } = source;
  const own = scope.filter((each) => each === layer.id || each.startsWith(`${layer.id}:`));
  if (own.length === 0) return [layer.id];
  const column = KIND_COLUMNS.find((name) => layer.fields.some((field) => field.name === name));
  if (own.includes(layer.id) || column === undefined) return [];
  const kinds = own.map((each) => each.slice(layer.id.length + 1));
  const rows = await db.query<{ kind: string | null }>(otherKindsQuery(source, column, kinds), {
    ...options,
    prepared: false,
  });
  return rows.map(({ kind }) => `${layer.id}:${kind ?? '?'}`);
}
