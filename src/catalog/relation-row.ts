import type { ColumnRow } from './column.ts';

/** A row of `sql/discover.sql`. */
export interface RelationRow {
  readonly schema: string;
  readonly table: string;
  readonly kind: 'r' | 'v' | 'm' | 'p' | 'f';
  readonly row_estimate: number;
  readonly comment: string | null;
  /** The role has USAGE on the schema. */
  readonly usable: boolean;
  /** The role has SELECT on all of it. */
  readonly readable: boolean;
  /** Not so of a materialised view WITH NO DATA. */
  readonly filled: boolean;
  /** Its rows are in several tables: it is partitioned, or others inherit from it. */
  readonly spread: boolean;
  /** Some of its rows are in a foreign table. */
  readonly foreign: boolean;
  readonly columns: readonly ColumnRow[];
  readonly key: readonly string[] | null;
}
