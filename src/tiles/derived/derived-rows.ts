import { integerKey } from '../../catalog/key.ts';
import type { Layer } from '../../catalog/layer.ts';
import { ident, join, type Sql, sql } from '../../database/sql.ts';
import { tileUnit } from '../../geo/tile.ts';
import { isInDomain } from '../../geometry/domain.ts';
import { shapeOf } from '../../geometry/shape.ts';
import { tileFields, tileValue } from '../tile-fields.ts';

/** A feature smaller than this many tile units both ways (half a pixel of a 512 px tile) is not drawn. */
export const SMALLEST = 4;

/** Names that no column of a layer has by accident. */
export const KEY = ident('diaba key');
export const ID = ident('diaba id');
export const ZOOM = ident('diaba zoom');
export const MERCATOR = ident('diaba mercator');

/** What tells a row from another, as one value: the integer itself, else the key's columns as JSON text. */
export function keyValue({ key, ...layer }: Layer, alias: Sql): Sql {
  if (key.kind !== 'columns') throw new Error(`${layer.id} has no key`);
  const columns = key.columns.map((name) => sql`${alias}.${ident(name)}`);
  if (integerKey({ key, ...layer }) !== undefined) return sql`${columns[0]}::int8`;
  return sql`jsonb_build_array(${join(columns, ', ')})::text`;
}

/** An integer key is the feature's id; a text key gets the digest that fits (53 bits); without a key there is none. */
export function mvtId(layer: Layer): Sql | undefined {
  if (layer.key.kind !== 'columns') return undefined;
  const column = integerKey(layer);
  if (column !== undefined) return sql`${ident(column)}::int8`;
  const text = join(
    layer.key.columns.map((name) => sql`${ident(name)}::text`),
    " || ':' || ",
  );
  return sql`(hashtextextended(${text}, 0) & 9007199254740991)`;
}

/** Geometry in EPSG:3857, flat, without arcs, of one dimension. */
export function toMercator({ geometry }: Layer): Sql {
  const flat = sql`ST_Force2D(${shapeOf(geometry)})`;
  const simple =
    geometry.type === 'GEOMETRYCOLLECTION' || geometry.type === 'GEOMETRY'
      ? sql`ST_CollectionHomogenize(${flat})`
      : flat;
  return geometry.srid === 3857 ? simple : sql`ST_Transform(${simple}, 3857)`;
}

/** Names of the columns of a layer's derived table, in order. */
export function derivedColumns(layer: Layer): Sql[] {
  return [KEY, ID, ...tileFields(layer).map(({ name }) => ident(name)), ZOOM, MERCATOR];
}

/**
 * The derived rows of `source` (the table, or rows of it with the same columns): the fields as tiles carry them, the zoom
 * from which a row is drawn, and its geometry, valid in EPSG:3857, where it can be drawn at all.
 */
export function derivedRows(layer: Layer, source: Sql): Sql {
  const fields = tileFields(layer).map((field) => sql`${tileValue(field)} AS ${ident(field.name)}, `);
  // Valid in VN-2000 is not always valid here, and cutting what is invalid can fill the whole tile.
  const mended =
    layer.geometry.dimension === 'polygon'
      ? sql`CASE WHEN ST_IsValid(${MERCATOR}) THEN ${MERCATOR} ELSE ST_CollectionExtract(ST_MakeValid(${MERCATOR}), 3) END`
      : MERCATOR;
  const columns = derivedColumns(layer).slice(0, -2);
  return sql`
    SELECT ${join(columns, ', ')}, (${firstZoom(layer)})::smallint AS ${ZOOM}, ${MERCATOR}
    FROM (
      SELECT ${join(columns, ', ')}, "diaba rank", ${mended} AS ${MERCATOR}
      FROM (
        SELECT ${keyValue(layer, sql`source`)} AS ${KEY}, ${mvtId(layer)} AS ${ID}, ${join(fields, '')}
          ${rankZoom(layer)} AS "diaba rank", ${toMercator(layer)} AS ${MERCATOR}
        FROM ${source} AS source
        WHERE ${isInDomain(layer.geometry)}
        OFFSET 0 -- keeps the planner from transforming a row anew at every mention of it
      ) AS transformed OFFSET 0
    ) AS mended
    WHERE NOT ST_IsEmpty(${MERCATOR})`;
}

/** The zoom at which a row's rank begins to show; where low zooms show a mosaic, the one above it. */
function rankZoom({ thinning, zooms, mosaic }: Layer): Sql {
  const first = mosaic ? mosaic.top + 1 : zooms.min;
  if (!thinning) return sql`${first}::int`;
  const cases = Object.entries(thinning.from).map(([value, from]) => sql` WHEN ${value} THEN ${from}::int`);
  return sql`CASE ${ident(thinning.field)}${join(cases, '')} ELSE ${first}::int END`;
}

/** The zoom from which a row is drawn: by its rank, and once it can be seen. Points always can. */
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
