import type { RequestHandler } from 'express';
import type { CatalogSource } from '../../catalog/source.ts';
import { isOutdated } from '../../database/sqlstate.ts';

/** The server's knowledge of the database's definitions, replaced as a whole when they change. */
type Definitions = Pick<CatalogSource, 'current' | 'renew'>;

/**
 * Returns a handler that runs again if the database no longer matches the catalog. A column renamed in between is no
 * failure of the server, and a dropped layer is not found.
 */
export function askingTwice(catalog: Definitions): (handle: RequestHandler) => RequestHandler {
  return (handle) => async (request, response, next) => {
    const seen = catalog.current();
    try {
      await handle(request, response, next);
    } catch (error) {
      if (response.headersSent || !isOutdated(error) || !(await catalog.renew(seen, error))) throw error;
      await handle(request, response, next);
    }
  };
}
