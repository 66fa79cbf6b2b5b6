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
