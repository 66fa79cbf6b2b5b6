import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendPieces } from '../../../src/http/kit/stream-reply.ts';

const PIECE_MS = 250;
/** Time for a reader whose kernel buffers up to 6 MB. */
const SLOW_MS = 2500;
const PIECE = 'x'.repeat(64 * 1024);
const PIECES = 1200;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('an answer in pieces', () => {
  let server: Server;
  /** Number of chunks requested. The producer is also informed of the end. */
  let made = 0;
  let isEnded = false;
  beforeAll(async () => {
    const app = express();
    app.get('/', (request, response) => {
      const pieces = async function* () {
        try {
          for (; made < PIECES; made++) yield PIECE;
        } finally {
          isEnded = true;
        }
      };
      void sendPieces(
        request,
        response,
        { status: 200, headers: { 'content-type': 'text/plain' }, body: pieces() },
        Number(request.query.ms),
      );
    });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  function ask(ms = PIECE_MS) {
    made = 0;
    isEnded = false;
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`GET /?ms=${ms} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: identity\r\n\r\n`);
    return socket;
  }

  it('ends for a client that does not read, and for whoever makes it', async () => {
    const socket = ask().pause();
    const began = performance.now();
    await expect.poll(() => isEnded, { timeout: 5000, interval: 20 }).toBe(true);
    expect(performance.now() - began).toBeGreaterThanOrEqual(PIECE_MS);
    expect(made).toBeLessThan(PIECES);
    socket.destroy();
  });

  it('ends for a client that takes a few bytes now and then', async () => {
    const socket = ask().pause();
    const sipping = setInterval(() => socket.read(100), 20);
    await expect.poll(() => isEnded, { timeout: 5000, interval: 20 }).toBe(true);
    clearInterval(sipping);
    expect(made).toBeLessThan(PIECES);
    socket.destroy();
  });

  it('goes on for a client that is slow, but reads', async () => {
    const socket = ask(SLOW_MS);
    let received = 0;
    socket.on('data', (bytes: Buffer) => {
      received += bytes.length;
      socket.pause();
      void wait(3).then(() => socket.resume());
    });
    const began = performance.now();
    await expect.poll(() => isEnded, { timeout: 30_000, interval: 20 }).toBe(true);
    expect(made).toBe(PIECES);
    await expect.poll(() => received).toBeGreaterThan(PIECES * PIECE.length);
    // Longer than the timeout of any one chunk, which does not limit the whole.
    expect(performance.now() - began).toBeGreaterThan(SLOW_MS);
    socket.destroy();
  });
});
