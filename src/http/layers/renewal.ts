import type { RequestHandler } from 'express';
import { isOutdated } from '../../database/sqlstate.ts';
import type { Definitions } from '../../services.ts';

/**
 * Returns a handler that runs again if the database no longer matches the catalog. A column renamed in between is no
 * failure of the server, and a dropped layer is not found.
 */
export function askingTwice(definitions: Definitions): (handle: RequestHandler) => RequestHandler {
  return (handle) => async (request, response, next) => {
    const seen = definitions.current();
    try {
      await handle(request, response, next);
    } catch (error) {
      if (response.headersSent || !isOutdated(error) || !(await definitions.renew(seen, error))) throw error;
      await handle(request, response, next);
    }
  };
}
