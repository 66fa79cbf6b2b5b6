import { geometryOf, straightened } from '../catalog/geometry-sql.ts';
import { integerKey } from '../catalog/key.ts';
import type { Layer } from '../catalog/layer.ts';
import { all, EMPTY, ident, identList, join, type Query, raw, type Sql, sql } from '../database/sql.ts';
import { type BBox, growBBox, intersectBBox } from '../geo/bbox.ts';
import { lonLatBBoxToMercator, TILE_BUFFER, TILE_EXTENT, type TileAddress, tileBounds, tileUnit } from '../geo/tile.ts';
import { tileFields, tileValue } from './tile-fields.ts';

/** A feature smaller than this many tile units both ways (half a pixel of a 512 px tile) is not drawn. */
const SMALLEST = 4;

/** Names that no column of a layer has by accident. */
const ID = ident('diaba id');
const MERCATOR = ident('diaba mercator');
const FIELDS = ident('diaba fields');

/**
 * One tile of one layer as `ST_AsMVT` bytes: `{tile}`. null where the tile lies where the layer's coordinate system is
 * not defined, so that nothing can be there.
 */
export function mvtQuery(layer: Layer, tile: TileAddress): Query | null {
  const rows = tileRows(layer, tile);
  if (!rows) return null;
  const id = mvtId(layer);
  return sql`
    SELECT ST_AsMVT(feature.*, ${layer.id}, ${TILE_EXTENT}::int, 'diaba mercator'${id ? raw(`, 'diaba id'`) : EMPTY}) AS tile FROM (
      SELECT ${join(
        [
          ...tileColumns(layer),
          sql`ST_AsMVTGeom(${MERCATOR}, ${envelope(tileBounds(tile))}, ${TILE_EXTENT}::int, ${TILE_BUFFER}::int, true) AS ${MERCATOR}`,
        ],
        ', ',
      )}
      FROM (${rows}) AS row
    ) AS feature WHERE ${MERCATOR} IS NOT NULL`;
}

/** The same features as rows `{id, properties, geometry}` for `geo/mvt`: GeoJSON text in longitude and latitude. */
export function featuresQuery(layer: Layer, tile: TileAddress): Query | null {
  const rows = tileRows(layer, tile);
  if (!rows) return null;
  return sql`
    SELECT ${mvtId(layer) ? ID : raw('NULL')} AS id, to_jsonb(${FIELDS}) AS properties,
      ST_AsGeoJSON(ST_Transform(${drawn(layer, tile)}, 4326), 9) AS geometry
    FROM (${rows}) AS row
    CROSS JOIN LATERAL (SELECT ${identList(tileFields(layer).map(({ name }) => name))}) AS ${FIELDS}`;
}

/**
 * What `ST_AsMVTGeom` does before it rounds, still in EPSG:3857: points closer than half a tile unit are dropped. Areas are
 * cut to the buffered tile here, because geojson-vt leaves a bridge along the cut between the parts of a concave one;
 * lines, which it cuts well, only to twice the buffer: a river of 100 km would else be carried into a tile of 1 km.
 */
function drawn({ geometry }: Layer, { z, x, y }: TileAddress): Sql {
  if (geometry.dimension === 'point') return MERCATOR;
  const unit = tileUnit(z);
  const margin = (geometry.dimension === 'line' ? 2 : 1) * TILE_BUFFER * unit;
  const box = envelope(growBBox(tileBounds({ z, x, y }), margin));
  const plain = sql`ST_Simplify(ST_RemoveRepeatedPoints(${MERCATOR}, ${unit / 2}::float8), ${unit / 2}::float8, true)`;
  // Valid in VN-2000 is not always valid here, and cutting what is invalid can fill the whole tile.
  const cuttable = geometry.dimension === 'polygon' ? sql`ST_CollectionExtract(ST_MakeValid(${plain}), 3)` : plain;
  const cut = sql`ST_ClipByBox2D(${cuttable}, ${box}::box2d)`;
  return sql`CASE WHEN ST_Within(ST_Envelope(${MERCATOR}), ${box}) THEN ${plain} ELSE ${cut} END`;
}

