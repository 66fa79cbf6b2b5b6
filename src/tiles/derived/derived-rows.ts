import { integerKey } from '../../catalog/key.ts';
import type { Layer } from '../../catalog/layer.ts';
import { EMPTY, ident, join, raw, type Sql, sql } from '../../database/sql.ts';
import { tileUnit } from '../../geo/tile.ts';
import { isInDomain } from '../../geometry/domain.ts';
import { sound } from '../../geometry/overlay.ts';
import { shapeOf } from '../../geometry/shape.ts';
import { tileFields, tileTexts, tileValue } from './tile-values.ts';

/** Tile units below which a feature is not drawn, in both dimensions (half a pixel of a 512 px tile). */
export const SMALLEST = 4;

/** Names that no column has by accident. */
export const KEY_COLUMN = ident('diaba key');
export const ID_COLUMN = ident('diaba id');
export const TEXTS = ident('diaba texts');
export const ZOOM = ident('diaba zoom');
/** The zoom from which rounding to tile units leaves a polygon valid. */
export const ROUNDED = ident('diaba rounded');
export const MERCATOR = ident('diaba mercator');

/** Returns the key of a row as one value: the integer itself, else the key's columns as JSON text. */
export function keyValue({ key, ...layer }: Layer, alias: Sql): Sql {
  if (key.kind !== 'columns') throw new Error(`${layer.id} has no key`);
  const columns = key.columns.map((name) => sql`${alias}.${ident(name)}`);
  if (integerKey({ key, ...layer }) !== undefined) return sql`${columns[0]}::int8`;
  return sql`jsonb_build_array(${join(columns, ', ')})::text`;
}

/**
 * Returns the MVT id. An integer key is the id if MVT can write it and clients can read it (0 to 2^53 - 1). A text key
 * gets a digest of that size; without a key there is no id.
 */
export function mvtId(layer: Layer): Sql | undefined {
  if (layer.key.kind !== 'columns') return undefined;
  const column = integerKey(layer);
  if (column !== undefined) {
    const id = sql`${ident(column)}::int8`;
    return sql`CASE WHEN ${id} BETWEEN 0 AND ${raw(String(Number.MAX_SAFE_INTEGER))} THEN ${id} END`;
  }
  const text = join(
    layer.key.columns.map((name) => sql`${ident(name)}::text`),
    " || ':' || ",
  );
  return sql`(hashtextextended(${text}, 0) & 9007199254740991)`;
}

/** Returns the geometry in EPSG:3857, flat, without arcs, of one dimension; NULL if it cannot be drawn. */
export function toMercator({ geometry }: Layer): Sql {
  const flat = sql`ST_Force2D(${shapeOf(geometry)})`;
  const simple =
    geometry.type === 'GEOMETRYCOLLECTION' || geometry.type === 'GEOMETRY'
      ? sql`ST_CollectionHomogenize(${flat})`
      : flat;
  return geometry.srid === 3857 ? simple : sql`ST_Transform(${simple}, 3857)`;
}

/** Returns the columns that do not depend on the geometry: the key, the id and the fields in the form of tiles. */
function rowColumns(layer: Layer): Sql[] {
  const fields = tileFields(layer);
  return [KEY_COLUMN, ID_COLUMN, ...fields.map(({ name }) => ident(name)), ...(tileTexts(fields) ? [TEXTS] : [])];
}

/** Returns the column names of a layer's derived table, in order. */
export function derivedColumns(layer: Layer): Sql[] {
  return [...rowColumns(layer), ...(layer.geometry.dimension === 'polygon' ? [ROUNDED] : []), ZOOM, MERCATOR];
}

/**
 * Returns the derived rows of `source` (the table, or rows of it with the same columns). They hold the fields in the
 * form of tiles, and the zoom from which a row is drawn. The geometry is valid in EPSG:3857, if it can be drawn at all.
 */
