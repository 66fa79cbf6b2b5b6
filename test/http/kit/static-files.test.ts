import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingHttpHeaders, type RequestOptions, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import express from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { problemPage } from '../../../src/http/html/problem-page.ts';
import { answerProblems, answerUnknownPath } from '../../../src/http/kit/problem.ts';
import { serveFiles } from '../../../src/http/kit/static-files.ts';
import { explainError } from '../../../src/http/layers/explain.ts';

const SCRIPT = 'export const one = 1;\n'.repeat(200);

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

describe('static files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'diaba-files-'));
  let server: Server;
  beforeAll(async () => {
    for (const [name, text] of [
      ['main.js', SCRIPT],
      ['small.css', 'a{}'],
      ['secret.txt', 'x'],
      ['not-listed.css', 'b{}'],
    ] as const)
      writeFileSync(join(folder, name), text);
    const app = express();
    app.use('/all', serveFiles(folder));
    app.use('/some', serveFiles(folder, ['small.css']));
    app.use(answerUnknownPath);
    app.use(
      answerProblems({
        config: readConfig({}),
        log: pino({ level: 'silent' }),
        explain: explainError,
        page: problemPage,
      }),
    );
    server = createServer(app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** Requests a raw path that no client normalizes. */
  const fetched = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const options: RequestOptions = { host: '127.0.0.1', port, path, headers, method };
      get(options, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (data) => void pieces.push(data));
        answer.on('end', () =>
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) }),
        );
      }).on('error', reject);
    });

  it('are compressed as the client takes it, each form with a mark of its own', async () => {
    const plain = await fetched('/all/main.js');
    const brotli = await fetched('/all/main.js', { 'accept-encoding': 'gzip, br' });
    const gzip = await fetched('/all/main.js', { 'accept-encoding': 'gzip' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString()).toBe(SCRIPT);
    expect([brotli.headers['content-encoding'], brotliDecompressSync(brotli.body).toString()]).toEqual(['br', SCRIPT]);
    expect([gzip.headers['content-encoding'], gunzipSync(gzip.body).toString()]).toEqual(['gzip', SCRIPT]);
    expect(new Set([plain, brotli, gzip].map(({ headers }) => headers.etag)).size).toBe(3);
    for (const { headers } of [plain, brotli, gzip]) {
      expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
      expect(headers['cache-control']).toBe('no-cache');
      expect(headers.vary).toContain('Accept-Encoding');
    }
  });

  it('are not sent again to who has them', async () => {
    const { headers } = await fetched('/all/main.js', { 'accept-encoding': 'br' });
    const again = await fetched('/all/main.js', { 'accept-encoding': 'br', 'if-none-match': headers.etag ?? '' });
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, headers.etag]);
    const other = await fetched('/all/main.js', { 'if-none-match': headers.etag ?? '' });
    expect(other.status).toBe(200);
  });

  it('are read and asked about, and nothing else', async () => {
    const head = await fetched('/all/main.js', {}, 'HEAD');
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(SCRIPT.length), 0]);
    expect((await fetched('/all/main.js', {}, 'OPTIONS')).headers.allow).toBe('GET, HEAD, OPTIONS');
    expect((await fetched('/all/main.js', {}, 'DELETE')).status).toBe(405);
  });

  it.each([
    '/all/',
    '/all',
    '/all/nothing.js',
    '/all/secret.txt',
    '/all/main.js/x.js',
    '/all/../package.js',
    '/all/..%2fmain.js',
    '/all/%2e%2e/main.js',
    '/all//main.js',
    '/all/.main.js',
    '/all/main%00.js',
    '/some/not-listed.css',
  ])('%s is nothing', async (path) => {
    expect((await fetched(path)).status).toBe(404);
  });

  it('that are listed are given', async () => {
    expect((await fetched('/some/small.css')).body.toString()).toBe('a{}');
  });
});
