import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { COMPRESSIONS, type Compression } from '../../lib/compression.ts';
import type { CachedTiles } from '../../tiles/cache/cached-tiles.ts';
import type { Encoding, StoredTile } from '../../tiles/cache/stored-tile.ts';
import { MLT_TYPE, MVT_TYPE } from '../kit/media-types.ts';
import { SHARED_HEADERS } from '../kit/origins.ts';
import { empty, type Reply } from '../kit/reply.ts';

/**
 * Alternating names and values, as Node sends them. Node first copies an object, so a cached tile takes 23 µs instead
 * of 33.
 */
type HeaderList = readonly string[];

const HEADERS: HeaderList = Object.entries({
  ...SHARED_HEADERS,
  // Tiles can change, so they are revalidated by their ETag and have no lifetime.
  'cache-control': 'no-cache',
  vary: 'Accept-Encoding',
}).flat();
const TILE_HEADERS: HeaderList = [...HEADERS, 'content-type', MVT_TYPE];
const MLT_HEADERS: HeaderList = [...HEADERS, 'content-type', MLT_TYPE];
const NEGOTIATED: HeaderList = ['vary', 'Accept, Accept-Encoding'];

/** Formats of vector tiles. */
export const TILE_ENCODINGS = ['mvt', 'mlt'] as const;
export type TileEncoding = (typeof TILE_ENCODINGS)[number];

export interface TileAnswer {
  /** Absent: MVT. */
  readonly format?: TileEncoding;
  /** True if Accept has chosen the format. */
  readonly isNegotiated?: boolean;
}

/** Returns a cached tile as an answer; 204 if it is empty. */
export async function storedTile(
  tiles: CachedTiles,
  stored: StoredTile,
  { format = 'mvt', isNegotiated = false }: TileAnswer = {},
): Promise<Reply> {
  const vary = { vary: 'Accept' };
  if (stored.isEmpty) return { ...empty(), ...(isNegotiated && { headers: vary }) };
  const tile = format === 'mlt' ? await tiles.toMlt(stored) : stored;
  const typed = format === 'mlt' ? MLT_HEADERS : TILE_HEADERS;
  const headers = isNegotiated ? [...typed, ...NEGOTIATED] : typed;
  const sendTo = (request: IncomingMessage, response: ServerResponse) => sendTile(request, response, { tile, headers });
  return { status: 200, headers: {}, body: { sendTo } };
}

interface TypedTile {
  readonly tile: StoredTile;
  readonly headers: HeaderList;
}

/** Sends a non-empty tile, compressed if the client accepts that, 304 if it has the tile. */
async function sendTile(request: IncomingMessage, response: ServerResponse, typed: TypedTile): Promise<void> {
  const encoding = typed.tile.encodingFor(accepted(request));
  const body = typed.tile.peek(encoding) ?? (await typed.tile.form(encoding));
  if (!response.destroyed) writeTile(request, response, { ...typed, encoding, body });
}

/**
 * Answers cached tiles before any middleware sees the request (65 000 requests a second instead of 12 600). It serves
 * only URLs already answered to the public, to clients without credentials. Every other request passes on.
 * @param isAllowed returns false if the client has asked too much, which the app then answers
 */
export function answerFromCache(
  tiles: CachedTiles,
  isAllowed: (request: IncomingMessage) => boolean,
  next: RequestListener,
): RequestListener {
  return (request, response) => {
    const { method, url = '', headers } = request;
    const isPublic = headers.authorization === undefined && headers['x-api-key'] === undefined;
    const tile = isPublic && method === 'GET' && url.startsWith('/xyz/') ? tiles.getByUrl(url) : undefined;
    if (!tile || !isAllowed(request)) return next(request, response);
    if (tile.isEmpty) return void response.writeHead(204, [...HEADERS]).end();
    const encoding = tile.encodingFor(accepted(request));
    const body = tile.peek(encoding);
    if (body) writeTile(request, response, { tile, encoding, body, headers: TILE_HEADERS });
    else next(request, response);
  };
}

interface EncodedTile extends TypedTile {
  readonly encoding: Encoding;
  readonly body: Uint8Array;
}

function writeTile(
  request: IncomingMessage,
  response: ServerResponse,
  { tile, encoding, body, headers: typed }: EncodedTile,
): void {
  const etag = `"${tile.digest}${encoding === 'identity' ? '' : `-${encoding}`}"`;
  if (request.headers['if-none-match']?.includes(etag))
    return void response.writeHead(304, [...HEADERS, 'etag', etag]).end();
  const headers = [...typed, 'etag', etag, 'content-length', String(body.length)];
  if (encoding !== 'identity') headers.push('content-encoding', encoding);
  response.writeHead(200, headers);
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Returns our encodings that a request accepts, best first (RFC 9110, 12.5.3). */
function accepted({ headers }: IncomingMessage): Compression[] {
  const list = headers['accept-encoding'];
  if (typeof list !== 'string') return [];
  const refused = list.includes('q=0')
    ? list
        .split(',')
        .filter((part) => /;\s*q=0(\.0*)?\s*$/.test(part))
        .join()
    : '';
  return COMPRESSIONS.filter((encoding) => list.includes(encoding) && !refused.includes(encoding));
}
