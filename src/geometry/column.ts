import { ident, type Sql, sql } from '../database/sql.ts';
import type { BBox } from '../geo/bbox.ts';

export type Dimension = 'point' | 'line' | 'polygon' | 'mixed';

/** The ordinates of a position, in order. */
export type Ordinates = 'XY' | 'XYZ' | 'XYM' | 'XYZM';

/** The geometry column of a table, a view or a function's rows. */
export interface GeometryColumn {
  readonly column: string;
  /** `POINT`, `MULTIPOLYGON`, … or `GEOMETRY` where rows differ. */
  readonly type: string;
  /**
   * True if PostgreSQL enforces `type` on every row, and no row has an M. Of views and functions, `type` is only that
   * of their first rows.
   */
  readonly isTyped: boolean;
  readonly dimension: Dimension;
  /** The ordinates that the column declares; undefined if it declares none, so that rows can differ. */
  readonly ordinates: Ordinates | undefined;
  readonly srid: number;
  readonly isGeography: boolean;
  readonly indexed: boolean;
  /** True if a row may have no geometry, as far as the table declares. */
  readonly nullable: boolean;
  /** Area in which rows can lie, longitude and latitude; PROJ fails far outside of it. undefined: anywhere. */
  readonly domain: BBox | undefined;
}

/**
 * Splits a declared type into type and ordinates: `POLYGONZ` gives POLYGON and XYZ.
 * @param declared null if nothing is declared
 */
export function declaredShape(declared: string | null): { type: string; ordinates: Ordinates | undefined } {
  if (declared === null) return { type: 'GEOMETRY', ordinates: undefined };
  const [suffix = ''] = /(ZM?|M)$/.exec(declared) ?? [];
  return { type: declared.slice(0, declared.length - suffix.length), ordinates: `XY${suffix}` as Ordinates };
}

/** Returns the dimension of a PostGIS geometry type name. */
export function dimensionOf(type: string): Dimension {
  if (/POINT/.test(type)) return 'point';
  if (/LINE|^CURVE|CIRCULAR|COMPOUND|MULTICURVE/.test(type)) return 'line';
  if (/POLYGON|SURFACE|TIN|TRIANGLE/.test(type)) return 'polygon';
  return 'mixed';
}

/** Returns the bare column, for indexes and bounding boxes. Answers and measurements use `shapeOf`. */
export function geometryOf({ column, isGeography }: Pick<GeometryColumn, 'column' | 'isGeography'>): Sql {
  return isGeography ? sql`${ident(column)}::geometry` : ident(column);
}
