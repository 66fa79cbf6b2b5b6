import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Request, Response } from 'express';
import type { Reply } from './reply.ts';

/** Pieces are gathered until they are worth a packet of their own. */
const CHUNK_CHARACTERS = 64 * 1024;

/** Sends text that is made while it is sent, as fast as the client takes it and no faster. What fails halfway ends the connection. */
export async function sendPieces(
  request: Request,
  response: Response,
  { status, headers, body }: Reply & { readonly body: AsyncIterable<string> },
): Promise<void> {
  const pieces = body[Symbol.asyncIterator]();
  // What is wrong with a question shows at the first piece: until then a problem can be told in place of the answer.
  const first = await pieces.next();
  response.status(status).set(headers).vary('Accept-Encoding');
  if (request.method === 'HEAD') {
    await pieces.return?.();
    return void response.end();
  }
  const source = Readable.from(gather(first, pieces), { objectMode: false });
  const isCompressed = request.acceptsEncodings('gzip') !== false;
  if (isCompressed) response.set('content-encoding', 'gzip');
  try {
    await (isCompressed ? pipeline(source, createGzip({ level: 4 }), response) : pipeline(source, response));
  } catch (error) {
    const { name, code } = error as NodeJS.ErrnoException;
    // The client went away, which is no failure.
    if (name !== 'AbortError' && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

async function* gather(first: IteratorResult<string>, rest: AsyncIterator<string>): AsyncGenerator<string> {
  let text = first.done ? '' : first.value;
  for await (const piece of { [Symbol.asyncIterator]: () => rest }) {
    text += piece;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = '';
  }
  if (text) yield text;
}
