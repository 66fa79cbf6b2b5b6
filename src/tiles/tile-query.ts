import type { Arguments, Layer, TileFunction } from '../catalog/layer.ts';
import { functionCall } from '../catalog/relation.ts';
import { EMPTY, ident, join, literal, type Query, raw, type Sql, sql } from '../database/sql.ts';
import { TILE_BUFFER, TILE_EXTENT, type TileAddress, tileBounds, tileUnit } from '../geo/tile.ts';
import { ID_COLUMN, MERCATOR, TEXTS } from './derived/derived-rows.ts';
import { type TileRows, type TileSource, tileRows } from './tile-rows.ts';
import { mvtShape, plainShape, UNCUT } from './tile-shape.ts';

/** A row of {@link mvtQuery}. */
export interface MvtRow {
  readonly tile: Uint8Array;
  /**
   * `pg_current_snapshot()` of the rows, xmin:xmax:xip,…. That of a replica sees only transactions that are certainly
   * visible.
   */
  readonly snapshot: string;
}

/**
 * Returns one statement for a tile of several layers, as an {@link MvtRow}. The outputs of `ST_AsMVT` are concatenated,
 * which gives a tile of all layers. Returns null if no layer can have features there.
 */
export function mvtQuery(sources: readonly TileSource[], tile: TileAddress): Query | null {
  const parts = sources.flatMap((source) => {
    const rows = tileRows(source, tile);
    return rows ? [encodedTile(source.layer, rows)] : [];
  });
  if (parts.length === 0) return null;
  return sql`
    ${withTile(tile)}
    SELECT ${join(parts, ' || ')} AS tile, ${SNAPSHOT} AS snapshot`;
}

/**
 * Returns the numbers in which tiles of one zoom differ: a tile unit, then west, south, east and north, in EPSG:3857.
 * They are the first values of a statement.
 */
export function tileNumbers(tile: TileAddress): readonly [number, number, number, number, number] {
  return [tileUnit(tile.z), ...tileBounds(tile)];
}

/**
 * Returns `tile`, a row about the statement's tile: `box`, `grown` (box with buffer) and `uncut`. `step` is the length
 * of pieces where edges bend; `tolerance` is that of simplification. `scale`, `x` and `y` convert EPSG:3857 to tile
 * units. A row is computed once, and the same plan serves all tiles, since it depends on none of these.
 */
function withTile(tile: TileAddress): Sql {
  const [unit, west, south, east, north] = tileNumbers(tile);
  return sql`WITH tile AS MATERIALIZED (
      SELECT box, ST_Expand(box, ${raw(String(TILE_BUFFER))} * unit) AS grown, ${raw(String((TILE_EXTENT + 2 * TILE_BUFFER) / 16))} * unit AS step,
        ST_Expand(box, ${raw(String(UNCUT))} * unit) AS uncut, unit / 2 AS tolerance, 1 / unit AS scale, -west / unit AS x, north / unit AS y
      FROM (SELECT ${unit}::float8 AS unit, ${west}::float8 AS west, ${south}::float8 AS south, ${east}::float8 AS east,
        ${north}::float8 AS north) AS numbers
      CROSS JOIN LATERAL (SELECT ST_MakeEnvelope(west, south, east, north, 3857) AS box) AS bounds)`;
}

/**
 * Snapshot of the rows. In recovery, PostgreSQL stores running transactions with the subtransactions, which
 * `pg_current_snapshot` omits. It is thus unknown if transactions from xmin on are visible, and the snapshot excludes
 * them.
 */
const SNAPSHOT = sql`CASE WHEN pg_is_in_recovery()
  THEN replace('x:x:', 'x', pg_snapshot_xmin(pg_current_snapshot())::text) ELSE pg_current_snapshot()::text END`;

function encodedTile(
  { id, geometry: { dimension } }: Layer,
  { rows, columns, hasId, hasTexts, ...shape }: TileRows,
): Sql {
  // A layer may have a column `x` as well.
  const shown = join(
    [...(hasId ? [ID_COLUMN] : []), ...(hasTexts ? [TEXTS] : []), ...columns.map((column) => ident(column))].map(
      (column) => sql`source.${column}, `,
    ),
    '',
  );
  return sql`coalesce((
    SELECT ST_AsMVT(feature.*, ${literal(id)}, ${raw(String(TILE_EXTENT))}, 'diaba mercator'${hasId ? raw(`, 'diaba id'`) : raw('')}) FROM (
      SELECT ${shown}${mvtShape({ dimension, ...shape })} AS ${MERCATOR} FROM (${rows}) AS source CROSS JOIN tile
      OFFSET 0 -- keeps the planner from making each geometry twice, to look whether it is empty and to show it
    ) AS feature WHERE NOT ST_IsEmpty(${MERCATOR})), '')`;
}

/** Calls a function that returns tiles, as `{tile}`. */
export function tileFunctionQuery(tileFunction: TileFunction, { z, x, y }: TileAddress, given: Arguments): Query {
  const address = { z: String(z), x: String(x), y: String(y) };
  const call = functionCall(
    [tileFunction.schema, tileFunction.name],
    [...tileFunction.address, ...tileFunction.parameters],
    { ...given, ...address },
  );
  return sql`SELECT ${call} AS tile`;
}

/** Returns the same features as rows `{id, properties, geometry}` for `geo/mvt`: GeoJSON text in tile units. */
export function featuresQuery(source: TileSource, tile: TileAddress): Query | null {
  const found = tileRows(source, tile);
  if (!found) return null;
  const { rows, columns, hasId, hasTexts, ...shape } = found;
  const { dimension } = source.layer.geometry;
  const fields = ident('diaba fields');
  const shown = join(
    columns.map((column) => sql`source.${ident(column)}`),
    ', ',
  );
  return sql`
    ${withTile(tile)}
    SELECT id, properties, ST_AsGeoJSON(shape, 0, 0) AS geometry FROM (
      SELECT ${hasId ? ID_COLUMN : raw('NULL')} AS id, to_jsonb(${fields})${hasTexts ? sql` || coalesce(${TEXTS}, '{}')` : EMPTY} AS properties,
        ${plainShape({ dimension, ...shape })} AS shape
      FROM (${rows}) AS source CROSS JOIN tile CROSS JOIN LATERAL (SELECT ${shown}) AS ${fields}
      OFFSET 0) AS feature
    WHERE NOT ST_IsEmpty(shape)`;
}
