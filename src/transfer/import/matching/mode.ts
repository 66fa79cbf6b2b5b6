/**
 * `append` adds all rows. `upsert` adds those that the table lacks, by a key, and changes those that differ. `sync` also
 * deletes what the file lacks. `replace` compares whole rows: what differs is deleted and added. `update` changes
 * attributes of rows by a key; geometries stay.
 */
export const IMPORT_MODES = ['append', 'replace', 'upsert', 'update', 'sync'] as const;
export type ImportMode = (typeof IMPORT_MODES)[number];

/** The part of a request that says how rows meet those of the table. */
export interface MatchingRequest {
  /** The manner in which the rows of the file meet those of the table; `append` by default. */
  readonly mode?: ImportMode | undefined;
  /** Columns by which `upsert`, `update` and `sync` know a record; the layer's own key by default. */
  readonly key?: readonly string[] | undefined;
  /** `replace` and `sync` leave the rows of units alone that the file does not name. */
  readonly byUnit?: boolean | undefined;
  /** Imports the valid rows and skips the refused ones. */
  readonly skipRefused?: boolean | undefined;
}
