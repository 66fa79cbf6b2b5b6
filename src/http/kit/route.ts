import type { Express, Request, RequestHandler, Response } from 'express';
import { Problem } from '../../lib/errors.ts';
import type { Endpoint, Method, Route } from './endpoint.ts';

/** Names of the parameters in an Express path: `'layers' | 'z'` of `/xyz/:layers/:z.mvt`. */
type PathNames<Path> = Path extends `${string}:${infer Rest}` ? FirstName<Rest> | PathNames<Rest> : never;
type FirstName<Path> = Path extends `${infer Name}${'/' | '.' | '@'}${string}` ? FirstName<Name> : Path;

/** Returns a function that places an endpoint at a path with the same parameters. */
function at<const M extends Method>(method: M) {
  return <const Path extends string>(path: Path, { names: _, ...here }: Endpoint<PathNames<Path>>): Route => ({
    method,
    path,
    ...here,
  });
}

export const get = at('get');
export const post = at('post');
export const put = at('put');
export const patch = at('patch');
export const remove = at('delete');

interface Mounting {
  /** Goes around each handler. */
  readonly wrap: (handle: RequestHandler) => RequestHandler;
  /** Returns what comes before the handler of a route that costs points. */
  readonly charge: (cost: number) => RequestHandler;
}

/**
 * Mounts the routes in order. Each path answers OPTIONS, and 405 to a method that it lacks. Both list the methods in
 * `Allow`, which QGIS reads before it offers to edit.
 */
export function mount(app: Express, routes: readonly Route[], { wrap, charge }: Mounting): void {
  const routesAt = (path: string) => routes.filter((each) => each.path === path);
  for (const { method, path, cost, handle } of routes) {
    const answer: RequestHandler = (request, response) => handle(request, response, routes);
    const charges = cost > 0 ? [charge(cost)] : [];
    app[method](path, ...charges, tellingAllowed(routesAt(path), wrap(answer)));
  }
  for (const path of new Set(routes.map((each) => each.path)))
    app.all(
      path,
      wrap((request, response) => answerOtherMethod(request, response, allowedBy(routesAt(path), request))),
    );
}

/** Returns a handler that refuses the method if the resource does not accept it. */
function tellingAllowed(routes: readonly Route[], handle: RequestHandler): RequestHandler {
  return async (request, response, next) => {
    try {
      await handle(request, response, next);
    } catch (error) {
      if (error instanceof Problem && error.type === 'method-not-allowed')
        response.set('allow', allowedBy(routes, request));
      throw error;
    }
  };
}

/**
 * Answers OPTIONS, and methods that do not exist.
 * @param allowed value of the header `Allow`
 * @throws Problem method-not-allowed
 */
export function answerOtherMethod({ method }: Request, response: Response, allowed: string): void {
  response.set('allow', allowed);
  if (method === 'OPTIONS') return void response.status(204).end();
  throw new Problem('method-not-allowed', {
    vi: `${method} không dùng được ở đây; dùng ${allowed}.`,
    en: `${method} is not possible here; use ${allowed}.`,
  });
}

function allowedBy(routes: readonly Route[], request: Request): string {
  const methods = routes.filter(({ isOffered }) => isOffered(request)).map(({ method }) => method.toUpperCase());
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

/** Converts an Express path `/a/:b` to OpenAPI `/a/{b}`. */
export function templateOf(path: string): string {
  return path.replace(/[:*](\w+)/g, '{$1}');
}
