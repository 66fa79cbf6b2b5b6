import type { BBox } from '../geo/bbox.ts';
import type { GeometryColumn } from '../geometry/column.ts';
import type { Text } from '../lib/errors.ts';

export type FieldType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'json';

/** A column that is not the geometry. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** In PostgreSQL's spelling, e.g. `numeric(14,1)`. */
  readonly sqlType: string;
  /** Base type of a domain, in the same spelling; for other types, the type itself. */
  readonly baseType: string;
  readonly nullable: boolean;
  readonly title: Text;
  /** True if it holds or may hold personal data, which only entitled principals receive. */
  readonly personal: boolean;
}

/**
 * Identification of rows:
 * - `columns`: a primary key, a unique not-null index, or else the column `id`, whose uniqueness no constraint
 *   guarantees;
 * - `ctid`: a table without one. It is the row's place, which an update changes, with the table if rows are spread over
 *   several;
 * - `none`: a view without one, whose rows have a digest.
 */
export type Key =
  | { readonly kind: 'columns'; readonly columns: readonly string[]; readonly isUnique: boolean }
  | { readonly kind: 'ctid'; readonly isSpread: boolean }
  | { readonly kind: 'none' };

/** Rows that tiles omit at low zooms, by rank and never by number: value of `field` -> the zoom at which it appears. */
export interface Thinning {
  readonly field: string;
  readonly from: Readonly<Record<string, number>>;
}

/**
 * Low zooms show rows dissolved by the value of a field, because a tile cannot hold all of them. It applies from the
 * layer's first zoom to `top`; above, the rows themselves are shown.
 */
export interface Mosaic {
  readonly class: string;
  readonly top: number;
}

/** A parameter of a function: a query parameter of the same name. */
export interface FunctionParameter {
  readonly name: string;
  readonly title: Text;
  readonly type: FieldType;
  /** In PostgreSQL's spelling, e.g. `double precision`. */
  readonly sqlType: string;
  /** True if it has no default. */
  readonly isRequired: boolean;
}

/** Values of parameters by name, each as text that PostgreSQL parses; the others have their defaults. */
export type Arguments = Readonly<Record<string, string>>;

/** Call of a function that returns a layer's rows. */
export interface LayerCall {
  readonly parameters: readonly FunctionParameter[];
  readonly arguments: Arguments;
  /** True if its rows can be in any CRS, so that they are transformed to that of the layer. */
  readonly isReprojected: boolean;
}

/** Rows of a process's result in schema `result`. They never change. */
export interface StoredRows {
  readonly job: string;
  /** Its name within the result. */
  readonly layer: string;
  /** Longitude and latitude; null without geometries. */
  readonly bbox: BBox | null;
}

/** Key of an administrative unit: its code is reused after a reorganization. */
export interface DatedUnit {
  readonly code: string;
  /** `YYYY-MM-DD`. */
  readonly validFrom: string;
}

/** A table, a view, a function's rows or a result with one geometry column, and the catalog's settings for it. */
export interface Layer {
  /** `schema.table`, as published in URLs. */
  readonly id: string;
  readonly schema: string;
  /** Name of the table, the view or the function. */
  readonly table: string;
  /** Set if rows are those of a function. */
  readonly call: LayerCall | undefined;
  /** Set if rows are those of a result; `schema` and `table` then only form its id. */
  readonly stored: StoredRows | undefined;
  /** True for an ordinary table, whose rows are stored here and can have triggers. */
  readonly isTable: boolean;
  /** For a view: the tables, `schema.table`, that alone determine its content. Empty: unknown. */
  readonly dependsOn: readonly string[];
  readonly title: Text;
  readonly key: Key;
  readonly geometry: GeometryColumn;
  readonly fields: readonly Field[];
  /** Names of the fields that tiles carry. */
  readonly tileFields: readonly string[];
  /** Fields that tiles carry only from a zoom on: name -> zoom. */
  readonly fieldsFrom: Readonly<Record<string, number>>;
  /** Zooms at which tiles have features; clients overzoom beyond `max`. */
  readonly zooms: { readonly min: number; readonly max: number };
  readonly thinning: Thinning | undefined;
  readonly mosaic: Mosaic | undefined;
  /** Name of the field with the date or time of a feature. */
  readonly timeField: string | undefined;
  readonly accessClass: 'public' | 'restricted';
  /** Units to which its rows are narrowed; undefined: all rows. The layer has {@link UNIT_COLUMNS}. */
  readonly units?: readonly DatedUnit[] | undefined;
  /** The planner's estimate; -1 if it has none. */
  readonly rowEstimate: number;
}

/** A function `(z, x, y, …) RETURNS bytea` that returns tiles by itself. */
export interface TileFunction {
  /** `schema.name`, as published in URLs. */
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly title: Text;
  /** z, x and y. */
  readonly address: readonly FunctionParameter[];
  /** The other parameters. */
  readonly parameters: readonly FunctionParameter[];
}

/** A table, view or function with a geometry column that cannot be served, and the reason. */
export interface SkippedLayer {
  readonly id: string;
  readonly reason: Text;
  /** True if it may become readable without a change of its definition, so that it is retried from time to time. */
  readonly mayRecover?: boolean;
}

/** Every layer. It is never modified, only replaced as a whole. */
export interface Catalog {
  /** Changes with the definition of any layer. */
  readonly fingerprint: string;
  /** Tables and views. */
  readonly layers: ReadonlyMap<string, Layer>;
  /** Row functions without arguments. */
  readonly functions: ReadonlyMap<string, Layer>;
  readonly tileFunctions: ReadonlyMap<string, TileFunction>;
  readonly skipped: readonly SkippedLayer[];
}
