import type { Request, Response } from 'express';
import type { Principal } from '../../access/principal.ts';
import { type Language, Problem, type ProblemStatus, type Text } from '../../lib/errors.ts';
import { identify, recordReads } from './identify.ts';
import { withParameters } from './links.ts';
import { asksForPage, negotiateLanguage } from './negotiate.ts';
import {
  type DescribedParameter,
  type DescribedParameters,
  type Parameters,
  readParameters,
  type Values,
} from './parameters.ts';
import { type Reply, send } from './reply.ts';
import type { Schema } from './schema.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export type NoParameters = Record<never, never>;

/**
 * Content of an answer by status: the media types of its body, optionally with the body's schema, and its own headers.
 * Without a media type there is no body.
 */
export type Answer =
  | readonly string[]
  | {
      readonly content: Readonly<Record<string, Schema>>;
      readonly headers?: Readonly<Record<string, Text>>;
      readonly description?: Text;
    };

/** A request body. */
export interface Body {
  readonly required: boolean;
  readonly schema: Schema;
  /** Media types of the schema; absent: `application/json`. Other JSON types are read as well. */
  readonly types?: readonly string[];
}

/** One parsed request, so that handlers see no raw text. */
export interface Incoming<P extends Parameters, Q extends Parameters, H extends Parameters = NoParameters> {
  readonly path: Values<P>;
  readonly query: Values<Q>;
  /** Headers that the route describes. */
  readonly headers: Values<H>;
  /** The parsed JSON body, not yet validated; undefined without a body. */
  readonly body: unknown;
  readonly principal: Principal;
  readonly language: Language;
  /** Aborted when the client disconnects before the answer. */
  readonly signal: AbortSignal;
  /** Every route of the app. */
  readonly routes: readonly Route[];
  /** Only for negotiation and links. */
  readonly http: Request;
}

/** Parts of a request that do not depend on its parameters. */
export type AnyIncoming = Pick<Incoming<NoParameters, NoParameters>, 'principal' | 'language' | 'signal' | 'http'>;

/** Path parameters, and the principal. */
export type Named<P extends Parameters> = Pick<Incoming<P, NoParameters>, 'path' | 'principal'>;

/** An endpoint at its path, as mounted in Express and described in the OpenAPI document. */
export interface Route extends Endpoint<never> {
  readonly method: Method;
  /** Express path: `/collections/:collection/items`. */
  readonly path: string;
}

/**
 * A route without its path and method.
 * @typeParam Names of its path parameters
 */
export interface Endpoint<Names extends string> {
  /** Never set. It prevents an endpoint from being mounted at a path with other parameters. */
  readonly names?: (name: Names) => Names;
  readonly tag: string;
  readonly summary: Text;
  /** Name of the operation in a standard, by which clients recognize it: the operationId ends with it. */
  readonly role: string | undefined;
  readonly pathParameters: Parameters;
  readonly queryParameters: DescribedParameters;
  readonly headerParameters: Parameters;
  readonly body: Body | undefined;
  /** Content of every status that is no problem. */
  readonly responses: Readonly<Record<number, Answer>>;
  /** Statuses of all possible problems, in order. */
  readonly problems: readonly number[];
  /** Media types of problems that the client causes; undefined: RFC 9457 (or a page). */
  readonly reportTypes: readonly string[] | undefined;
  /** Points of a client that a request takes, beside the one of every request. */
  readonly cost: number;
  /**
   * Returns true if the resource at the path accepts the method.
   * @throws Problem if the path names nothing
   */
  readonly isOffered: (request: Request) => boolean;
  /** @param routes every route of the app, for links to existing paths and for `/api` */
  readonly handle: (request: Request, response: Response, routes: readonly Route[]) => Promise<void>;
}

export interface EndpointOptions<P extends Parameters, Q extends Parameters, H extends Parameters> {
  readonly tag: string;
  readonly summary: Text;
  readonly role?: string;
  readonly pathParameters?: P;
  readonly queryParameters?: Q;
  /** By name, in lower case. */
  readonly headerParameters?: H;
  /**
   * True if the handler reads, or refuses, the rest of the query (`http.query`), such as names of fields. A route with
   * a page lists the accepted names.
   */
  readonly openQuery?: boolean | ((named: Named<P>) => readonly string[]);
  /** Known parameters of an open query, for the OpenAPI document only. */
  readonly describedQuery?: DescribedParameters;
  readonly body?: Body;
  /** A body that the handler reads or refuses by itself, for the OpenAPI document only. */
  readonly describedBody?: Body;
  readonly responses: Route['responses'];
  /**
   * Statuses of problems in addition to {@link impliedProblems}. By default those of a database query ({@link
   * DATABASE_PROBLEMS}); a route without one sets `[]`.
   */
  readonly problems?: readonly ProblemStatus[];
  readonly reportTypes?: readonly string[];
  /** Points of a client that a request takes, beside the one of every request; absent: none. */
  readonly cost?: number;
  /**
   * Set if only some of the resources at the path accept the method.
   * @throws Problem not-found
   */
  readonly isOffered?: (named: Named<P>) => boolean;
  readonly handle: (incoming: Incoming<P, Q, H>) => Promise<Reply> | Reply;
}

