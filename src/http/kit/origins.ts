import type { Request, RequestHandler } from 'express';
import { Problem } from '../../lib/errors.ts';

/** What every answer carries. */
export const SHARED_HEADERS = Object.freeze({
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Link, Location, Content-Crs, Preference-Applied',
  'x-content-type-options': 'nosniff',
});

/** What is public is public to every origin: maps on other sites load tiles, styles and fonts (CORS). */
export const shareAcrossOrigins: RequestHandler = (request, response, next) => {
  response.set(SHARED_HEADERS);
  const isPreflight = request.method === 'OPTIONS' && request.get('access-control-request-method') !== undefined;
  if (!isPreflight) return next();
  response.set({
    // Layers are edited from our own pages and by programs, never by a page of somebody else's that a browser has open.
    'access-control-allow-methods': request.path.startsWith('/collections/') ? 'GET, HEAD' : 'GET, HEAD, POST, DELETE',
    'access-control-allow-headers': request.get('access-control-request-headers') ?? '*',
    'access-control-max-age': '86400',
  });
  response.status(204).end();
};

/**
 * Browsers post for any page that asks them to, and say for which; programs say nothing.
 * @param base where clients reach this server
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
