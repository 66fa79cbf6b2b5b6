import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Request, Response } from 'express';

/**
 * Milliseconds in which a client must read the next chunk: 1 KB a second before compression, plus the kernels' buffers.
 * A slow client occupies one of the few database connections.
 */
const PIECE_MS = 60_000;

/** Chunks are joined up to this size, to be worth a packet. */
const CHUNK_CHARACTERS = 64 * 1024;

/** An answer in chunks of text. */
interface Pieces {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<string>;
}

/**
 * Sends text while it is produced, at the speed of the client. An error halfway closes the connection, and so does a
 * client that takes too long for a chunk.
 */
export async function sendPieces(
  request: Request,
  response: Response,
  { status, headers, body }: Pieces,
  pieceMs = PIECE_MS,
): Promise<void> {
  const pieces = body[Symbol.asyncIterator]();
  // Errors of a question occur at the first chunk. Until then a problem can be sent instead.
  const first = await pieces.next();
  response.status(status).set(headers).vary('Accept-Encoding');
  if (request.method === 'HEAD') {
    await pieces.return?.();
    return void response.end();
  }
  const patience = setTimeout(() => response.destroy(), pieceMs).unref();
  const source = Readable.from(gather(first, pieces, patience), { objectMode: false });
  const isCompressed = request.acceptsEncodings('gzip') !== false;
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

async function* gather(
  first: IteratorResult<string>,
  rest: AsyncIterator<string>,
  patience: NodeJS.Timeout,
): AsyncGenerator<string> {
  let text = first.done ? '' : first.value;
  for await (const piece of { [Symbol.asyncIterator]: () => rest }) {
    text += piece;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    // The previous chunk was read.
    patience.refresh();
    text = '';
  }
  if (text) yield text;
}
