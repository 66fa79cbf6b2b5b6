import type { Field, Layer } from '../catalog/layer.ts';
import { relation } from '../catalog/relation.ts';
import { EMPTY, ident, identList, join, literal, raw, type Sql, sql } from '../database/sql.ts';
import { filterToSql, type RowFilter } from '../filter/filter.ts';
import type { BBox } from '../geo/bbox.ts';
import { lonLatBBoxToMercator, type TileAddress, tileUnit } from '../geo/tile.ts';
import { ID, MERCATOR, mvtId, ROUNDED, SMALLEST, TEXTS, toMercator, ZOOM } from './derived/derived-rows.ts';
import type { MosaicState } from './derived/derived-state.ts';
import { derivedName, mosaicName } from './derived/derived-table.ts';
import { fieldsAt, textsByName, tileTexts, tileValue, unsafeFields } from './derived/tile-values.ts';

/** A layer, and what of it can be read in place of its table. */
export interface TileSource {
  readonly layer: Layer;
  readonly isDerived: boolean;
  readonly mosaic: MosaicState;
  /** Only the rows that meet it. */
  readonly filter?: RowFilter | undefined;
  /** More than derived rows and mosaics have is shown, or asked for by a filter. */
  readonly needsTable?: boolean;
}

/** Rows of one layer that a tile, with its buffer, touches, geometry in EPSG:3857. Both encoders start from these very rows. */
export interface TileRows {
  /** Name the `tile` of the statement they are put into: its `grown` is the buffered box, `step` a sixteenth of its side. */
  readonly rows: Sql;
  /** Names of the fields. */
  readonly columns: readonly string[];
  readonly hasId: boolean;
  /** Whether there is a column of the fields' {@link tileTexts}. */
  readonly hasTexts: boolean;
  /** Looking for points to leave out at this zoom would find none worth the time. */
  readonly isSimplified: boolean;
  /** Whether a polygon is valid, runs as MVT has it, and stays so when it is rounded to tile units. */
  readonly isRounded: Sql;
}

/** From this zoom on, tiles come from the table while a mosaic is being made: below, all its rows would be read for one tile. */
const DIRECT_FROM = 13;
/** Rows of which all are read for one tile in 2 s at most. */
const FEW_ROWS = 100_000;

/** What a layer's rows are read from. `former`: the mosaic of earlier rows; `unready`: there is none yet. */
export type RowsFrom = 'derived' | 'mosaic' | 'former' | 'table' | 'unready' | 'nowhere';

/** Derived rows lack what filters may name, and in a mosaic there is no row left to ask. */
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

/** null where the tile's zoom shows nothing of the layer. All but the values of a filter is the same for every tile of the zoom. */
export function tileRows(source: TileSource, tile: TileAddress): TileRows | null {
  const { layer, filter } = source;
  switch (rowsFrom(source, tile.z)) {
    case 'derived':
      return derivedTileRows(layer, tile);
    case 'mosaic':
      return mosaicRows(layer, tile);
    case 'former':
      // It may be of an earlier version of this program, which made them otherwise.
      return { ...mosaicRows(layer, tile), isRounded: raw('FALSE') };
    case 'table':
      return directRows(layer, tile, filter);
    case 'unready':
    case 'nowhere':
      return null;
  }
}

/** From this zoom on half a tile unit is 15 cm at most: what was surveyed has next to no point within it (0.05 % of the bytes). */
const SIMPLE_FROM = 15;

const grown = sql`(SELECT grown FROM tile)`;

function mosaicRows(layer: Layer, { z }: TileAddress): TileRows {
  const columns = [layer.mosaic?.class ?? ''];
  // Written out, the level lets the planner see that its own index will do.
  const level = sql`level = ${raw(String(z))}`;
  const rows = sql`SELECT ${identList(columns)}, ${MERCATOR} FROM ${mosaicName(layer)} WHERE ${level} AND ${MERCATOR} && ${grown}`;
  return { rows, columns, hasId: false, hasTexts: false, isSimplified: true, isRounded: raw('TRUE') };
}

function derivedTileRows(layer: Layer, { z }: TileAddress): TileRows {
  const fields = fieldsAt(layer, z);
  const texts = textsOf(fields);
  const isPolygon = layer.geometry.dimension === 'polygon';
  const columns = fields.map(({ name }) => name);
  const selected = [
    ID,
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

/** The texts of these fields, from those of all that tiles may carry. Without a subquery, which takes 40 µs to begin. */
function textsOf(fields: readonly Field[]): Sql | undefined {
  const names = unsafeFields(fields).map(({ name }) => literal(name));
  if (names.length === 0) return undefined;
  const texts = names.map((name) => sql`${TEXTS} ->> ${name}`);
  return sql`CASE WHEN ${TEXTS} IS NOT NULL THEN ${textsByName(names, texts)} END AS ${TEXTS}`;
}

/** From the layer's table itself, every row transformed for every tile: views, tables whose derived rows are not made, filters. */
function directRows(layer: Layer, tile: TileAddress, filter?: RowFilter): TileRows {
  const id = mvtId(layer);
  const shown = fieldsAt(layer, tile.z);
  const texts = tileTexts(shown);
  const fields = [
    ...(id ? [sql`${id} AS ${ID}`] : []),
    ...shown.map((field) => sql`${tileValue(field)} AS ${ident(field.name)}`),
    ...(texts ? [sql`${texts} AS ${TEXTS}`] : []),
    sql`${toMercator(layer)} AS ${MERCATOR}`,
  ];
  const rows = sql`
    SELECT * FROM (
      SELECT ${join(fields, ', ')}
      FROM ${relation(layer)}
      WHERE ${indexFilter(layer)}${rankFilter(layer, tile)}${filter ? sql` AND ${filterToSql(filter.expression, layer, filter.crs)}` : EMPTY}
      OFFSET 0 -- keeps the planner from transforming a row anew at every mention of it
    ) AS candidate
    WHERE ${MERCATOR} && ${grown}${sizeFilter(layer, tile)}${id ? sql` ORDER BY ${ID}` : EMPTY}`;
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
 * The condition that the spatial index answers. The tile's *buffered* box is cut into short pieces before it is
 * transformed: its edges are curves in VN-2000, and four corners alone would miss what lies under the arc. Nothing meets
 * a box that lies where the layer's system is not defined.
 */
function indexFilter({ geometry }: Layer): Sql {
  const column = ident(geometry.column);
  if (geometry.srid === 3857) return sql`${column} && ${grown}`;
  const { domain } = geometry;
  const box = domain ? sql`ST_ClipByBox2D(grown, ${envelope(lonLatBBoxToMercator(domain))}::box2d)` : sql`grown`;
  // A subquery of its own: it is made once, and not for every row.
  const area = sql`(SELECT ST_Envelope(ST_Transform(ST_Segmentize(${box}, step), ${geometry.srid}::int)) FROM tile)`;
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
  const extent = sql`greatest(ST_XMax(${MERCATOR}) - ST_XMin(${MERCATOR}), ST_YMax(${MERCATOR}) - ST_YMin(${MERCATOR}))`;
  const seen = sql`${extent} >= ${smallest}::float8`;
  return geometry.dimension === 'mixed' ? sql` AND (ST_Dimension(${MERCATOR}) = 0 OR ${seen})` : sql` AND ${seen}`;
}