export function derivedRows(layer: Layer, source: Sql): Sql {
  const fields = tileFields(layer);
  const values = fields.map((field) => sql`${tileValue(field)} AS ${ident(field.name)}, `);
  const texts = tileTexts(fields);
  const columns = join(rowColumns(layer), ', ');
  const isPolygon = layer.geometry.dimension === 'polygon';
  return sql`
    SELECT ${columns}, ${isPolygon ? sql`${roundedFrom}::smallint AS ${ROUNDED}, ` : EMPTY}(${firstZoom(layer)})::smallint AS ${ZOOM}, ${MERCATOR}
    FROM (
      SELECT ${columns}, "diaba rank", ${isPolygon ? mended : MERCATOR} AS ${MERCATOR}
      FROM (
        SELECT ${keyValue(layer, sql`source`)} AS ${KEY_COLUMN}, ${mvtId(layer)} AS ${ID_COLUMN}, ${join(values, '')}${texts ? sql`${texts} AS ${TEXTS}, ` : EMPTY}
          ${rankZoom(layer)} AS "diaba rank", ${toMercator(layer)} AS ${MERCATOR}
        FROM ${source} AS source
        WHERE ${isInDomain(layer.geometry)}
        OFFSET 0 -- keeps the planner from transforming a row anew at every mention of it
      ) AS transformed OFFSET 0
    ) AS mended
    WHERE NOT ST_IsEmpty(${MERCATOR})`;
}

/**
 * A polygon valid in VN-2000 may be invalid in EPSG:3857, and cutting an invalid one can fill the whole tile. Exterior
 * rings run clockwise with north up, as in MVT (2.1, 4.3.3.3: positive area where y goes down).
 */
const mended = sql`ST_ForcePolygonCW(ST_CollectionExtract(${sound(MERCATOR)}, 3))`;

/**
 * Tile units between a corner and everything not adjacent to it. Simplification moves an edge by at most half a unit,
 * and rounding by 0.71; for two edges, that is 2.42. An edge that then passes within 0.71 of a corner is snapped to it
 * by `ST_AsMVTGeom`.
 */
const CLEARANCE = 3.2;

/** A zoom beyond all others for polygons that touch themselves. */
const roundedFrom = sql`least(99, greatest(0, ceil(ln(${CLEARANCE * tileUnit(0)}::float8 / greatest(ST_MinimumClearance(${MERCATOR}), 1e-9)) / ln(2::float8))))`;

/** Returns the zoom at which a row's rank appears; above a mosaic, the first zoom after it. */
function rankZoom({ thinning, zooms, mosaic }: Layer): Sql {
  const first = mosaic ? mosaic.top + 1 : zooms.min;
  if (!thinning) return sql`${first}::int`;
  const cases = Object.entries(thinning.from).map(([value, from]) => sql` WHEN ${value} THEN ${from}::int`);
  return sql`CASE ${ident(thinning.field)}${join(cases, '')} ELSE ${first}::int END`;
}

/** Returns the zoom from which a row is drawn, by its rank and its size. Points are always visible. */
function firstZoom({ geometry, zooms }: Layer): Sql {
  const rank = sql`"diaba rank"`;
  if (geometry.dimension === 'point') return rank;
  const extent = sql`greatest(ST_XMax(${MERCATOR}) - ST_XMin(${MERCATOR}), ST_YMax(${MERCATOR}) - ST_YMin(${MERCATOR}), 1e-3)`;
  // ln of a double: the log(2, …) of numeric takes 60 µs, which is a minute for a province.
  const zoom = sql`ceil(ln(${SMALLEST * tileUnit(0)}::float8 / ${extent}) / ln(2::float8))`;
  const seen = sql`greatest(${rank}, least(${zooms.max}::int, ${zoom}))`;
  return geometry.dimension === 'mixed'
    ? sql`CASE WHEN ST_Dimension(${MERCATOR}) = 0 THEN ${rank} ELSE ${seen} END`
    : seen;
}
