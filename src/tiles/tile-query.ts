import type { Arguments, Layer, TileFunction } from '../catalog/layer.ts';
import { functionCall } from '../catalog/relation.ts';
import { EMPTY, ident, join, literal, type Query, raw, type Sql, sql } from '../database/sql.ts';
import { TILE_BUFFER, TILE_EXTENT, type TileAddress, tileBounds, tileUnit } from '../geo/tile.ts';
import { ID, MERCATOR, TEXTS } from './derived/derived-rows.ts';
import { type TileRows, type TileSource, tileRows } from './tile-rows.ts';
import { mvtShape, plainShape, UNCUT } from './tile-shape.ts';

/** What an answer of {@link mvtQuery} holds. */
export interface MvtRow {
  readonly tile: Uint8Array;
  /** `pg_current_snapshot()` of what was read, xmin:xmax:xip,…; of a replica one that sees no more than is sure. */
  readonly snapshot: string;
}

/**
 * One tile of several layers in one statement, as an {@link MvtRow}: each layer by `ST_AsMVT`, one after the other, which
 * is what a tile of several layers is. null where none of the layers can have anything.
 */
export function mvtQuery(sources: readonly TileSource[], tile: TileAddress): Query | null {
  const parts = sources.flatMap((source) => {
    const rows = tileRows(source, tile);
    return rows ? [encoded(source.layer, rows)] : [];
  });
  if (parts.length === 0) return null;
  return sql`
    ${withTile(tile)}
    SELECT ${join(parts, ' || ')} AS tile, ${SNAPSHOT} AS snapshot`;
}

/** What tiles of one zoom differ by: a tile unit, then west, south, east and north, in EPSG:3857. Statements begin with them. */
export function tileNumbers(tile: TileAddress): readonly [number, number, number, number, number] {
  return [tileUnit(tile.z), ...tileBounds(tile)];
}

/**
 * `tile`: a statement's one row about its tile: `box`, `grown` (by its buffer), in pieces of `step` where it is bent,
 * `uncut`, the `tolerance` of simplifying, and what makes tile units of EPSG:3857: a factor (`scale`) and the place of its
 * origin (`x`, `y`). Being a row, it is computed once, and the plan, which depends on none of it, is made once for all tiles.
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
 * A snapshot taken in recovery does not list what was running (PostgreSQL keeps it with the subtransactions, which
 * `pg_current_snapshot` leaves out): of what is not before its xmin, nobody can say whether it was seen.
 */
const SNAPSHOT = sql`CASE WHEN pg_is_in_recovery()
  THEN replace('x:x:', 'x', pg_snapshot_xmin(pg_current_snapshot())::text) ELSE pg_current_snapshot()::text END`;

function encoded({ id, geometry: { dimension } }: Layer, { rows, columns, hasId, hasTexts, ...shape }: TileRows): Sql {
  // A layer may have a column `x` as well.
  const shown = join(
    [...(hasId ? [ID] : []), ...(hasTexts ? [TEXTS] : []), ...columns.map((column) => ident(column))].map(
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

/** The tile that a function makes, as `{tile}`. */
export function tileFunctionQuery(made: TileFunction, { z, x, y }: TileAddress, given: Arguments): Query {
  const address = { z: String(z), x: String(x), y: String(y) };
  const call = functionCall([made.schema, made.name], [...made.address, ...made.parameters], { ...given, ...address });
  return sql`SELECT ${call} AS tile`;
}

/** The same features as rows `{id, properties, geometry}` for `geo/mvt`: GeoJSON text in tile units. */
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
      SELECT ${hasId ? ID : raw('NULL')} AS id, to_jsonb(${fields})${hasTexts ? sql` || coalesce(${TEXTS}, '{}')` : EMPTY} AS properties,
        ${plainShape({ dimension, ...shape })} AS shape
      FROM (${rows}) AS source CROSS JOIN tile CROSS JOIN LATERAL (SELECT ${shown}) AS ${fields}
      OFFSET 0) AS feature
    WHERE NOT ST_IsEmpty(shape)`;
}
