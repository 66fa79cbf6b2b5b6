import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { integerKey } from '../src/catalog/key.ts';
import type { Layer } from '../src/catalog/layer.ts';
import { TILE_BUFFER, TILE_EXTENT, type TileAddress } from '../src/geo/tile.ts';
import type { BenchDatabase } from './databases.ts';
import { PEER_ID, PEER_SCHEMA, peerFields, peerTable } from './peer-tables.ts';
import { freePort, type Processes, type Running } from './processes.ts';
import { POOL_SIZE } from './program.ts';
import type { Settings } from './settings.ts';

interface Setting {
  readonly settings: Settings;
  readonly processes: Processes;
}

/** A tile server of somebody else. */
export interface Peer extends Running {
  readonly name: string;
  tileUrl(layers: readonly Layer[], tile: TileAddress): string;
}

/** A feature server of somebody else. */
export interface FeaturePeer extends Running {
  readonly name: string;
  readonly url: string;
}

/** A peer that cannot be measured, and why. */
export interface AbsentPeer {
  readonly name: string;
  readonly absent: string;
}

/** A line for each that cannot be measured. */
export function tellAbsent(peers: readonly (Running | AbsentPeer)[]): string[] {
  return peers.flatMap((peer) => ('absent' in peer ? [`${peer.name}: ${peer.absent}`] : []));
}

/** Compiling a tile's query takes longer than running it, and what a database does by default is not a peer's doing. */
function withoutJit(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('options', '-c jit=off');
  // Libpq's own rule: a space is %20, a plus is a plus.
  return url.href.replaceAll('+', '%20');
}

/** A peer that is missing or fails is told as such, and the others are measured. */
async function startPeer<P>(
  name: string,
  program: string | undefined,
  start: (program: string) => Promise<P>,
): Promise<P | AbsentPeer> {
  if (program === undefined) return { name, absent: 'missing' };
  try {
    return await start(program);
  } catch (error) {
    return { name, absent: `failed: ${(error as Error).message}` };
  }
}

/** Martin over the peer tables, with the zooms of our own catalog. @param cacheMegabytes 0: every tile is cold */
export function startMartin(
  { settings, processes }: Setting,
  { url, layers }: BenchDatabase,
  cacheMegabytes: number,
): Promise<Peer | AbsentPeer> {
  return startPeer('Martin', settings.programs.martin, async (file) => {
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    const config = join(processes.folder, `martin-${port}.yaml`);
    // JSON is YAML.
    writeFileSync(config, JSON.stringify(martinConfig({ url, layers, port, cacheMegabytes })));
    const running = await processes.start({
      name: `martin-${port}`,
      file,
      args: ['--config', config],
      env: { ...settings.environment, RUST_LOG: 'error' },
      readyUrl: `${base}/health`,
    });
    const tileUrl = (shown: readonly Layer[], { z, x, y }: TileAddress) =>
      `${base}/${shown.map(peerTable).join(',')}/${z}/${x}/${y}`;
    return { ...running, name: 'Martin', tileUrl };
  });
}

function martinConfig({
  url,
  layers,
  port,
  cacheMegabytes,
}: BenchDatabase & { port: number; cacheMegabytes: number }): object {
  const tables = [...layers.values()].map((layer) => [
    peerTable(layer),
    {
      layer_id: layer.id,
      schema: PEER_SCHEMA,
      table: peerTable(layer),
      srid: 3857,
      geometry_column: 'geom',
      ...(integerKey(layer) === undefined ? {} : { id_column: PEER_ID }),
      minzoom: layer.zooms.min,
      extent: TILE_EXTENT,
      buffer: TILE_BUFFER,
      properties: Object.fromEntries(peerFields(layer).map((name) => [name, ''])),
    },
  ]);
  return {
    listen_addresses: `127.0.0.1:${port}`,
    cache: cacheMegabytes === 0 ? 'disable' : { size_mb: 2 * cacheMegabytes, tile_size_mb: cacheMegabytes },
    postgres: {
      connection_string: withoutJit(url),
      pool_size: POOL_SIZE,
      reload_interval: '0s',
      tables: Object.fromEntries(tables),
    },
  };
}

