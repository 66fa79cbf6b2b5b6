import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Request, Response } from 'express';

/**
 * Milliseconds in which a client must read the next chunk: 1 KB a second before compression, plus the kernels' buffers.
 * A slow client occupies one of the few database connections.
 */
const PIECE_MS = 60_000;

/** Text is joined up to this size, to be worth a packet, and bytes are cut to it. */
const CHUNK_LENGTH = 64 * 1024;

/** Text or bytes of an answer. */
export type Chunk = string | Uint8Array;

/** An answer in chunks. */
interface StreamedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Chunk>;
  /** True for a format that is compressed already. */
  readonly isPacked?: boolean;
}

/**
 * Sends chunks while they are produced, at the speed of the client. An error halfway closes the connection, and so does a
 * client that takes too long for a chunk.
 */
export async function sendPieces(
  request: Request,
  response: Response,
  { status, headers, body, isPacked = false }: StreamedAnswer,
  pieceMs = PIECE_MS,
): Promise<void> {
  const pieces = body[Symbol.asyncIterator]();
  // Errors of a question occur at the first chunk. Until then a problem can be sent instead.
  const first = await pieces.next();
  response.status(status).set(headers);
  if (!isPacked) response.vary('Accept-Encoding');
  if (request.method === 'HEAD') {
    await pieces.return?.();
    return void response.end();
  }
  const patience = setTimeout(() => response.destroy(), pieceMs).unref();
  const source = Readable.from(gatherChunks(first, pieces, patience), { objectMode: false });
  const isCompressed = !isPacked && request.acceptsEncodings('gzip') !== false;
  if (isCompressed) response.set('content-encoding', 'gzip');
  try {
    await (isCompressed ? pipeline(source, createGzip({ level: 4 }), response) : pipeline(source, response));
  } catch (error) {
    const { name, code } = error as NodeJS.ErrnoException;
    // The client disconnected, which is no failure.
    if (name !== 'AbortError' && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  } finally {
    clearTimeout(patience);
  }
}

async function* gatherChunks(
  first: IteratorResult<Chunk>,
  rest: AsyncIterator<Chunk>,
  patience: NodeJS.Timeout,
): AsyncGenerator<Chunk> {
  let text = '';
  for await (const piece of startingWith(first, rest)) {
    if (typeof piece === 'string') text += piece;
    else yield* cutChunks(piece, patience);
    if (text.length < CHUNK_LENGTH) continue;
    yield text;
    // The previous chunk was read.
    patience.refresh();
    text = '';
  }
  if (text) yield text;
}

function* cutChunks(bytes: Uint8Array, patience: NodeJS.Timeout): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_LENGTH) {
    yield bytes.subarray(at, at + CHUNK_LENGTH);
    patience.refresh();
  }
}

async function* startingWith<T>(first: IteratorResult<T>, rest: AsyncIterator<T>): AsyncGenerator<T> {
  if (first.done) return;
  yield first.value;
  yield* { [Symbol.asyncIterator]: () => rest };
}
