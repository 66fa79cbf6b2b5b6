import { ident, type Sql, sql } from '../database/sql.ts';
import type { BBox } from '../geo/bbox.ts';

export type Dimension = 'point' | 'line' | 'polygon' | 'mixed';

/** The geometry column of a table, a view or a function's rows. */
export interface GeometryColumn {
  readonly column: string;
  /** `POINT`, `MULTIPOLYGON`, … or `GEOMETRY` where rows differ. */
  readonly type: string;
  /** Whether PostgreSQL holds every row to `type`, and none has an M: of views and functions it is what their first rows are. */
  readonly isTyped: boolean;
  readonly dimension: Dimension;
  readonly srid: number;
  readonly isGeography: boolean;
  readonly indexed: boolean;
  /** Where rows can be, longitude and latitude: PROJ fails far outside of it. undefined: anywhere. */
  readonly domain: BBox | undefined;
}

/** The bare column, as the planner, indexes and boxes know it. What is shown or measured is `shapeOf`. */
export function geometryOf({ column, isGeography }: Pick<GeometryColumn, 'column' | 'isGeography'>): Sql {
  return isGeography ? sql`${ident(column)}::geometry` : ident(column);
}
