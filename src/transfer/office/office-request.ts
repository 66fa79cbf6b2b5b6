import type { FieldType } from '../../catalog/layer.ts';

/** A sheet of a workbook; every process's own have this form too. */
export interface WorkbookSheet {
  readonly title: string;
  readonly columns: readonly WorkbookColumn[];
  /** A value for each column. Dates and times are ISO 8601; numbers may be text, which keeps their digits. */
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

export interface WorkbookColumn {
  readonly title: string;
  readonly type: FieldType;
  /** Characters; absent: by the title. */
  readonly width?: number;
}

/** A sheet that is laid out cell by cell and prints on A3, landscape. */
export interface WorkbookGrid {
  readonly title: string;
  /** Widths of the columns in characters. */
  readonly widths: readonly number[];
  /** Rows of as many cells as there are columns; null is blank, or covered by the span of another cell. */
  readonly rows: readonly (readonly (GridCell | null)[])[];
}

export interface GridCell {
  readonly value: string | number | null;
  readonly look: GridLook;
  readonly isBold?: boolean;
  readonly columnSpan?: number;
  readonly rowSpan?: number;
  /** Steps by which a text is moved to the right. */
  readonly indent?: number;
  /** Decimals of a number. */
  readonly digits?: number;
  /** URL that a click opens. */
  readonly href?: string;
}

/** `title`, `centre`, `left`: text without borders. `head`, `label`, `figure`, `missing`: cells of a table. */
export type GridLook = 'title' | 'centre' | 'left' | 'head' | 'label' | 'figure' | 'missing';

/** The question of its thread. */
export interface WorkbookRequest {
  readonly kind: 'workbook';
  readonly sheets: readonly (WorkbookSheet | WorkbookGrid)[];
}

/** Rows of a sheet that is written in pieces. */
export interface SheetRowsRequest extends Pick<WorkbookSheet, 'columns' | 'rows'> {
  readonly kind: 'rows';
  /** Number of the style of each column; undefined: plain. */
  readonly styles: readonly (string | undefined)[];
  /** Number of the first row; the titles are row 1. */
  readonly first: number;
}

/** A feature of a drawing. */
export interface DrawnFeature {
  /** Name of its layer in the drawing: valid, and distinct from others ignoring case. */
  readonly layer: string;
  /** GeoJSON text in metres, east before north; outer rings counter-clockwise. */
  readonly geometry: string;
}

/** Features of a drawing that is written in pieces. */
export interface EntitiesRequest {
  readonly kind: 'entities';
  readonly features: readonly DrawnFeature[];
  /** Handle of the first entity. */
  readonly first: number;
}

/** Question for the start and the end of a drawing, around its entities. */
export interface DrawingFrameRequest {
  readonly kind: 'frame';
  /** Names that are valid and distinct, ignoring case. */
  readonly layers: readonly string[];
  /** First handle that no entity has. */
  readonly next: number;
}

export interface DrawnEntities {
  readonly text: string;
  /** First handle that is free. */
  readonly next: number;
}

export interface DrawingFrame {
  readonly start: string;
  readonly end: string;
}
