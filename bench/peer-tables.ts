import { createHash } from 'node:crypto';
import { integerKey } from '../src/catalog/key.ts';
import type { Layer } from '../src/catalog/layer.ts';
import { ident, join, literal, raw, type Sql, sql } from '../src/database/sql.ts';
import { tileFields, tileValue } from '../src/tiles/derived/tile-values.ts';
import { type BenchDatabase, withClient } from './databases.ts';
import { progress } from './report.ts';

export const PEER_SCHEMA = 'peer';
/** Column of the feature's id, where the layer has a whole number for it. */
export const PEER_ID = 'id';

/** A name that no server has to change to put it into a URL. */
export function peerTable({ schema, table }: Layer): string {
  return `${schema}_${table}`;
}

/** The fields that tiles carry beside the id. */
export function peerFields(layer: Layer): string[] {
  const key = integerKey(layer);
  return tileFields(layer).flatMap(({ name }) => (name === key ? [] : [name]));
}

/**
 * Gives the peers the best tables they can have: EPSG:3857, only what tiles carry, neighbours stored together, large
 * geometries not compressed. Made anew when a layer's definition has changed.
 */
export async function preparePeerTables({ url, layers }: BenchDatabase): Promise<void> {
  const tables = [...layers.values()].map((layer) => ({ layer, script: tableScript(layer) }));
  const scripts = [...tables.map(({ script }) => script), DENSITY_SCRIPT];
  const fingerprint = createHash('sha1').update(scripts.join('\n')).digest('hex');
  await withClient(url, async (client) => {
    const { rows } = await client.query(
      `SELECT obj_description(to_regnamespace('${PEER_SCHEMA}'), 'pg_namespace') AS mark`,
    );
    if (rows[0].mark === fingerprint) return;
    await client.query(`DROP SCHEMA IF EXISTS ${PEER_SCHEMA} CASCADE; CREATE SCHEMA ${PEER_SCHEMA}; ${DENSITY_SCRIPT}`);
    for (const { layer, script } of tables) {
      progress(`copying ${layer.id} for the peers, once`);
      await client.query(script);
      await client.query(densityScript(layer));
      await client.query(`VACUUM ANALYZE ${ident(PEER_SCHEMA, peerTable(layer)).text}`);
    }
    await client.query(`ANALYZE ${PEER_SCHEMA}.density; COMMENT ON SCHEMA ${PEER_SCHEMA} IS '${fingerprint}'`);
  });
}

function tableScript(layer: Layer): string {
  const table = ident(PEER_SCHEMA, peerTable(layer));
  const key = integerKey(layer);
  const names = new Set(peerFields(layer));
  const columns: Sql[] = [
    ...(key === undefined ? [] : [sql`${ident(key)}::int8 AS ${ident(PEER_ID)}`]),
    ...tileFields(layer)
      .filter(({ name }) => names.has(name))
      .map((field) => sql`${tileValue(field)} AS ${ident(field.name)}`),
    sql`ST_Transform(${ident(layer.geometry.column)}, 3857)::geometry(${raw(layer.geometry.type)}, 3857) AS geom`,
  ];
  const source = sql`SELECT ${join(columns, ', ')} FROM ${ident(layer.schema, layer.table)}`;
  return sql`
    CREATE TABLE ${table} AS ${source} WITH NO DATA;
    ALTER TABLE ${table} ALTER COLUMN geom SET STORAGE EXTERNAL;
    INSERT INTO ${table} SELECT * FROM (${source}) AS row WHERE geom IS NOT NULL ORDER BY geom;
    ${key === undefined ? raw('') : sql`ALTER TABLE ${table} ADD PRIMARY KEY (${ident(PEER_ID)});`}
    CREATE INDEX ON ${table} USING gist (geom);`.text;
}

/** Zoom of the finest tiles in `peer.density`; coarser ones are sums of them. */
export const DENSITY_ZOOM = 17;

/** How much of each layer lies in each tile, so that the densest can be named. */
const DENSITY_SCRIPT = `CREATE TABLE ${PEER_SCHEMA}.density (
  layer text NOT NULL, x integer NOT NULL, y integer NOT NULL,
  vertices bigint NOT NULL,
  features bigint NOT NULL, -- whose middle lies here
  PRIMARY KEY (layer, x, y))`;

function densityScript(layer: Layer): string {
  const table = ident(PEER_SCHEMA, peerTable(layer));
  const size = raw(`(${(2 * 20037508.342789244) / 2 ** DENSITY_ZOOM})`);
  const middle = sql`ST_Centroid(ST_Envelope(geom))`;
  return sql`
    INSERT INTO ${ident(PEER_SCHEMA, 'density')}
    SELECT ${literal(layer.id)}, floor((ST_X(point) + 20037508.342789244) / ${size})::int AS x,
      floor((20037508.342789244 - ST_Y(point)) / ${size})::int AS y, sum(vertices), sum(features)
    FROM (
      SELECT (ST_DumpPoints(geom)).geom AS point, 1 AS vertices, 0 AS features FROM ${table}
      UNION ALL SELECT ${middle}, 0, 1 FROM ${table}) AS counted
    GROUP BY x, y`.text;
}
