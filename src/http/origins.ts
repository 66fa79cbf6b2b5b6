import type { RequestHandler } from 'express';

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
