import type { Text } from '../../lib/errors.ts';
import type { RegisterOutcome } from '../source/row/joined-rows.ts';
import type { ImportChange } from '../source/text/changes.ts';
import type { Reason } from './checks/check.ts';
import type { ImportMode, MatchingRequest } from './matching/mode.ts';
import type { KeySuccession } from './matching/succession.ts';
import type { LeftOut, Renamed } from './plan/plan.ts';
import type { UnknownValue } from './plan/value-list.ts';
import type { ValueMaps } from './plan/value-maps.ts';
import type { ReportRow } from './report-rows.ts';
import type { RowCounts } from './writing/row-counts.ts';

export interface ImportRequest extends MatchingRequest {
  /** Path of a .geojson, .shp, .zip, .gpkg, .fgb, .gml, .kml, .dxf, .dgn, .tab, .mif, .gdb, .csv or .xlsx. */
  readonly file: string;
  /** Further files of the same kind, e.g. other sheets of a cadastral map. All are read as one. */
  readonly moreFiles?: readonly string[] | undefined;
  /** Path of a .csv or .xlsx whose rows describe the parcels of the files, by unit, sheet and number. */
  readonly register?: string | undefined;
  /** Name of a profile, which says which columns are which fields. */
  readonly profile?: string | undefined;
  /** Name under which map, set and values are saved as a profile, once the import is done. */
  readonly saveProfile?: string | undefined;
  /** Target column -> value of the file -> value of the layer. */
  readonly values?: ValueMaps | undefined;
  /** `schema.table`: filled if it exists, else created. */
  readonly layer: string;
  /** Target column -> source column. Other columns are matched by name. */
  readonly map?: Readonly<Record<string, string>>;
  /** Target column -> one value for every row. */
  readonly set?: Readonly<Record<string, string | number | boolean>>;
  /** SRID of the file's coordinates, if the file does not declare it or declares it wrongly. */
  readonly srid?: number | undefined;
  /** `tcvn3`, `vni`, or any name of the WHATWG standard. */
  readonly encoding?: string | undefined;
  /** Repairs invalid polygons, with vertices rounded to 0.1 mm, instead of refusing them. */
  readonly repair?: boolean | undefined;
  /** Layer to import from a file that holds several. */
  readonly sourceLayer?: string | undefined;
  /** Imports all layers of the file as one. */
  readonly allLayers?: boolean | undefined;
  /** Reads one DXF or DGN as a cadastral map, whose lines and labels become parcels. */
  readonly cadastralMap?: boolean | undefined;
  /** Distance in metres within which ends of lines of a cadastral map meet; 0.001 by default, 1 at most. */
  readonly tolerance?: number | undefined;
  /** Imports features that lie outside of the unit that they name. */
  readonly anywhere?: boolean | undefined;
  /** Imports features that the table has already, all of them. */
  readonly again?: boolean | undefined;
  /** Returns the report, and leaves the database as it was. */
  readonly dryRun?: boolean | undefined;
  /** Schemas that are published; only these accept imports. */
  readonly schemas?: readonly string[];
  readonly onProgress?: (done: number, total: number) => void;
  /** Called at the beginning of each step. */
  readonly onStep?: (step: ImportStep) => void;
  /** Receives the report with every refused and mended row, before the transaction ends. */
  readonly onReport?: (report: ImportReport, rows: AsyncIterable<ReportRow>) => Promise<void>;
}

/** `waiting` is for another import into the layer. */
export type ImportStep = 'waiting' | 'reading' | 'checking' | 'writing';

export interface ImportReport {
  readonly layer: string;
  readonly created: boolean;
  readonly mode: ImportMode;
  /** Columns of the key, for `upsert` and `sync`. */
  readonly key: readonly string[] | undefined;
  /** True if nothing was written because the request said so. */
  readonly isDryRun: boolean;
  /** Number of the import, by which it can be undone; undefined if nothing was written, or too much. */
  readonly id: number | undefined;
  readonly read: number;
  /** Rows inserted and updated. */
  readonly written: number;
  readonly rows: RowCounts;
  /** The first splits, merges and renumberings, of `sync`. */
  readonly successions: readonly KeySuccession[];
  readonly repaired: number;
  readonly refused: number;
  readonly reasons: readonly Reason[];
  readonly leftOut: readonly LeftOut[];
  /** Columns of a new table that could not have the file's names, which become their titles. */
  readonly renamed: readonly Renamed[];
  /** All other deviations from the file, counted in refused rows too. */
  readonly changes: readonly ImportChange[];
  /** Sentences on how the file was understood. */
  readonly notes: readonly Text[];
  readonly srid: { readonly source: number; readonly target: number };
  /** The way in which the rows of a register found their parcels; undefined without one. */
  readonly register: RegisterOutcome | undefined;
  /** Values of the file that are no codes of the table to which a column refers, the most frequent first. */
  readonly unknownValues: Readonly<Record<string, readonly UnknownValue[]>>;
}
