import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { RequestHandler } from 'express';
import { type CompressedFile, compressFile } from '../../lib/compression.ts';
import { bytesReply, send } from './reply.ts';
import { answerOtherMethod } from './route.ts';

/** Media types of a web page's files; other files are not served. */
const FILE_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
};

/** Names that stay in their folder: dots are only inside of names. */
const NAME = /^(\/[\w-]+(\.[\w-]+)*)+$/;

/**
 * Serves the files of a folder, compressed and with an ETag like every answer. Other paths pass on.
 * @param names of the files to serve; absent: all
 */
export function serveFiles(folder: string, names?: readonly string[]): RequestHandler {
  const compressed = new Map<string, CompressedFile>();
  return async (request, response, next) => {
    const { path, method } = request;
    const type = FILE_TYPES[extname(path)];
    const isGiven = type !== undefined && NAME.test(path) && (names?.includes(path.slice(1)) ?? true);
    const body = isGiven && (await readFile(`${folder}${path}`).catch(nothing));
    if (!body) return next();
    if (method !== 'GET' && method !== 'HEAD') return answerOtherMethod(request, response, 'GET, HEAD, OPTIONS');
    if (!request.acceptsEncodings('br')) return send(request, response, bytesReply(body, type));
    const known = compressed.get(path);
    const file = known?.source.equals(body) ? known : compressFile(body);
    compressed.set(path, file);
    const headers = { 'content-encoding': 'br', vary: 'Accept-Encoding' };
    await send(request, response, bytesReply(await file.compressed, type, { headers }));
  };
}

function nothing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'EISDIR' && error.code !== 'ENOTDIR') throw error;
}
