import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { RequestHandler } from 'express';
import { bytes, send } from './reply.ts';
import { answerOtherMethod } from './route.ts';

/** Media types of a web page's files; other files are not served. */
const TYPES: Readonly<Record<string, string>> = {
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
  return async (request, response, next) => {
    const { path, method } = request;
    const type = TYPES[extname(path)];
    const isGiven = type !== undefined && NAME.test(path) && (names?.includes(path.slice(1)) ?? true);
    const body = isGiven && (await readFile(`${folder}${path}`).catch(nothing));
    if (!body) return next();
    if (method !== 'GET' && method !== 'HEAD') return answerOtherMethod(request, response, 'GET, HEAD, OPTIONS');
    await send(request, response, bytes(body, type));
  };
}

function nothing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'EISDIR' && error.code !== 'ENOTDIR') throw error;
}
