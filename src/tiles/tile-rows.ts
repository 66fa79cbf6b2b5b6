import type { Field, Layer } from '../catalog/layer.ts';
import { relation } from '../catalog/relation.ts';
import { EMPTY, ident, identList, join, literal, raw, type Sql, sql } from '../database/sql.ts';
import type { BoundFilter } from '../filter/filter.ts';
import type { BBox } from '../geo/bbox.ts';
import { lonLatBBoxToMercator, type TileAddress, tileUnit } from '../geo/tile.ts';
import { ID_COLUMN, MERCATOR, mvtId, ROUNDED, SMALLEST, TEXTS, toMercator, ZOOM } from './derived/derived-rows.ts';
import type { MosaicState } from './derived/derived-state.ts';
import { derivedName, mosaicName } from './derived/derived-table.ts';
import { fieldsAt, textsByName, tileTexts, tileValue, unsafeFields } from './derived/tile-values.ts';

/** A layer, and the derived data that can be read instead of its table. */
export interface TileSource {
  readonly layer: Layer;
  readonly isDerived: boolean;
  readonly mosaic: MosaicState;
  /** Only rows that match it. */
  readonly filter?: BoundFilter | undefined;
  /** True if the tile or a filter needs fields that derived rows and mosaics lack. */
  readonly needsTable?: boolean;
}

/**
 * Rows of a layer that intersect a tile with its buffer, geometry in EPSG:3857. Both encoders start from these rows.
 */
export interface TileRows {
  /** SQL that refers to `tile` of the statement: `grown` is the buffered box, `step` a sixteenth of its side. */
  readonly rows: Sql;
  /** Names of the fields. */
  readonly columns: readonly string[];
  readonly hasId: boolean;
  /** True if there is a column of the fields' {@link tileTexts}. */
  readonly hasTexts: boolean;
  /** True if simplification at this zoom would remove too few points to pay off. */
  readonly isSimplified: boolean;
  /** True where a polygon is valid, wound as in MVT, and remains so when rounded to tile units. */
  readonly isRounded: Sql;
}

/** From this zoom on, tiles come from the table while a mosaic is being built. Below it, a tile would read all rows. */
const DIRECT_FROM = 13;
/** Most rows that one tile reads entirely, in 2 s. */
const FEW_ROWS = 100_000;

/** Source of a layer's rows. `former`: the mosaic of earlier rows; `unready`: there is none yet. */
export type RowsFrom = 'derived' | 'mosaic' | 'former' | 'table' | 'unready' | 'nowhere';

/** Returns the source of rows. Derived rows lack fields that filters may name, and a mosaic has no single rows. */
export function rowsFrom({ layer, isDerived, mosaic, needsTable }: TileSource, zoom: number): RowsFrom {
  if (zoom < layer.zooms.min) return 'nowhere';
  if (needsTable) return 'table';
  if (!layer.mosaic || zoom > layer.mosaic.top) return isDerived ? 'derived' : 'table';
  if (mosaic === 'current') return 'mosaic';
  if (zoom >= DIRECT_FROM) return 'table';
  if (mosaic === 'former') return 'former';
  const isSmall = layer.rowEstimate >= 0 && layer.rowEstimate <= FEW_ROWS;
  return isSmall ? 'table' : 'unready';
}

/**
 * Returns null if the layer is not shown at the tile's zoom. Except for values of a filter, the SQL is the same for
 * every tile of the zoom.
 */
export function tileRows(source: TileSource, tile: TileAddress): TileRows | null {
  const { layer, filter } = source;
  switch (rowsFrom(source, tile.z)) {
    case 'derived':
      return derivedTileRows(layer, tile);
    case 'mosaic':
      return mosaicRows(layer, tile);
    case 'former':
      // An earlier version of this program may have built it differently.
      return { ...mosaicRows(layer, tile), isRounded: raw('FALSE') };
    case 'table':
      return directRows(layer, tile, filter);
    case 'unready':
    case 'nowhere':
      return null;
  }
}

/**
 * From this zoom on half a tile unit is at most 15 cm. Surveyed lines have next to no points within it (0.05 % of the
 * bytes).
 */
const SIMPLE_FROM = 15;

const grown = sql`(SELECT grown FROM tile)`;

function mosaicRows(layer: Layer, { z }: TileAddress): TileRows {
  const columns = [layer.mosaic?.class ?? ''];
  // As a literal, the level lets the planner choose the level's own index.
  const level = sql`level = ${raw(String(z))}`;
  const rows = sql`SELECT ${identList(columns)}, ${MERCATOR} FROM ${mosaicName(layer)} WHERE ${level} AND ${MERCATOR} && ${grown}`;
  return { rows, columns, hasId: false, hasTexts: false, isSimplified: true, isRounded: raw('TRUE') };
}

