import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Request, Response } from 'express';

/** Pieces are gathered until they are worth a packet of their own. */
const CHUNK_CHARACTERS = 64 * 1024;

/**
 * Sends text that is made while it is sent, as fast as the client takes it and no faster.
 * Its status and headers are set already; what fails from here on ends the connection.
 */
export async function sendPieces(request: Request, response: Response, pieces: AsyncIterable<string>): Promise<void> {
  response.vary('Accept-Encoding');
  if (request.method === 'HEAD') return void response.end();
  const source = Readable.from(gather(pieces), { objectMode: false });
  if (!request.acceptsEncodings('gzip')) return pipeline(source, response);
  response.set('content-encoding', 'gzip');
  return pipeline(source, createGzip({ level: 4 }), response);
}

async function* gather(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = '';
  }
  if (text) yield text;
}
