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

/**
 * What GeoJSON, MVT and GEOS cannot say otherwise: arcs as lines, collections without collections in them, faces as
 * polygons. undefined where the column is straight as it is.
 */
export function straightened(geometry: GeometryColumn): Sql | undefined {
  const column = geometryOf(geometry);
  const lines = sql`ST_CurveToLine(${column})`;
  if (/^(GEOMETRY|GEOMETRYCOLLECTION|POLYHEDRALSURFACE|TIN|TRIANGLE)$/.test(geometry.type)) {
    return sql`CASE WHEN ST_GeometryType(${column}) IN ('ST_GeometryCollection', 'ST_PolyhedralSurface', 'ST_Tin', 'ST_Triangle')
      THEN (SELECT ST_Collect(CASE ST_GeometryType(part.geom) WHEN 'ST_Triangle' THEN ST_MakePolygon(ST_ExteriorRing(part.geom))
        ELSE part.geom END) FROM ST_Dump(${lines}) AS part) ELSE ${lines} END`;
  }
  return /CURVE|CIRCULAR|SURFACE/.test(geometry.type) ? lines : undefined;
}
