/** A form that an authority prescribes, as it is printed: heading, table with numbered columns, signatures, notes. */
export interface ResultForm {
  /** E.g. `01/TKKK`. */
  readonly code: string;
  /** Lines above the title. */
  readonly motto: readonly string[];
  readonly title: string;
  /** Lines below the title: the period, the date. */
  readonly subtitle: readonly string[];
  /** Lines at the upper right: who reports, the unit of measure. */
  readonly reporter: readonly string[];
  readonly columns: readonly ResultFormColumn[];
  /** A cell for each column. */
  readonly rows: readonly ResultFormRow[];
  readonly signers: readonly (readonly [title: string, hint: string])[];
  readonly notes: readonly string[];
}

export interface ResultFormColumn {
  /** Headings from the top down. Neighbours that share the upper ones share their cells. */
  readonly path: readonly string[];
  /** The line below the headings: `(4)=(5)+(18)`. */
  readonly line: string;
  /** Characters. */
  readonly width: number;
}

export interface ResultFormRow {
  /** 0 for a total, 1 for a group; deeper rows are plain. */
  readonly level: number;
  readonly cells: readonly ResultFormCell[];
}

/** `href`: a path below the base URL; `why`: the reason why a figure is missing. */
export type ResultFormCell =
  | { readonly text: string; readonly indent?: number }
  | { readonly number: number; readonly digits: number; readonly href?: string }
  | { readonly why: string };
