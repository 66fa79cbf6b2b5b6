import type { Request, Response } from 'express';
import type { Principal } from '../../access/principal.ts';
import { Problem, type ProblemStatus, type Text } from '../../lib/errors.ts';
import { identify } from './identify.ts';
import { withParameters } from './links.ts';
import { asksForPage, type Language, negotiateLanguage } from './negotiate.ts';
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

type NoParameters = Record<never, never>;

/**
 * What an answer of one status holds: the media types of its body alone, or each with the schema of the body, and what
 * headers it has beside those of every answer. No media type: no body.
 */
export type Answer =
  | readonly string[]
  | {
      readonly content: Readonly<Record<string, Schema>>;
      readonly headers?: Readonly<Record<string, Text>>;
      readonly description?: Text;
    };

/** A body that is read. */
export interface Body {
  readonly required: boolean;
  readonly schema: Schema;
  /** Media types of the schema; absent: `application/json`. What else is JSON is read as well. */
  readonly types?: readonly string[];
}

/** One request, parsed: handlers see no raw text. */
export interface Incoming<P extends Parameters, Q extends Parameters, H extends Parameters = NoParameters> {
  readonly path: Values<P>;
  readonly query: Values<Q>;
  /** Of the headers, those that the route describes. */
  readonly headers: Values<H>;
  /** The parsed JSON body, not yet checked; undefined where there is none. */
  readonly body: unknown;
  readonly principal: Principal;
  readonly language: Language;
  /** Aborted when the client goes away before it is answered. */
  readonly signal: AbortSignal;
  /** Every route of the app. */
  readonly routes: readonly Route[];
  /** For what concerns HTTP only: negotiation, links. */
  readonly http: Request;
}

/** What a path names, and who asks for it. */
export type Named<P extends Parameters> = Pick<Incoming<P, NoParameters>, 'path' | 'principal'>;

/** An endpoint at its place: what Express mounts and what the OpenAPI document describes. */
export interface Route extends Endpoint<never> {
  readonly method: Method;
  /** Express path: `/collections/:collection/items`. */
  readonly path: string;
}

/**
 * All that there is at a path but the path and the method.
 * @typeParam Names of its path parameters
 */
export interface Endpoint<Names extends string> {
  /** Never there: an endpoint stands at no path with other parameters than its own. */
  readonly names?: (name: Names) => Names;
  readonly tag: string;
  readonly summary: Text;
  /** What a standard calls the operation, for clients to know it by: its operationId ends with it. */
  readonly role: string | undefined;
  readonly pathParameters: Parameters;
  readonly queryParameters: DescribedParameters;
  readonly headerParameters: Parameters;
  readonly body: Body | undefined;
  /** Every status that is no problem, and what it holds. */
  readonly responses: Readonly<Record<number, Answer>>;
  /** Every status of a problem that it can answer with, in order. */
  readonly problems: readonly number[];
  /** Media types in which it tells problems that are not the server's own fault; undefined: RFC 9457 (or a page). */
  readonly reportTypes: readonly string[] | undefined;
  /** Whether what the path names takes the method. @throws Problem for a path that names nothing */
  readonly isOffered: (request: Request) => boolean;
  /** @param routes every route of the app: links lead only to what is there, and `/api` describes it */
  readonly handle: (request: Request, response: Response, routes: readonly Route[]) => Promise<void>;
}

export interface EndpointOptions<P extends Parameters, Q extends Parameters, H extends Parameters> {
  readonly tag: string;
  readonly summary: Text;
  readonly role?: string;
  readonly pathParameters?: P;
  readonly queryParameters?: Q;
  /** By name, in small letters. */
  readonly headerParameters?: H;
  /**
   * The handler reads, or refuses, what else is in the query (`http.query`): names of fields, which only it knows. Of a route
   * that has a page: these names.
   */
  readonly openQuery?: boolean | ((named: Named<P>) => readonly string[]);
  /** Of an open query, what is known of it: for the OpenAPI document alone. */
  readonly describedQuery?: DescribedParameters;
  readonly body?: Body;
  /** A body that the handler reads by itself, or refuses: for the OpenAPI document alone. */
  readonly describedBody?: Body;
  readonly responses: Route['responses'];
  /**
   * Statuses of problems beyond {@link impliedProblems}. Absent: those of a question to the database
   * ({@link DATABASE_PROBLEMS}); a route that asks none says `[]`.
   */
  readonly problems?: readonly ProblemStatus[];
  readonly reportTypes?: readonly string[];
  /** Where not all that the path can name takes the method. @throws Problem not-found */
  readonly isOffered?: (named: Named<P>) => boolean;
  readonly handle: (incoming: Incoming<P, Q, H>) => Promise<Reply> | Reply;
}

/** The database is away or overloaded; the statement ran out of time. */
export const DATABASE_PROBLEMS = [503, 504] as const satisfies readonly ProblemStatus[];

/** Whether Accept chooses where it is not given. */
function isNegotiated(format: DescribedParameter | undefined): boolean {
  const choices = format?.schema.enum;
  return Array.isArray(choices) && choices.length > 1 && format?.schema.default === undefined;
}

/**
 * Problems that follow from what a route is: 400 for a query, path or body that is not as described, 404 where the path
 * names something, 406 where there is a choice of formats, 413 and 415 for bodies, 500 for faults of the server.
 */
function impliedProblems({
  pathParameters,
  queryParameters,
  body,
}: Pick<Route, 'pathParameters' | 'queryParameters' | 'body'>): ProblemStatus[] {
  return [
    400,
    ...(Object.keys(pathParameters).length ? [404 as const] : []),
    ...(isNegotiated(queryParameters.f) ? [406 as const] : []),
    ...(body ? [413 as const, 415 as const] : []),
    500,
  ];
}

/** An endpoint whose handler receives one typed request and returns one answer as a value. */
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
    problems: [...statuses].sort((a, b) => a - b),
    isOffered: (request) => {
      const path = readParameters(pathParameters, request.params);
      return options.isOffered?.({ path, principal: identify(request) }) ?? true;
    },
    handle: async (request, response, routes) => {
      if (body) requireType(request, body);
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
      if (!response.destroyed) await send(request, response, reply);
    },
  };
}

/**
 * Takes from the URL what a page does not know, so that its links have none of it: a link that people pass on gathers `fbclid`
 * and the like.
 */
function forgetOthers(request: Request, known: readonly string[]): void {
  const others = Object.keys(request.query).filter((name) => !known.includes(name));
  if (others.length === 0) return;
  const gone = Object.fromEntries(others.map((name) => [name, undefined]));
  request.url = withParameters(request.url, gone);
  request.originalUrl = withParameters(request.originalUrl, gone);
}

/** Media types of a body that is answered with a status. */
export function answerTypes(answer: Answer | undefined): string[] {
  return answer === undefined ? [] : 'content' in answer ? Object.keys(answer.content) : [...answer];
}

function pick(given: Readonly<Record<string, unknown>>, parameters: Parameters): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(parameters, name)));
}

/** Media types of a body. */
export function bodyTypes({ types = ['application/json'] }: Body): readonly string[] {
  return types;
}

/** @throws Problem unsupported-media-type for a body of another type; that there is none is for the handler to say */
function requireType(request: Request, body: Body): void {
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
