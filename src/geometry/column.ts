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
  readonly dimension: Dimension;
  /** What the column declares of heights and measures; undefined: nothing, so that rows can differ. */
  readonly ordinates: Ordinates | undefined;
  readonly srid: number;
  readonly isGeography: boolean;
  readonly indexed: boolean;
  /** Where rows can be, longitude and latitude: PROJ fails far outside of it. undefined: anywhere. */
  readonly domain: BBox | undefined;
}

/** The ordinates and the type that a column declares: `POLYGONZ` -> XYZ and POLYGON. @param declared null: nothing */
export function declaredShape(declared: string | null): { type: string; ordinates: Ordinates | undefined } {
  if (declared === null) return { type: 'GEOMETRY', ordinates: undefined };
  const [suffix = ''] = /(ZM?|M)$/.exec(declared) ?? [];
  return { type: declared.slice(0, declared.length - suffix.length), ordinates: `XY${suffix}` as Ordinates };
}

export function geometryOf({ column, isGeography }: GeometryColumn): Sql {
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