/** pg_tileserv over the peer tables. It knows no zooms: the layers that show are named in the URL. */
export function startPgTileserv({ settings, processes }: Setting, { url }: BenchDatabase): Promise<Peer | AbsentPeer> {
  return startPeer('pg_tileserv', settings.programs.pg_tileserv, async (file) => {
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    const running = await processes.start({
      name: 'pg_tileserv',
      file,
      args: ['--no-preview'],
      env: {
        ...settings.environment,
        DATABASE_URL: withoutJit(url),
        TS_HTTPHOST: '127.0.0.1',
        TS_HTTPPORT: String(port),
        TS_DBPOOLMAXCONNS: String(POOL_SIZE),
        TS_DBTIMEOUT: '60',
        TS_DEFAULTRESOLUTION: String(TILE_EXTENT),
        TS_DEFAULTBUFFER: String(TILE_BUFFER),
        TS_MAXFEATURESPERTILE: '-1',
      },
      readyUrl: `${base}/health`,
    });
    const tileUrl = (layers: readonly Layer[], { z, x, y }: TileAddress) => {
      const shown = layers.filter(({ zooms }) => z >= zooms.min);
      return `${base}/${shown.map((layer) => `${PEER_SCHEMA}.${peerTable(layer)}`).join(',')}/${z}/${x}/${y}.pbf`;
    };
    return { ...running, name: 'pg_tileserv', tileUrl };
  });
}

/** pg_featureserv over this program's own tables, which have the indexes for what it is asked. */
export function startPgFeatureserv(
  { settings, processes }: Setting,
  { url }: BenchDatabase,
): Promise<FeaturePeer | AbsentPeer> {
  return startPeer('pg_featureserv', settings.programs.pg_featureserv, async (file) => {
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    const running = await processes.start({
      name: 'pg_featureserv',
      file,
      args: [],
      env: {
        ...settings.environment,
        DATABASE_URL: withoutJit(url),
        PGFS_SERVER_HTTPHOST: '127.0.0.1',
        PGFS_SERVER_HTTPPORT: String(port),
        PGFS_DATABASE_DBPOOLMAXCONNS: String(POOL_SIZE),
        PGFS_DATABASE_TABLEINCLUDES: 'land',
      },
      readyUrl: `${base}/collections.json`,
    });
    return { ...running, name: 'pg_featureserv', url: base };
  });
}

export interface StaticFile {
  /** From the root of the server, without its suffix `.gz`. */
  readonly path: string;
  readonly plain: Uint8Array;
  readonly gzipped: Uint8Array;
}

/** nginx with the files as it serves them fastest: compressed beforehand, one process as the others that it is held against. */
export async function startNginx(
  { settings, processes }: Setting,
  files: readonly StaticFile[],
): Promise<(Running & { readonly url: string }) | AbsentPeer> {
  const file = settings.programs.nginx;
  if (file === undefined) return { name: 'nginx', absent: 'missing' };
  const port = await freePort();
  const root = join(processes.folder, 'static');
  for (const { path, plain, gzipped } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), plain);
    writeFileSync(join(root, `${path}.gz`), gzipped);
  }
  const config = join(processes.folder, 'nginx.conf');
  writeFileSync(config, nginxConfig({ folder: processes.folder, root, port }));
  try {
    const running = await processes.start({
      name: 'nginx',
      file,
      args: ['-c', config, '-e', join(processes.folder, 'nginx-error.log')],
      env: settings.environment,
      readyUrl: `http://127.0.0.1:${port}/`,
    });
    return { ...running, url: `http://127.0.0.1:${port}` };
  } catch (error) {
    return { name: 'nginx', absent: `failed: ${(error as Error).message}` };
  }
}

function nginxConfig({ folder, root, port }: { folder: string; root: string; port: number }): string {
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${folder}/nginx-${name};`)
    .join('\n');
  return `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log crit;
events { worker_connections 1024; }
http {
${scratch}
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=10000;
  keepalive_requests 1000000000;
  types { }
  default_type application/vnd.mapbox-vector-tile;
  server {
    listen 127.0.0.1:${port};
    root ${root};
    gzip_static on;
  }
}
`;
}