/** The database is unreachable or overloaded, or the statement timed out. */
export const DATABASE_PROBLEMS = [503, 504] as const satisfies readonly ProblemStatus[];

/** Returns true if Accept decides in the absence of the parameter. */
function isNegotiated(format: DescribedParameter | undefined): boolean {
  const choices = format?.schema.enum;
  return Array.isArray(choices) && choices.length > 1 && format?.schema.default === undefined;
}

/**
 * Returns the problems implied by a route. 400: the query, path or body is not as described; 401: the API key; 404: the path names
 * nothing. 406: no acceptable format; 413 and 415: the body; 429: too many requests; 500: a fault of the server.
 */
function impliedProblems({
  pathParameters,
  queryParameters,
  body,
}: Pick<Route, 'pathParameters' | 'queryParameters' | 'body'>): ProblemStatus[] {
  return [
    400,
    401,
    ...(Object.keys(pathParameters).length ? [404 as const] : []),
    ...(isNegotiated(queryParameters.f) ? [406 as const] : []),
    ...(body ? [413 as const, 415 as const] : []),
    429,
    500,
  ];
}

/** Returns an endpoint whose handler receives one typed request and returns one answer as a value. */
export function endpoint<
  P extends Parameters = NoParameters,
  Q extends Parameters = NoParameters,
  H extends Parameters = NoParameters,
>(options: EndpointOptions<P, Q, H>): Endpoint<keyof P & string> {
  const pathParameters = options.pathParameters ?? ({} as P);
  const queryParameters = options.queryParameters ?? ({} as Q);
  const headerParameters = options.headerParameters ?? ({} as H);
  const { body, openQuery, problems = DATABASE_PROBLEMS } = options;
  const pageTypes = answerTypes(options.responses[200]);
  const statuses = new Set([...impliedProblems({ pathParameters, queryParameters, body }), ...problems]);
  return {
    tag: options.tag,
    summary: options.summary,
    role: options.role,
    pathParameters,
    queryParameters: { ...queryParameters, ...options.describedQuery },
    headerParameters,
    body: body ?? options.describedBody,
    responses: options.responses,
    reportTypes: options.reportTypes,
    cost: options.cost ?? 0,
    problems: [...statuses].sort((a, b) => a - b),
    isOffered: (request) => {
      const path = readParameters(pathParameters, request.params);
      return options.isOffered?.({ path, principal: identify(request) }) ?? true;
    },
    handle: async (request, response, routes) => {
      if (body) requireBodyType(request, body);
      const named = { path: readParameters(pathParameters, request.params), principal: identify(request) };
      if (openQuery !== true && asksForPage(request, pageTypes))
        forgetOthers(request, [...Object.keys(queryParameters), ...(openQuery ? openQuery(named) : [])]);
      const reply = await options.handle({
        ...named,
        query: readParameters(queryParameters, openQuery ? pick(request.query, queryParameters) : request.query),
        headers: readParameters(headerParameters, pick(request.headers, headerParameters)),
        body: request.body as unknown,
        language: negotiateLanguage(request),
        signal: whenGone(response),
        routes,
        http: request,
      });
      await recordReads(request);
      if (!response.destroyed) await send(request, response, reply);
    },
  };
}

/**
 * Removes unknown parameters from a page's URL, and thus from its links. A shared link gathers `fbclid` and the like.
 */
function forgetOthers(request: Request, known: readonly string[]): void {
  const others = Object.keys(request.query).filter((name) => !known.includes(name));
  if (others.length === 0) return;
  const gone = Object.fromEntries(others.map((name) => [name, undefined]));
  request.url = withParameters(request.url, gone);
  request.originalUrl = withParameters(request.originalUrl, gone);
}

/** Returns the media types of an answer's body. */
export function answerTypes(answer: Answer | undefined): string[] {
  return answer === undefined ? [] : 'content' in answer ? Object.keys(answer.content) : [...answer];
}

function pick(given: Readonly<Record<string, unknown>>, parameters: Parameters): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(parameters, name)));
}

/** Returns the media types of a body. */
export function bodyTypes({ types = ['application/json'] }: Body): readonly string[] {
  return types;
}

/**
 * Checks the media type of the body; the handler decides if a body is required.
 * @throws Problem unsupported-media-type
 */
function requireBodyType(request: Request, body: Body): void {
  const types = bodyTypes(body);
  if (request.is([...types, 'json', '+json']) !== false) return;
  throw new Problem('unsupported-media-type', {
    vi: `Nội dung yêu cầu phải có kiểu (Content-Type): ${types.join(', ')}.`,
    en: `The body must be of the media type (Content-Type): ${types.join(', ')}.`,
  });
}

function whenGone(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
