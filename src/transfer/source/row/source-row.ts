import type { BBox } from '../../../geo/bbox.ts';
import type { Text } from '../../../lib/errors.ts';
import type { Changes } from '../text/changes.ts';
import type { TextReader } from '../text/text-reader.ts';

/** A column of a file. */
export interface SourceField {
  readonly name: string;
  /** PostgreSQL's type that holds every value unchanged, for a new table. */
  readonly type: string;
}

/** One feature of a file. */
export interface SourceRow {
  /** 1 for the first feature of the file. */
  readonly number: number;
  /** Hexadecimal (E)WKB, {@link UNREADABLE}, or null without a geometry. */
  readonly shape: string | null;
  /** In the order of the fields, in PostgreSQL's text form. Values that are not wanted are null too. */
  readonly values: readonly (string | null)[];
  /** Index of the reason in {@link Source.findings} for which the row is refused. */
  readonly finding?: number | undefined;
}

/** Marks a geometry that cannot be read. Its row is refused. */
export const UNREADABLE = '!';

/** The columns by which the rows of a table without geometries are known. */
export interface KeyColumns {
  /** True if the names of a table have the columns. */
  readonly areIn: (names: readonly string[]) => boolean;
  /** Says which columns are needed and how to name them, as a sentence. */
  readonly advice: Text;
}

export interface SourceOptions {
  readonly sourceLayer?: string | undefined;
  /** True to read all layers of the file as one. */
  readonly allLayers?: boolean | undefined;
  /** Encoding of the text, if the request gives one. */
  readonly encoding: string | undefined;
  /** Given if rows are known by these columns, so that they need no geometry and have none. */
  readonly keyColumns?: KeyColumns | undefined;
  /** Counts values that change while the file is read. */
  readonly changes: Changes;
}

/** Something at a place that is no row: what was mended in a drawing, or what stands beside its rows. */
export interface SourceNotice {
  readonly kind: 'mended' | 'beside';
  readonly text: Text;
  /** Hexadecimal (E)WKB in the system of the file. */
  readonly shape: string;
}

/** An open layer of a file. */
export interface Source {
  readonly name: string;
  /** As claimed by the file, if it was not counted. */
  readonly featureCount: number;
  readonly fields: readonly SourceField[];
  /** EPSG code of the coordinates; undefined if the file does not declare it. */
  readonly srid: number | undefined;
  readonly extent: BBox | undefined;
  /** Checks after the rows that their text was in the encoding assumed. */
  readonly text: Pick<TextReader, 'check'>;
  /** Sentences on how the file was understood. */
  readonly notes?: readonly Text[];
  /** Reasons for which the source itself refuses rows. */
  readonly findings?: readonly Text[] | undefined;
  /** Listed by the report beside the rows. */
  readonly notices?: readonly SourceNotice[] | undefined;
  /** @param wanted indexes of `fields`; other values are null */
  rows(wanted: ReadonlySet<number>): AsyncIterable<SourceRow>;
}

/** Files of a layer, copied to a writable place. */
export interface SourceFiles {
  /** The file that holds the map. */
  readonly file: string;
  /** Names of all files. */
  readonly names: readonly string[];
  /** An empty folder for derived files. */
  readonly outFolder: string;
}
