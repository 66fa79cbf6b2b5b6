import { ident, type Sql, sql } from '../database/sql.ts';
import type { BBox } from '../geo/bbox.ts';

export type Dimension = 'point' | 'line' | 'polygon' | 'mixed';

/** The numbers of a position, in their order. */
export type Ordinates = 'XY' | 'XYZ' | 'XYM' | 'XYZM';

/** The geometry column of a table, a view or a function's rows. */
export interface GeometryColumn {
  readonly column: string;
  /** `POINT`, `MULTIPOLYGON`, … or `GEOMETRY` where rows differ. */
  readonly type: string;
  /** Whether PostgreSQL holds every row to `type`, and none has an M: of views and functions it is what their first rows are. */
  readonly isTyped: boolean;
  readonly dimension: Dimension;
  /** What the column declares of heights and measures; undefined: nothing, so that rows can differ. */
  readonly ordinates: Ordinates | undefined;
  readonly srid: number;
  readonly isGeography: boolean;
  readonly indexed: boolean;
  /** Whether a row can be without a geometry, as far as the table says. */
  readonly nullable: boolean;
  /** Where rows can be, longitude and latitude: PROJ fails far outside of it. undefined: anywhere. */
  readonly domain: BBox | undefined;
}

/** The ordinates and the type that a column declares: `POLYGONZ` -> XYZ and POLYGON. @param declared null: nothing */
export function declaredShape(declared: string | null): { type: string; ordinates: Ordinates | undefined } {
  if (declared === null) return { type: 'GEOMETRY', ordinates: undefined };
  const [suffix = ''] = /(ZM?|M)$/.exec(declared) ?? [];
  return { type: declared.slice(0, declared.length - suffix.length), ordinates: `XY${suffix}` as Ordinates };
}

/** The bare column, as the planner, indexes and boxes know it. What is shown or measured is `shapeOf`. */
export function geometryOf({ column, isGeography }: Pick<GeometryColumn, 'column' | 'isGeography'>): Sql {
  return isGeography ? sql`${ident(column)}::geometry` : ident(column);
}
