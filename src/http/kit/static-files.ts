import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { RequestHandler } from 'express';
import { bytes, send } from './reply.ts';
import { answerOtherMethod } from './route.ts';

/** Media types of what a web page loads; files of other kinds are not given out. */
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
};

/** Names that stay in their folder: dots stand between letters only. */
const NAME = /^(\/[\w-]+(\.[\w-]+)*)+$/;

/**
 * The files of a folder, compressed and with an ETag as every answer is; what is not there goes on.
 * @param names of the files that are given out; absent: all
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
