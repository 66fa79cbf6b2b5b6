import type { Layer } from '../../catalog/layer.ts';
import { type Query, raw, type Sql, sql } from '../../database/sql.ts';
import { geometryOf } from '../../geometry/column.ts';
import { intersection, union } from '../../geometry/overlay.ts';
import type { Stretch } from '../corridor/corridor.ts';
import { lineText } from '../corridor/corridor-query.ts';
import { plainGeometry, tableOf } from '../layer-sql.ts';

/** m². Smaller parts come from rounded coordinates: no part taken, no piece left, and no gap. */
export const SPECK = 0.01;

/** A part of the corridor that no other part overlaps. */
export interface CorridorCell {
  readonly stretch: Stretch;
  /** Hexadecimal EWKB in the measuring zone. */
  readonly geom: string;
}

/** A layer, and the SRID of all measurements. */
export interface MeasuredLayer {
  readonly layer: Layer;
  readonly zone: number;
}

/** The part of one cell that a parcel covers, or that none covers. */
export interface PartRow {
  /** Index of the cell. */
  readonly cell: number;
  /** NULL: land that no parcel covers. */
  readonly id: string | null;
  readonly areaM2: number;
  /** Metres along the line. */
  readonly fromM: number;
  readonly toM: number;
  /** Hexadecimal EWKB in the measuring zone. */
  readonly geom: string;
}

/**
 * Cuts cells by parcels: rows of {@link PartRow}. Each parcel is cut by each cell once (OFFSET), and its vertices are located on
 * the stretch of that cell. A line that returns thus never locates a part on another of its stretches.
 *
 * Free land is found among the faces between all edges, which are noded at once. To unite the parts of a cell and
 * subtract them, GEOS would node them once for each part: twice the time.
 * @param first index of the first cell
 */
export function partsQuery(cells: readonly CorridorCell[], first: number, { layer, zone }: MeasuredLayer): Query {
  return sql`
    WITH ${cellTable(cells)},
    part AS MATERIALIZED (
      SELECT * FROM (
        SELECT cell.number, line, start, parcel.id, CASE WHEN ST_Covers(cell.geom, shape) THEN shape
          ELSE ST_CollectionExtract(${intersection(raw('shape'), raw('cell.geom'))}, 3) END AS geom
        FROM cell CROSS JOIN LATERAL (${nearRows(layer, zone, raw('source.id'))}) AS parcel WHERE ST_Intersects(cell.geom, shape) OFFSET 0) AS cut
      WHERE NOT ST_IsEmpty(geom)),
    covered AS MATERIALIZED (SELECT number, ST_CollectionExtract(ST_Collect(geom), 3) AS shapes FROM part GROUP BY number),
    divided AS MATERIALIZED (
      SELECT number, ST_Polygonize(lines) AS faces FROM (
        SELECT number, ${union(raw('ST_Boundary(geom)'))} AS lines
        FROM (SELECT number, geom FROM part UNION ALL SELECT number, geom FROM cell) AS bounded GROUP BY number) AS noded GROUP BY number),
    free AS MATERIALIZED (
      SELECT number, line, start, NULL::int8 AS id, CASE WHEN shapes IS NULL THEN cell.geom ELSE (
        SELECT ST_CollectionExtract(ST_Collect(face.geom), 3) FROM ST_Dump(faces) AS face
        WHERE NOT ST_Intersects(shapes, ST_PointOnSurface(face.geom))) END AS geom
      FROM cell JOIN divided USING (number) LEFT JOIN covered USING (number))
    SELECT number + ${first - 1}::int AS cell, id::text AS id, ST_Area(geom) AS "areaM2", "fromM", "toM", geom::text AS geom
    FROM (SELECT * FROM part UNION ALL SELECT * FROM free WHERE ST_Area(geom) >= ${SPECK}::float8) AS piece
    CROSS JOIN LATERAL (${located(raw('piece.geom'))}) AS place ORDER BY number, id`;
}

/** Selects from where to where a geometry lies along `line`, whose first metre is `start`: `{fromM, toM}`. */
export function located(geometry: Sql): Sql {
  return sql`SELECT start + min(share) * ST_Length(line) AS "fromM", start + max(share) * ST_Length(line) AS "toM"
    FROM (SELECT ST_LineLocatePoint(line, (ST_DumpPoints(${geometry})).geom) AS share) AS shares`;
}

/** m² of a planning zone in the corridor. */
export interface RouteZoneRow {
  readonly plan: string;
  readonly zoneCode: string;
  readonly name: string;
  readonly decision: string | null;
  readonly period: string;
  readonly areaM2: number;
}

/** Selects the planning zones in some cells. A zone is larger than a cell: each is repaired once for all of them. */
export function zonesQuery(cells: readonly CorridorCell[], { layer, zone }: MeasuredLayer): Query {
  const column = geometryOf(layer.geometry);
  return sql`
    WITH ${cellTable(cells)},
    zone AS MATERIALIZED (
      SELECT source.*, ${plainGeometry(layer, zone)} AS shape FROM ${tableOf(layer)} AS source
      WHERE source.${column} && (SELECT ${boxThere(raw('ST_Collect(geom)'), layer.geometry.srid, zone)} FROM cell)
        AND EXISTS (SELECT FROM cell WHERE source.${column} && ${boxThere(raw('cell.geom'), layer.geometry.srid, zone)}))
    SELECT plan, zone_code AS "zoneCode", name, decision, period,
      sum(ST_Area(CASE WHEN ST_Covers(shape, cell.geom) THEN cell.geom ELSE ${intersection(raw('shape'), raw('cell.geom'))} END)) AS "areaM2"
    FROM zone JOIN cell ON ST_Intersects(shape, cell.geom) GROUP BY 1, 2, 3, 4, 5`;
}

/** The cells as a table: `number` from 1, `geom`, and the `line` through it that begins at the metre `start`. */
export function cellTable(cells: readonly CorridorCell[]): Sql {
  const lines = cells.map(({ stretch }) => lineText(stretch.line));
  const starts = cells.map(({ stretch }) => stretch.from);
  return sql`cell AS MATERIALIZED (
    SELECT number::int, geom::geometry AS geom, ST_SetSRID(line::geometry, ST_SRID(geom::geometry)) AS line, start
    FROM unnest(${cells.map(({ geom }) => geom)}::text[], ${lines}::text[], ${starts}::float8[]) WITH ORDINALITY AS given (geom, line, start, number))`;
}

/**
 * Selects columns of the rows of a layer near `cell.geom`, by its index, with their `shape` in the measuring zone. The
 * shape of a row is computed once, and not for each use (OFFSET).
 */
export function nearRows(layer: Layer, zone: number, columns: Sql): Sql {
  return sql`SELECT ${columns}, ${plainGeometry(layer, zone)} AS shape FROM ${tableOf(layer)} AS source
    WHERE source.${geometryOf(layer.geometry)} && ${boxThere(raw('cell.geom'), layer.geometry.srid, zone)} OFFSET 0`;
}

/** Returns the box of a geometry in another SRID. A metre more holds the curve of its edges there. */
export function boxThere(geometry: Sql, srid: number, zone: number): Sql {
  return srid === zone ? geometry : sql`ST_Transform(ST_Expand(ST_Envelope(${geometry}), 1), ${srid}::int)`;
}
