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
  /** The role has SELECT on every column. */
  readonly readable: boolean;
  /** False for a materialized view WITH NO DATA. */
  readonly filled: boolean;
  /** True if its rows are in several tables, by partitions or inheritance. */
  readonly spread: boolean;
  /** True if some of its rows are in a foreign table. */
  readonly foreign: boolean;
  /** True if `access.restricted_layer` has it, so that the public does not see it. */
  readonly restricted: boolean;
  readonly columns: readonly ColumnRow[];
  readonly key: readonly string[] | null;
}
