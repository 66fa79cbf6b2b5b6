import { raw, type Sql, sql } from '../../../database/sql.ts';
import { sound } from '../../../geometry/overlay.ts';
import { UNREADABLE } from '../../source/row/source-row.ts';
import type { Dimensions, TargetGeometry } from '../plan/target.ts';
import type { CastManner } from './casting.ts';

export interface ShapeReading {
  /** SRID of the file's coordinates. */
  readonly srid: number;
  /** True to repair invalid geometries, retaining parts of the same dimension only. */
  readonly repair: boolean;
  /** True to convert arcs to lines, which every client can draw. */
  readonly linearise: boolean;
}

/** Functions that return NULL where PostGIS fails, so that a broken geometry refuses its row only. */
export const SHAPE_FUNCTIONS = `
  CREATE FUNCTION pg_temp.import_shape(shape text, srid int) RETURNS geometry LANGUAGE plpgsql AS $$
  BEGIN RETURN ST_SetSRID(shape::geometry, srid); EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;
  CREATE FUNCTION pg_temp.import_repair(g geometry) RETURNS geometry LANGUAGE plpgsql AS $$
  DECLARE mended geometry := ST_CollectionExtract(${sound(raw('g')).text}, 3);
  BEGIN RETURN CASE WHEN NOT ST_IsEmpty(mended) THEN mended END;
  EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;
  CREATE FUNCTION pg_temp.import_move(g geometry, srid int) RETURNS geometry LANGUAGE plpgsql AS $$
  BEGIN RETURN CASE WHEN srid IN (0, ST_SRID(g)) THEN g ELSE ST_Transform(g, srid) END;
  EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;`;

/** Returns SQL of a geometry from the text `shape`; NULL without one, or if the manner is careful and it is none. */
export function parsedShape(srid: number, manner: CastManner): Sql {
  return manner === 'careful'
    ? sql`pg_temp.import_shape(shape, ${srid}::int)`
    : sql`ST_SetSRID(nullif(shape, ${UNREADABLE})::geometry, ${srid}::int)`;
}

/**
 * Returns the SELECT that adds `line`, `fault`, `mended` and `is_linearised` to rows.
 * @param rows SELECT of rows with the geometry `given`, as the file has it
 */
export function judgedShapes(rows: Sql, { repair, linearise }: ShapeReading): Sql {
  // OFFSET 0, or else each use of a geometry would compute it anew.
  const named = sql`SELECT *, GeometryType(given) AS kind FROM (${rows} OFFSET 0) AS parsed OFFSET 0`;
  const seen = sql`SELECT *, ${linearise ? CURVED : raw('FALSE')} AS is_linearised FROM (${named}) AS named OFFSET 0`;
  const straight = sql`SELECT *, CASE WHEN is_linearised THEN ST_CurveToLine(given) ELSE given END AS straight FROM (${seen}) AS seen OFFSET 0`;
  const found = sql`SELECT *, ${FOUND} AS found FROM (${straight}) AS straight OFFSET 0`;
  if (!repair) return sql`SELECT *, straight AS line, found AS fault, NULL::text AS mended FROM (${found}) AS found`;
  const repaired = sql`SELECT *, CASE WHEN found IS NOT NULL THEN pg_temp.import_repair(straight) END AS whole FROM (${found}) AS found OFFSET 0`;
  return sql`SELECT *, coalesce(whole, straight) AS line, CASE WHEN whole IS NULL THEN found END AS fault,
    CASE WHEN whole IS NOT NULL THEN found END AS mended FROM (${repaired}) AS repaired`;
}

/** True for arcs, in any collection. The usual types come first, since looking for arcs costs more than a name. */
const CURVED = raw(`coalesce(kind NOT IN ('POLYGON', 'MULTIPOLYGON', 'POINT', 'LINESTRING', 'MULTILINESTRING')
  AND (ST_HasArc(given) OR kind ~ '^(CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|MULTICURVE|MULTISURFACE)$'), FALSE)`);

