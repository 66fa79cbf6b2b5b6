import type { RequestHandler } from 'express';
import type { Metrics } from '../../metrics/metrics.ts';

/** Returns a handler that measures each request from here to the end of its answer. */
export function measureRequests(metrics: Pick<Metrics, 'observe'>): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    response.once('close', () => {
      const route: unknown = request.route?.path;
      const measured = {
        method: request.method,
        route: typeof route === 'string' ? route : '',
        // Express empties the parameters after an error, so a name that is no layer invents no series.
        layer: layerInUrl(request.params),
        status: response.statusCode,
      };
      metrics.observe(measured, (performance.now() - began) / 1000);
    });
    next();
  };
}

/** Returns the only layer in the URL; '' for none, or for several. */
function layerInUrl({ collection, layers }: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  const named = collection ?? layers;
  return typeof named === 'string' && !named.includes(',') ? named : '';
}
