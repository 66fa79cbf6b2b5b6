import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { DATA_FOLDER } from '../lib/data-file.ts';
import { BootError } from '../lib/errors.ts';
import type { Database, Session } from './database.ts';
import { ident, identList, join, raw, sql } from './sql.ts';
import { isForbidden } from './sqlstate.ts';

interface ReferenceTable {
  readonly schema: string;
  /** Name of the table and of `data/<table>.csv`. */
  readonly table: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
  /** True if the agency edits its rows, which a new edition then leaves as they are. */
  readonly isEdited?: boolean;
}

/** In the order of their foreign keys. `geom` of `base.unit` is left out: it belongs to the surveying agency. */
const REFERENCE_TABLES: readonly ReferenceTable[] = [
  {
    schema: 'base',
    table: 'unit',
    key: ['code', 'valid_from'],
    columns: ['valid_to', 'level', 'kind', 'name', 'full_name', 'name_en', 'parent_code', 'parent_name', 'area_km2'],
  },
  {
    schema: 'base',
    table: 'unit_crosswalk',
    key: ['old_code', 'old_valid_from', 'new_code', 'new_valid_from'],
    columns: ['relation', 'legal_basis'],
  },
  {
    schema: 'land',
    table: 'land_use_type',
    key: ['code'],
    columns: ['parent_code', 'name_vi', 'name_en', 'era', 'colour'],
  },
  {
    schema: 'land',
    table: 'land_subject',
    key: ['code'],
    columns: ['role', 'name_vi', 'name_en'],
  },
  {
    schema: 'land',
    table: 'buffer_preset',
    key: ['id'],
    columns: [
      'theme',
      'feature_vi',
      'feature_en',
      'condition_vi',
      'condition_en',
      'distance_m',
      'measured_from_vi',
      'measured_from_en',
      'sides',
      'legal_basis',
      'status',
      'validity',
      'valid_from',
      'valid_to',
      'applies_to',
      'note',
      'note_en',
    ],
  },
  {
    schema: 'land',
    table: 'remnant_threshold',
    key: ['unit', 'use_code'],
    columns: ['min_area_m2', 'legal_basis', 'status', 'note'],
  },
  {
    schema: 'environment',
    table: 'parameter',
    key: ['code'],
    columns: ['unit', 'name_vi', 'name_en', 'lowest', 'highest'],
  },
  {
    schema: 'environment',
    table: 'aqi_breakpoint',
    key: ['parameter', 'averaging', 'index'],
    columns: ['concentration'],
  },
  {
    schema: 'environment',
    table: 'aqi_class',
    key: ['from_index'],
    columns: ['to_index', 'label_vi', 'label_en', 'colour'],
  },
  {
    schema: 'environment',
    table: 'quality_limit',
    key: ['regulation', 'medium', 'class', 'parameter', 'averaging', 'valid_from'],
    columns: ['minimum', 'maximum', 'unit', 'status'],
  },
  {
    schema: 'quality',
    table: 'expectation',
    key: ['rule', 'unit_code', 'aspect'],
    columns: ['amount', 'status', 'note'],
    isEdited: true,
  },
  {
    schema: 'quality',
    table: 'weight',
    key: ['level', 'name'],
    columns: ['weight', 'status', 'note'],
    isEdited: true,
  },
];

export type ReferenceRow = Readonly<Record<string, string>>;

/** Returns the rows of `data/<table>.csv`, every value as text, '' if absent. */
export function readReference(table: string): ReferenceRow[] {
  return parse(readFileSync(new URL(`${table}.csv`, DATA_FOLDER)), { columns: true, skip_empty_lines: true });
}

function hashTables(): string {
  const hash = createHash('sha256');
  for (const { table } of REFERENCE_TABLES) hash.update(readFileSync(new URL(`${table}.csv`, DATA_FOLDER)));
  return hash.digest('hex');
}

/** Converts a row. Empty means NULL except in a key, where '' is a class or an averaging period of its own. */
function toRow({ key, columns }: ReferenceTable, row: ReferenceRow): Record<string, string | null> {
  return Object.fromEntries([
    ...key.map((name) => [name, row[name] ?? '']),
    ...columns.map((name) => [name, row[name] || null]),
  ]);
}

async function upsert(session: Session, target: ReferenceTable): Promise<void> {
  const rows = readReference(target.table).map((row) => toRow(target, row));
  const name = ident(target.schema, target.table);
  const all = identList([...target.key, ...target.columns]);
  const assignments = target.columns.map((column) => sql`${ident(column)} = EXCLUDED.${ident(column)}`);
  await session.query(sql`INSERT INTO ${name} (${all})
    SELECT ${all} FROM jsonb_populate_recordset(NULL::${name}, ${JSON.stringify(rows)}::jsonb)
    ON CONFLICT (${identList(target.key)}) DO ${target.isEdited ? raw('NOTHING') : sql`UPDATE SET ${join(assignments, ', ')}`}`);
}

/**
 * Updates the reference tables to `data/*.csv`, in one transaction. It does nothing if the database has this edition
 * already. Rows that users added stay, and so do `base.unit.geom` and rows that the agency edits.
 * @throws BootError if an update is due but the role may not write
 */
export async function loadReference(db: Database): Promise<void> {
  const hash = hashTables();
  const [current] = await db.query<{ hash: string }>(sql`SELECT hash FROM catalog.reference`);
  if (current?.hash === hash) return;
  try {
    await db.transaction((session) => load(session, hash));
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new BootError(
      `The reference tables of the database are of another edition than this program's, and its role may not change them (${error.message}). Run "npm run diaba -- migrate" once with DATABASE_URL of the role that owns it.`,
    );
  }
}

async function load(session: Session, hash: string): Promise<void> {
  // A second instance waits here, and then writes the same again.
  await session.query(sql`LOCK TABLE catalog.reference IN EXCLUSIVE MODE`);
  for (const target of REFERENCE_TABLES) await upsert(session, target);
  await session.query(sql`INSERT INTO catalog.reference (hash) VALUES (${hash})
    ON CONFLICT (id) DO UPDATE SET hash = EXCLUDED.hash, loaded_at = now()`);
}
