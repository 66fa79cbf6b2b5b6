import type { Catalog, Field, Layer } from '../catalog/layer.ts';
import { namesStreets } from '../catalog/personal.ts';
import type { Database } from '../database/database.ts';
import { type Query, sql } from '../database/sql.ts';
import { isForbidden } from '../database/sqlstate.ts';
import { allOf, insertDueQuery } from './due-query.ts';
import { ALL_LAYERS, type BoundRule } from './rule.ts';

/** A column that is published, as in `quality.public_column`. */
export interface PublicColumn {
  /** `schema.table` */
  readonly layer: string;
  readonly name: string;
  /** True if its name is one of personal data. */
  readonly is_personal: boolean;
  /** True if names of persons are names of streets. */
  readonly names_streets: boolean;
}

/** Schemas of this program's own layers, in which nobody enters persons. */
const OWN_SCHEMAS: readonly string[] = ['quality', 'result'];

/** Lists the columns of public layers that can hold personal data: texts and whole numbers that are not generated ids. */
export function publicColumns({ layers }: Pick<Catalog, 'layers'>): readonly PublicColumn[] {
  return [...layers.values()]
    .filter(({ schema, accessClass }) => accessClass === 'public' && !OWN_SCHEMAS.includes(schema))
    .flatMap((layer) =>
      layer.fields
        .filter((field) => field.type === 'string' || (field.type === 'integer' && !isKey(layer, field)))
        .map((field) => publicColumn(layer, field)),
    );
}

function isKey({ key }: Layer, { name }: Field): boolean {
  return key.kind === 'columns' && key.columns.includes(name);
}

function publicColumn({ id, geometry }: Layer, { name, personal }: Field): PublicColumn {
  return { layer: id, name, is_personal: personal, names_streets: namesStreets(name, geometry.dimension === 'line') };
}

/**
 * Writes the columns of the catalog. If they have changed, the rules that assess them are due. A role that may not write
 * leaves it to other instances.
 */
export async function writePublicColumns(
  db: Database,
  catalog: Pick<Catalog, 'layers'>,
  rules: readonly BoundRule[],
): Promise<void> {
  const due = rules.filter(({ rule }) => rule.layer === ALL_LAYERS).map(({ rule }) => allOf(rule.id));
  try {
    const changed = await db.query(replaceColumnsQuery(publicColumns(catalog)), { priority: 'background' });
    if (changed.length > 0 && due.length > 0) await db.query(insertDueQuery(due), { priority: 'background' });
  } catch (error) {
    if (!isForbidden(error)) throw error;
  }
}

/** Replaces the columns, and selects those that are new, gone or other than before. */
function replaceColumnsQuery(columns: readonly PublicColumn[]): Query {
  return sql`
    WITH given AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(columns)}::json)
        AS each (layer text, name text, is_personal boolean, names_streets boolean)),
    gone AS (
      DELETE FROM quality.public_column AS old WHERE NOT EXISTS (SELECT FROM given WHERE (given.layer, given.name) = (old.layer, old.name))
      RETURNING layer, name),
    written AS (
      INSERT INTO quality.public_column AS old SELECT * FROM given
      ON CONFLICT (layer, name) DO UPDATE SET (is_personal, names_streets) = (EXCLUDED.is_personal, EXCLUDED.names_streets)
      WHERE (old.is_personal, old.names_streets) <> (EXCLUDED.is_personal, EXCLUDED.names_streets)
      RETURNING layer, name)
    TABLE gone UNION ALL TABLE written`;
}
