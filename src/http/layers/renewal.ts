import type { RequestHandler } from 'express';
import { isOutdated } from '../../database/sqlstate.ts';
import type { Definitions } from '../../services.ts';

/**
 * Returns a handler that runs again if the database no longer matches the catalog, or once a result that it names was
 * read. A column renamed in between is no failure of the server, and a dropped layer is not found.
 */
export function askingTwice(definitions: Definitions): (handle: RequestHandler) => RequestHandler {
  return (handle) => async (request, response, next) => {
    const seen = definitions.current();
    const answer = () => definitions.reading(async () => handle(request, response, next));
    try {
      await answer();
    } catch (error) {
      if (response.headersSent || !isOutdated(error) || !(await definitions.renew(seen, error))) throw error;
      await answer();
    }
  };
}
