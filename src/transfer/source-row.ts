import type { BBox } from '../geo/bbox.ts';
import type { Changes } from './changes.ts';
import type { TextReader } from './text-reader.ts';

/** A column of a file. */
export interface SourceField {
  readonly name: string;
  /** PostgreSQL's type that holds every value as the file has it, for a table that is to be made. */
  readonly type: string;
}

/** One feature of a file. */
export interface SourceRow {
  /** 1 for the first feature of the file. */
  readonly number: number;
  /** Hexadecimal (E)WKB, {@link UNREADABLE}, or null where there is none. */
  readonly shape: string | null;
  /** Follow the fields; as PostgreSQL reads them. Null too where they are not wanted. */
  readonly values: readonly (string | null)[];
}

/** Stands for a geometry that is there and cannot be read: its row is refused for it. */
export const UNREADABLE = '!';

export interface SourceOptions {
  readonly sourceLayer?: string | undefined;
  /** Of the text, as the one who imports says it. */
  readonly encoding: string | undefined;
  /** Counts what is changed while the file is read. */
  readonly changes: Changes;
}

/** A layer of a file, ready to be read. */
export interface Source {
  readonly name: string;
  /** What the file claims, where it was not counted. */
  readonly featureCount: number;
  readonly fields: readonly SourceField[];
  /** EPSG code of the coordinates; undefined: the file does not say it. */
  readonly srid: number | undefined;
  readonly extent: BBox | undefined;
  readonly text: TextReader;
  /** @param wanted positions of `fields`; the others are null */
  rows(wanted: ReadonlySet<number>): AsyncIterable<SourceRow>;
}

/** Files of a layer, copied to where they may be written to. */
export interface SourceFiles {
  /** The one that holds the map. */
  readonly file: string;
  /** Names of all. */
  readonly names: readonly string[];
  /** An empty folder for what is made of them. */
  readonly outFolder: string;
}
