import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { COMPRESS_FROM, COMPRESSIONS, compress } from '../../lib/compression.ts';
import { sendPieces } from './stream-reply.ts';

/** A body that sends itself, headers and all. */
export interface Sender {
  sendTo(request: Request, response: Response): Promise<void>;
}

/** An answer as a value: made by a handler, sent by {@link send}. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Pieces of text are sent while they are made. */
  readonly body: Uint8Array | Sender | AsyncIterable<string> | undefined;
  /** The state of what the body shows: stands before a `.` in its ETag, the same in every form. */
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

/** Anything that can change is revalidated by its ETag, never kept for a time. */
const REVALIDATE = { 'cache-control': 'no-cache' };

/** Bytes of a media type. */
export function bytes(
  body: Uint8Array,
  type: string,
  { status = 200, headers = {}, version }: ReplyOptions = {},
): BytesReply {
  return { status, headers: { ...REVALIDATE, 'content-type': type, ...headers }, body, version };
}

export function text(body: string, type: string, options?: ReplyOptions): BytesReply {
  return bytes(Buffer.from(body), type, options);
}

export function json(
  body: unknown,
  { type = 'application/json', ...options }: ReplyOptions & { type?: string } = {},
): BytesReply {
  return text(JSON.stringify(body), type, options);
}

export function html(body: string, options?: ReplyOptions): Reply {
  return text(body, 'text/html; charset=utf-8', options);
}

/** What has no ETag cannot be revalidated. QGIS 3 would show it again, even when told to reload, under `no-cache`. */
const NEVER_STORED = { 'cache-control': 'no-store' };

/** Pieces of a text, each made when the client has taken the one before. */
export function stream(body: AsyncIterable<string>, type: string, headers: Record<string, string> = {}): Reply {
  return { status: 200, headers: { ...NEVER_STORED, 'content-type': type, ...headers }, body };
}

/** 204, or another status that has no body. */
export function empty(status = 204, headers: Record<string, string> = {}): Reply {
  return { status, headers: { ...REVALIDATE, ...headers }, body: undefined };
}

const COMPRESSIBLE = /json|text\/|javascript|xml|vnd\.mapbox-vector-tile|x-protobuf|svg/;
const GZIP_LEVEL = 6;
/** A server that is busy says when to ask again (RFC 9110, 10.2.3): its queues are as long as that. */
const RETRY_SECONDS = '5';

/**
 * Sends the answer: a strong ETag (of the bytes and their encoding), 304 where the client has them, br or gzip where
 * it takes them.
 */
export async function send(request: Request, response: Response, reply: Reply): Promise<void> {
  const { body, status } = reply;
  if (body && Symbol.asyncIterator in body) return sendPieces(request, response, { ...reply, body });
  response.status(status).set(reply.headers);
  if (status === 503) response.set('retry-after', RETRY_SECONDS);
  if (!body) return void response.end();
  if ('sendTo' in body) return body.sendTo(request, response);
  const compressible = body.length >= COMPRESS_FROM && COMPRESSIBLE.test(reply.headers['content-type'] ?? '');
  if (compressible) response.vary('Accept-Encoding');
  // Documents are negotiated by format and language; tiles are the same to all.
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
