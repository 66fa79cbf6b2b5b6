import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Request, Response } from 'express';

/**
 * Milliseconds in which a client takes the next piece: 1 KB a second before compression, and what the kernels hold. While it
 * reads, a connection of the database is its own, of which there are few.
 */
const PIECE_MS = 60_000;

/** Pieces are gathered until they are worth a packet of their own. */
const CHUNK_CHARACTERS = 64 * 1024;

/** An answer in pieces of text. */
interface Pieces {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<string>;
}

/**
 * Sends text that is made while it is sent, as fast as the client takes it and no faster. What fails halfway ends the connection,
 * and so does a client that takes too long for a piece.
 */
export async function sendPieces(
  request: Request,
  response: Response,
  { status, headers, body }: Pieces,
  pieceMs = PIECE_MS,
): Promise<void> {
  const pieces = body[Symbol.asyncIterator]();
  // What is wrong with a question shows at the first piece: until then a problem can be told in place of the answer.
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
    // The client went away, which is no failure.
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
    // The one before was taken.
    patience.refresh();
    text = '';
  }
  if (text) yield text;
}
