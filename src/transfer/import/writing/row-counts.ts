import type { DependentRows } from '../journal/dependents.ts';

export interface RowCounts {
  readonly inserted: number;
  readonly updated: number;
  /** Rows of the file that the table has as they are; they were not written. */
  readonly unchanged: number;
  readonly deleted: number;
  /** Rows found by their ground: those split, those into which others were merged, and those with another key. */
  readonly split: number;
  readonly merged: number;
  readonly renumbered: number;
  /** Rows of other tables that went with deleted ones. */
  readonly dependents: readonly DependentRows[];
}
