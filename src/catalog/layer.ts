import type { GeometryColumn } from '../geometry/column.ts';
import type { Text } from '../lib/errors.ts';

export type FieldType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'json';

/** A column that is not the geometry. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** As PostgreSQL writes it, e.g. `numeric(14,1)`. */
  readonly sqlType: string;
  /** What a domain comes down to, written in the same way; of every other type, the type itself. */
  readonly baseType: string;
  readonly nullable: boolean;
  readonly title: Text;
  /** Holds or may hold personal data: reaches only those entitled. */
  readonly personal: boolean;
}

/**
 * What tells one row from another. `columns`: a primary key or a unique, not-null index; of what has no index, the column `id`,
 * which nothing holds to be unique. `ctid`: a table without one: the row's place, which an update changes, and where its rows
 * are spread over several tables, the table too. `none`: a view without one: a digest of the row.
 */
export type Key =
  | { readonly kind: 'columns'; readonly columns: readonly string[]; readonly isUnique: boolean }
  | { readonly kind: 'ctid'; readonly isSpread: boolean }
  | { readonly kind: 'none' };

/** Which rows tiles leave out at low zooms, by rank and never by number: value of `field` -> the zoom it appears at. */
export interface Thinning {
  readonly field: string;
  readonly from: Readonly<Record<string, number>>;
}

/**
 * Low zooms that show rows dissolved by the value of a field, because there are more of them than a tile can hold: zooms
 * from the layer's first to `top`. Above it, the rows themselves.
 */
export interface Mosaic {
  readonly class: string;
  readonly top: number;
}

/** What a function is asked with: a query parameter of the same name. */
export interface FunctionParameter {
  readonly name: string;
  readonly title: Text;
  readonly type: FieldType;
  /** As PostgreSQL writes it, e.g. `double precision`. */
  readonly sqlType: string;
  /** Without a default of its own. */
  readonly isRequired: boolean;
}

/** Values of parameters by their names, each as text that PostgreSQL reads; the others have their defaults. */
export type Arguments = Readonly<Record<string, string>>;

/** How a function that gives a layer's rows is called. */
export interface LayerCall {
  readonly parameters: readonly FunctionParameter[];
  readonly arguments: Arguments;
  /** Its rows can be in any system: they are brought into that of the layer. */
  readonly isReprojected: boolean;
}

/** A table, a view or a function's rows with one geometry column, plus what the catalog says of it. */
export interface Layer {
  /** `schema.table`, as published in URLs. */
  readonly id: string;
  readonly schema: string;
  /** Of the table, the view or the function. */
  readonly table: string;
  /** undefined: rows are a table's or a view's. */
  readonly call: LayerCall | undefined;
  /** Whether rows are stored here and can have triggers: an ordinary table. */
  readonly isTable: boolean;
  /** Of a view: the tables, `schema.table`, without whose changes it shows the same. Empty: not known. */
  readonly dependsOn: readonly string[];
  readonly title: Text;
  readonly key: Key;
  readonly geometry: GeometryColumn;
  readonly fields: readonly Field[];
  /** Names of the fields that tiles carry. */
  readonly tileFields: readonly string[];
  /** Fields of those that tiles carry from a zoom on only: name -> zoom. */
  readonly fieldsFrom: Readonly<Record<string, number>>;
  /** Zooms at which tiles have features; clients overzoom beyond `max`. */
  readonly zooms: { readonly min: number; readonly max: number };
  readonly thinning: Thinning | undefined;
  readonly mosaic: Mosaic | undefined;
  /** Name of the field that says when a feature was. */
  readonly timeField: string | undefined;
  readonly accessClass: 'public' | 'restricted';
  /** The planner's estimate; -1 where it has none. */
  readonly rowEstimate: number;
}

/** A function `(z, x, y, …) RETURNS bytea` that makes tiles by itself. */
export interface TileFunction {
  /** `schema.name`, as published in URLs. */
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly title: Text;
  /** z, x and y. */
  readonly address: readonly FunctionParameter[];
  /** The others. */
  readonly parameters: readonly FunctionParameter[];
}

/** A table, view or function with a geometry column that cannot be served, and why. */
export interface SkippedLayer {
  readonly id: string;
  readonly reason: Text;
  /** Whether it can be read again without a change of its definition, so that it is tried from time to time. */
  readonly mayRecover?: boolean;
}

/** Every layer there is. Never changed: swapped whole. */
export interface Catalog {
  /** Changes with the definition of any layer. */
  readonly fingerprint: string;
  /** Tables and views. */
  readonly layers: ReadonlyMap<string, Layer>;
  /** Functions that give rows, not yet called with anything. */
  readonly functions: ReadonlyMap<string, Layer>;
  readonly tileFunctions: ReadonlyMap<string, TileFunction>;
  readonly skipped: readonly SkippedLayer[];
}