/** The reason for which an area is invalid. GEOS fails on an open ring, so that rings come first. */
const FOUND = raw(`CASE WHEN kind IN ('POLYGON', 'MULTIPOLYGON') OR ST_Dimension(straight) = 2 THEN CASE
  WHEN NOT ST_IsClosed(straight) AND NOT catalog.is_closed(straight) THEN 'Ring is not closed'
  WHEN NOT ST_IsValid(straight) THEN split_part(ST_IsValidReason(straight), '[', 1) END END`);

/** Returns SQL of the geometry `line` in the CRS of a column; NULL if it is invalid or empty. */
export function movedShape({ srid }: TargetGeometry, manner: CastManner): Sql {
  const move =
    manner === 'careful'
      ? sql`pg_temp.import_move(line, ${srid}::int)`
      : sql`CASE WHEN ${srid}::int IN (0, ST_SRID(line)) THEN line ELSE ST_Transform(line, ${srid}::int) END`;
  return sql`CASE WHEN fault IS NULL AND NOT ST_IsEmpty(line) THEN ${move} END`;
}

/** Returns `g` in the dimensions of the column. */
function shaped(dimensions: Dimensions): Sql {
  if (dimensions === 'any') return raw('g');
  return raw({ '': 'ST_Force2D(g)', Z: 'ST_Force3DZ(g)', M: 'ST_Force3DM(g)', ZM: 'ST_Force4D(g)' }[dimensions]);
}

/**
 * Returns SQL of the geometry `line` if `geom` does not tell it: in another CRS, with heights, of a type that the target
 * changes, or not fitting. It is stored once otherwise.
 * @param srid of the file
 */
export function differentShape(geometry: TargetGeometry | undefined, srid: number): Sql {
  const isOther = geometry && (geometry.srid !== srid || !['', 'any'].includes(geometry.dimensions));
  if (isOther) return raw('line');
  return raw(`CASE WHEN geom IS NULL OR kind NOT IN ('POLYGON', 'MULTIPOLYGON', 'LINESTRING', 'MULTILINESTRING')
    OR ST_Zmflag(line) <> 0 THEN line END`);
}

/** The geometry of a new table as it mostly becomes: of one MULTI type, without heights. */
export const USUAL_SHAPE = raw('CASE WHEN fault IS NULL AND NOT ST_IsEmpty(line) THEN ST_Multi(ST_Force2D(line)) END');

/** Returns SQL of the geometry of a row that was staged in the usual form, as in the file. */
export const GIVEN_SHAPE = raw(`coalesce(g, CASE WHEN kind LIKE 'MULTI%' THEN geom ELSE ST_GeometryN(geom, 1) END)`);

/** Returns true if {@link USUAL_SHAPE} is what rows of this geometry need. */
export const isUsual = ({ type, dimensions }: TargetGeometry): boolean => type.startsWith('MULTI') && dimensions === '';

/**
 * Returns `g` in the column's type; NULL if the kind differs. Single parts become MULTI, or MULTI of one part becomes
 * single.
 */
export function fittedShape({ type, dimensions }: TargetGeometry): Sql {
  const flat = shaped(dimensions);
  if (type === 'GEOMETRY') return flat;
  const kind = type.replace('MULTI', '');
  const own = raw(`GeometryType(ST_Force2D(g)) IN ('${kind}', 'MULTI${kind}')`);
  if (type.startsWith('MULTI')) return sql`CASE WHEN ${own} THEN ST_Multi(${flat}) END`;
  if (!['POINT', 'LINESTRING', 'POLYGON'].includes(kind))
    return sql`CASE WHEN ${raw(`GeometryType(ST_Force2D(g)) = '${type}'`)} THEN ${flat} END`;
  return sql`CASE WHEN ${own} AND ST_NumGeometries(g) = 1 THEN ST_GeometryN(${flat}, 1) END`;
}
