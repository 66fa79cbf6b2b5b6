import type { Request, RequestHandler } from 'express';
import { Problem } from '../../lib/errors.ts';

/** Headers of every answer. */
export const SHARED_HEADERS = Object.freeze({
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Link, Location, Content-Crs, Preference-Applied',
  'x-content-type-options': 'nosniff',
});

/** Allows every origin to read public data, so that maps on other sites can load tiles, styles and fonts (CORS). */
export const shareAcrossOrigins: RequestHandler = (request, response, next) => {
  response.set(SHARED_HEADERS);
  const isPreflight = request.method === 'OPTIONS' && request.get('access-control-request-method') !== undefined;
  if (!isPreflight) return next();
  response.set({
    // Our own pages and programs edit layers, but never a page of another site in somebody's browser.
    'access-control-allow-methods': request.path.startsWith('/collections/') ? 'GET, HEAD' : 'GET, HEAD, POST, DELETE',
    'access-control-allow-headers': request.get('access-control-request-headers') ?? '*',
    'access-control-max-age': '86400',
  });
  response.status(204).end();
};

/**
 * Rejects requests from pages of other sites. Browsers post on behalf of any page and report its origin; programs
 * report none.
 * @param base URL of the server for clients
 * @throws Problem forbidden for a page of another site
 */
export function requireOwnOrigin(request: Request, base: string): void {
  const origin = request.get('origin');
  if (origin === undefined || origin === new URL(base).origin) return;
  if (origin.replace(/^https?:\/\//, '') === request.get('host')) return;
  throw new Problem('forbidden', {
    vi: 'Trang của nơi khác không được sửa dữ liệu ở đây.',
    en: 'Pages of other sites may not edit here.',
  });
}
