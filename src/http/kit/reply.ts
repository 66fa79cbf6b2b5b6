import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { COMPRESS_FROM, COMPRESSIONS, compress } from '../../lib/compression.ts';
import { type Chunk, sendPieces } from './stream-reply.ts';

/** A body that sends itself, headers included. */
export interface Sender {
  sendTo(request: Request, response: Response): Promise<void>;
}

/** An answer as a value: returned by a handler, sent by {@link send}. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Chunks are sent while they are produced. */
  readonly body: Uint8Array | Sender | AsyncIterable<Chunk> | undefined;
  /** Version of the content. It is the part of the ETag before the `.`, equal in every form. */
  readonly version?: string | undefined;
}

export interface BytesReply extends Reply {
  readonly body: Uint8Array;
}

interface ReplyOptions {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly version?: string;
}

/** Content that can change is revalidated by its ETag, and has no lifetime. */
const REVALIDATE = { 'cache-control': 'no-cache' };

/** Returns an answer of bytes with a media type. */
export function bytesReply(
  body: Uint8Array,
  type: string,
  { status = 200, headers = {}, version }: ReplyOptions = {},
): BytesReply {
  return { status, headers: { ...REVALIDATE, 'content-type': type, ...headers }, body, version };
}

/** Returns a file that a browser saves under its name. */
export function fileReply(
  body: Uint8Array,
  type: string,
  name: string,
  headers: Record<string, string> = {},
): BytesReply {
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(name)}`;
  return bytesReply(body, type, { headers: { ...headers, 'content-disposition': disposition } });
}

export function textReply(body: string, type: string, options?: ReplyOptions): BytesReply {
  return bytesReply(Buffer.from(body), type, options);
}

export function jsonReply(
  body: unknown,
  { type = 'application/json', ...options }: ReplyOptions & { type?: string } = {},
): BytesReply {
  return textReply(JSON.stringify(body), type, options);
}

export function htmlPage(body: string, options?: ReplyOptions): Reply {
  return textReply(body, 'text/html; charset=utf-8', options);
}

/** Content without an ETag cannot be revalidated. With `no-cache`, QGIS 3 would show it again even on reload. */
const NEVER_STORED = { 'cache-control': 'no-store' };

/** Returns a file in chunks, each produced once the client has read the previous. */
export function stream(body: AsyncIterable<Chunk>, type: string, headers: Record<string, string> = {}): Reply {
  return { status: 200, headers: { ...NEVER_STORED, 'content-type': type, ...headers }, body };
}

/** Returns 204, or another status without a body. */
export function empty(status = 204, headers: Record<string, string> = {}): Reply {
  return { status, headers: { ...REVALIDATE, ...headers }, body: undefined };
}

const isCompressible = (type = '') => /json|text\/|javascript|xml|vnd\.mapbox-vector-tile|x-protobuf|svg/.test(type);
const GZIP_LEVEL = 6;
/** Seconds until a client of a busy server should retry (RFC 9110, 10.2.3), the length of its queues. */
const RETRY_SECONDS = '5';

/**
 * Sends the answer with a strong ETag (of the bytes and their encoding). It is 304 if the client has it, and compressed
 * by br or gzip if the client accepts that.
 */
export async function send(request: Request, response: Response, reply: Reply): Promise<void> {
  const { body, status } = reply;
  if (body && Symbol.asyncIterator in body) {
    const isPacked = reply.headers['content-length'] !== undefined || !isCompressible(reply.headers['content-type']);
    return sendPieces(request, response, { ...reply, body, isPacked });
  }
  response.status(status).set(reply.headers);
  if (status === 503) response.set('retry-after', RETRY_SECONDS);
  // Browsers and QGIS ask for another password.
  if (status === 401) response.set('www-authenticate', 'Bearer realm="diaba", Basic realm="diaba"');
  if (!body) return void response.end();
  if ('sendTo' in body) return body.sendTo(request, response);
  const isCompressed = reply.headers['content-encoding'] !== undefined;
  const compressible = !isCompressed && body.length >= COMPRESS_FROM && isCompressible(reply.headers['content-type']);
  if (compressible) response.vary('Accept-Encoding');
  // Documents depend on format and language; tiles are the same for all.
  if (/json|html/.test(reply.headers['content-type'] ?? '')) response.vary('Accept, Accept-Language');
  const encoding = compressible ? COMPRESSIONS.find((each) => request.acceptsEncodings(each)) : undefined;
  const state = reply.version === undefined ? '' : `${reply.version}.`;
  const etag = `"${state}${createHash('sha1').update(body).digest('base64url')}${encoding ? `-${encoding}` : ''}"`;
  if (status === 201) response.set('etag', etag);
  if (status === 200) {
    response.set('etag', etag);
    if (request.fresh) {
      response.removeHeader('content-type');
      return void response.status(304).end();
    }
  }
  if (encoding) {
    response.set('content-encoding', encoding);
    return void response.end(await compress(body, encoding, GZIP_LEVEL));
  }
  response.set('content-length', String(body.length)).end(request.method === 'HEAD' ? undefined : body);
}
