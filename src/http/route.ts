import type { Express, Request, RequestHandler, Response } from 'express';
import type { Principal } from '../access/principal.ts';
import { Problem, type Text } from '../errors.ts';
import { identify } from './identify.ts';
import { type Language, negotiateLanguage } from './negotiate.ts';
import { type JsonSchema, type Parameters, readParameters, type Values } from './parameters.ts';
import { type Reply, send } from './reply.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** One request, parsed: handlers see no raw text. */
export interface Incoming<P extends Parameters, Q extends Parameters> {
  readonly path: Values<P>;
  readonly query: Values<Q>;
  /** The parsed JSON body, not yet checked; undefined where there is none. */
  readonly body: unknown;
  readonly principal: Principal;
  readonly language: Language;
  /** Aborted when the client goes away before it is answered. */
  readonly signal: AbortSignal;
  /** For what concerns HTTP only: negotiation, links. */
  readonly http: Request;
}

/** What a route is: what Express mounts and what the OpenAPI document describes. */
export interface Route {
  readonly method: Method;
  /** Express path: `/collections/:collection/items`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: Text;
  readonly pathParameters: Parameters;
  readonly queryParameters: Parameters;
  readonly body: { readonly required: boolean; readonly schema: JsonSchema } | undefined;
  /** status -> media types of the body (none: no body). Problems need no mention. */
  readonly responses: Readonly<Record<number, readonly string[]>>;
  readonly handle: RequestHandler;
}

export interface RouteOptions<P extends Parameters, Q extends Parameters> {
  readonly method?: Method;
  readonly path: string;
  readonly tag: string;
  readonly summary: Text;
  readonly pathParameters?: P;
  readonly queryParameters?: Q;
  /** The handler reads, or refuses, what else is in the query (`http.query`): names of fields, which only it knows. */
  readonly openQuery?: boolean;
  readonly body?: Route['body'];
  readonly responses: Route['responses'];
  readonly handle: (incoming: Incoming<P, Q>) => Promise<Reply> | Reply;
}

/** A route whose handler gets one typed request and gives back one answer as a value. */
export function route<P extends Parameters = Record<never, never>, Q extends Parameters = Record<never, never>>(
  options: RouteOptions<P, Q>,
): Route {
  const pathParameters = options.pathParameters ?? ({} as P);
  const queryParameters = options.queryParameters ?? ({} as Q);
  return {
    method: options.method ?? 'get',
    path: options.path,
    tag: options.tag,
    summary: options.summary,
    pathParameters,
    queryParameters,
    body: options.body,
    responses: options.responses,
    handle: async (request, response) => {
      const reply = await options.handle({
        path: readParameters(pathParameters, request.params),
        query: readParameters(
          queryParameters,
          options.openQuery ? pick(request.query, queryParameters) : request.query,
        ),
        body: request.body as unknown,
        principal: identify(request),
        language: negotiateLanguage(request),
        signal: whenGone(response),
        http: request,
      });
      if (!response.destroyed) await send(request, response, reply);
    },
  };
}

function pick(query: Request['query'], parameters: Parameters): Request['query'] {
  return Object.fromEntries(Object.entries(query).filter(([name]) => Object.hasOwn(parameters, name)));
}

function whenGone(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Mounts the routes in order; a path asked with a method that it lacks is 405 and says which it has. */
export function mount(app: Express, routes: readonly Route[]): void {
  for (const { method, path, handle } of routes) app[method](path, handle);
  for (const path of new Set(routes.map((each) => each.path))) {
    const methods = routes.filter((each) => each.path === path).map(({ method }) => method.toUpperCase());
    app.all(path, (request, response) => {
      response.set('allow', [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', '));
      throw new Problem('method-not-allowed', {
        vi: `${request.method} không dùng được ở đây; dùng ${methods.join(', ')}.`,
        en: `${request.method} is not possible here; use ${methods.join(', ')}.`,
      });
    });
  }
}

/** Express `/a/:b` -> OpenAPI `/a/{b}`. */
export function templateOf(path: string): string {
  return path.replace(/[:*](\w+)/g, '{$1}');
}