/** Features that the tile, with its buffer, touches, in EPSG:3857. Both encoders start from these very rows. */
function tileRows(layer: Layer, tile: TileAddress): Sql | null {
  const bounds = growBBox(tileBounds(tile), TILE_BUFFER * tileUnit(tile.z));
  const { domain } = layer.geometry;
  const box = domain ? intersectBBox(bounds, lonLatBBoxToMercator(domain)) : bounds;
  if (!box) return null;
  const id = mvtId(layer);
  const columns = tileFields(layer).map((field) => sql`${tileValue(field)} AS ${ident(field.name)}`);
  return sql`
    SELECT * FROM (
      SELECT ${id ? sql`${id} AS ${ID}, ` : EMPTY}${join([...columns, sql`${toMercator(layer)} AS ${MERCATOR}`], ', ')}
      FROM ${ident(layer.schema, layer.table)}
      WHERE ${indexFilter(layer, box)}${rankFilter(layer, tile)}
      OFFSET 0 -- keeps the planner from transforming a row anew at every mention of it
    ) AS candidate
    WHERE ${MERCATOR} && ${envelope(box)}${sizeFilter(layer, tile)}${order(layer)}`;
}

function tileColumns(layer: Layer): Sql[] {
  const names = tileFields(layer).map((field) => ident(field.name));
  return mvtId(layer) ? [ID, ...names] : names;
}

/** An integer key is the feature's id; a text key gets the digest that fits (53 bits); without a key there is none. */
function mvtId(layer: Layer): Sql | undefined {
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
function toMercator({ geometry }: Layer): Sql {
  const flat = sql`ST_Force2D(${straightened(geometry) ?? geometryOf(geometry)})`;
  const simple =
    geometry.type === 'GEOMETRYCOLLECTION' || geometry.type === 'GEOMETRY'
      ? sql`ST_CollectionHomogenize(${flat})`
      : flat;
  return geometry.srid === 3857 ? simple : sql`ST_Transform(${simple}, 3857)`;
}

/**
 * The condition that the spatial index answers. The tile's *buffered* box is cut into short pieces before it is
 * transformed: its edges are curves in VN-2000, and four corners alone would miss what lies under the arc.
 */
function indexFilter({ geometry }: Layer, box: BBox): Sql {
  const column = ident(geometry.column);
  if (geometry.srid === 3857) return sql`${column} && ${envelope(box)}`;
  const step = Math.max(box[2] - box[0], box[3] - box[1]) / 16;
  const area = sql`ST_Envelope(ST_Transform(ST_Segmentize(${envelope(box)}, ${step}::float8), ${geometry.srid}::int))`;
  return geometry.isGeography ? sql`${column}::geometry && ${area}` : sql`${column} && ${area}`;
}

function envelope([west, south, east, north]: BBox): Sql {
  return sql`ST_MakeEnvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 3857)`;
}

/** Rows whose rank does not show yet. */
function rankFilter({ thinning }: Layer, { z }: TileAddress): Sql {
  const hidden = Object.entries(thinning?.from ?? {}).flatMap(([value, from]) => (z < from ? [value] : []));
  return thinning && hidden.length ? sql` AND ${ident(thinning.field)} <> ALL (${hidden}::text[])` : EMPTY;
}

/** Lines and areas that cannot be seen at this zoom; points always can. */
function sizeFilter({ geometry, zooms }: Layer, { z }: TileAddress): Sql {
  if (geometry.dimension === 'point' || z >= zooms.max) return EMPTY;
  const smallest = SMALLEST * tileUnit(z);
  const seen = all([
    sql`ST_XMax(${MERCATOR}) - ST_XMin(${MERCATOR}) < ${smallest}::float8`,
    sql`ST_YMax(${MERCATOR}) - ST_YMin(${MERCATOR}) < ${smallest}::float8`,
  ]);
  return geometry.dimension === 'mixed'
    ? sql` AND (ST_Dimension(${MERCATOR}) = 0 OR NOT ${seen})`
    : sql` AND NOT ${seen}`;
}

/** The same tile gives the same bytes, and so the same ETag. */
function order(layer: Layer): Sql {
  return mvtId(layer) ? sql` ORDER BY ${ID}` : EMPTY;
}