function derivedTileRows(layer: Layer, { z }: TileAddress): TileRows {
  const fields = fieldsAt(layer, z);
  const texts = chosenTexts(fields);
  const isPolygon = layer.geometry.dimension === 'polygon';
  const columns = fields.map(({ name }) => name);
  const selected = [
    ID_COLUMN,
    ...columns.map((name) => ident(name)),
    ...(texts ? [texts] : []),
    ...(isPolygon ? [ROUNDED] : []),
    MERCATOR,
  ];
  const rows = sql`
    SELECT ${join(selected, ', ')} FROM ${derivedName(layer)}
    WHERE ${MERCATOR} && ${grown} AND ${ZOOM} <= ${z}::int`;
  const isRounded = isPolygon ? sql`${ROUNDED} <= ${z}::int` : raw('FALSE');
  return { rows, columns, hasId: true, hasTexts: texts !== undefined, isSimplified: z >= SIMPLE_FROM, isRounded };
}

/**
 * Returns the texts of these fields, chosen from those of all that tiles may carry. It avoids a subquery, which takes
 * 40 µs to start.
 */
function chosenTexts(fields: readonly Field[]): Sql | undefined {
  const names = unsafeFields(fields).map(({ name }) => literal(name));
  if (names.length === 0) return undefined;
  const texts = names.map((name) => sql`${TEXTS} ->> ${name}`);
  return sql`CASE WHEN ${TEXTS} IS NOT NULL THEN ${textsByName(names, texts)} END AS ${TEXTS}`;
}

/**
 * Returns rows of the layer's table, transformed for every tile. Used for views, tables without derived rows, and
 * filters.
 */
function directRows(layer: Layer, tile: TileAddress, filter?: BoundFilter): TileRows {
  const id = mvtId(layer);
  const shown = fieldsAt(layer, tile.z);
  const texts = tileTexts(shown);
  const fields = [
    ...(id ? [sql`${id} AS ${ID_COLUMN}`] : []),
    ...shown.map((field) => sql`${tileValue(field)} AS ${ident(field.name)}`),
    ...(texts ? [sql`${texts} AS ${TEXTS}`] : []),
    sql`${toMercator(layer)} AS ${MERCATOR}`,
  ];
  const rows = sql`
    SELECT * FROM (
      SELECT ${join(fields, ', ')}
      FROM ${relation(layer)}
      WHERE ${indexFilter(layer)}${rankFilter(layer, tile)}${filter ? sql` AND ${filter}` : EMPTY}
      OFFSET 0 -- keeps the planner from transforming a row anew at every mention of it
    ) AS candidate
    WHERE ${MERCATOR} && ${grown}${sizeFilter(layer, tile)}${id ? sql` ORDER BY ${ID_COLUMN}` : EMPTY}`;
  const columns = shown.map(({ name }) => name);
  return {
    rows,
    columns,
    hasId: id !== undefined,
    hasTexts: texts !== undefined,
    isSimplified: tile.z >= SIMPLE_FROM,
    isRounded: raw('FALSE'),
  };
}

/**
 * Returns the condition for the spatial index. The tile's *buffered* box is cut into short pieces before it is
 * transformed. Its edges are curves in VN-2000, and four corners alone would miss features under the arc. A box outside
 * of the layer's domain matches nothing.
 */
function indexFilter({ geometry }: Layer): Sql {
  const column = ident(geometry.column);
  if (geometry.srid === 3857) return sql`${column} && ${grown}`;
  const { domain } = geometry;
  const box = domain ? sql`ST_ClipByBox2D(grown, ${tileEnvelope(lonLatBBoxToMercator(domain))}::box2d)` : sql`grown`;
  // As a subquery it is computed once, not for every row.
  const area = sql`(SELECT ST_Envelope(ST_Transform(ST_Segmentize(${box}, step), ${geometry.srid}::int)) FROM tile)`;
  return geometry.isGeography ? sql`${column}::geometry && ${area}` : sql`${column} && ${area}`;
}

function tileEnvelope([west, south, east, north]: BBox): Sql {
  return sql`ST_MakeEnvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 3857)`;
}

/** Matches rows whose rank is visible at this zoom. */
function rankFilter({ thinning }: Layer, { z }: TileAddress): Sql {
  const hidden = Object.entries(thinning?.from ?? {}).flatMap(([value, from]) => (z < from ? [value] : []));
  return thinning && hidden.length ? sql` AND ${ident(thinning.field)} <> ALL (${hidden}::text[])` : EMPTY;
}

/** Matches lines and areas large enough to be visible at this zoom; points always are. */
function sizeFilter({ geometry, zooms }: Layer, { z }: TileAddress): Sql {
  if (geometry.dimension === 'point' || z >= zooms.max) return EMPTY;
  const smallest = SMALLEST * tileUnit(z);
  const extent = sql`greatest(ST_XMax(${MERCATOR}) - ST_XMin(${MERCATOR}), ST_YMax(${MERCATOR}) - ST_YMin(${MERCATOR}))`;
  const seen = sql`${extent} >= ${smallest}::float8`;
  return geometry.dimension === 'mixed' ? sql` AND (ST_Dimension(${MERCATOR}) = 0 OR ${seen})` : sql` AND ${seen}`;
}
