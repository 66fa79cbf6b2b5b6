import type { RequestHandler } from 'express';
import type { CatalogSource } from '../../catalog/source.ts';
import { isOutdated } from '../../database/sqlstate.ts';

/** What the server knows of the database's definitions: swapped whole where they change. */
type Definitions = Pick<CatalogSource, 'current' | 'renew'>;

/**
 * A handler that is asked once more where the database is not as the catalog had it: a column that was renamed between the
 * two is no failure of the server, and a layer that is gone is not found.
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
