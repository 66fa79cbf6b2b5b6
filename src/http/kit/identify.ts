import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { AuditAction, AuditEntry } from '../../access/audit-query.ts';
import { type HeldKey, type KeyRing, principalOf } from '../../access/key-ring.ts';
import { type OnAccess, type Principal, PUBLIC } from '../../access/principal.ts';
import { takeKey } from './credentials.ts';

/** A request with a key, as the record of accesses knows it. */
interface ClientRequest {
  readonly principal: Principal;
  readonly key: HeldKey;
  /**
   * Layers of which more than the public sees was asked for, and not yet recorded; of each the features that were given.
   * undefined among them: any, as the URL says.
   */
  readonly pending: Map<string, Set<string | undefined>>;
  readonly record: (entries: readonly AuditEntry[]) => Promise<void>;
}

const visits = new WeakMap<Request, ClientRequest>();
const requestIds = new WeakMap<Request, string>();

/** Returns the principal of a request. */
export function identify(request: Request): Principal {
  return visits.get(request)?.principal ?? PUBLIC;
}

/** Returns the id of the key of a request; undefined without one. */
export function keyIdOf(request: Request): string | undefined {
  return visits.get(request)?.key.id;
}

/** Returns who asks, as the history names them: `key:<id>`, or `public`. */
export function authorOf(request: Request): string {
  const id = keyIdOf(request);
  return id === undefined ? 'public' : `key:${id}`;
}

interface Identification {
  readonly keys: Pick<KeyRing, 'require'>;
  /** Writes to the record of accesses. */
  readonly record: (entries: readonly AuditEntry[]) => Promise<void>;
}

/**
 * Returns the first handler of the app. It takes the key out of the request, and the request gets its principal.
 * @throws Problem unauthorized
 */
export function identifyClients({ keys, record }: Identification): RequestHandler {
  return (request, response, next) => {
    const text = takeKey(request);
    if (text === undefined) return next();
    keepPrivate(response);
    const key = keys.require(text);
    const pending: ClientRequest['pending'] = new Map();
    const onAccess: OnAccess = (layer, features) => {
      const given = features?.length ? features : [undefined];
      pending.set(layer, new Set([...(pending.get(layer) ?? []), ...given]));
    };
    const principal = { ...principalOf(key), onAccess };
    visits.set(request, { principal, key, pending, record });
    next();
  };
}

/** Records the restricted layers that the request was given. It ends before the answer begins. */
export async function recordReads(request: Request): Promise<void> {
  const visit = visits.get(request);
  if (!visit?.pending.size) return;
  const given = [...visit.pending].flatMap(([layer, features]) => [...features].map((feature) => ({ layer, feature })));
  visit.pending.clear();
  const { feature: named } = request.params;
  await visit.record(
    given.map(({ layer, feature }) =>
      auditEntry(request, { action: 'read', layer, feature: feature ?? named?.toString() }),
    ),
  );
}

/** One access of a request. */
export interface Access {
  readonly action: AuditAction;
  readonly layer: string;
  readonly feature: string | undefined;
}

/** Returns a row of the record for a request. A change includes that its layer was read. */
export function auditEntry(request: Request, access: Access): AuditEntry {
  const visit = visits.get(request);
  visit?.pending.delete(access.layer);
  const { method, originalUrl } = request;
  return {
    ...access,
    key: visit?.key,
    request: `${method} ${originalUrl}`,
    requestId: requestIdOf(request),
  };
}

/** Returns the client's `X-Request-Id` if it is usable, else one that is the same for the whole request. */
function requestIdOf(request: Request): string {
  const given = request.get('x-request-id');
  if (given !== undefined && /^[\w.:-]{1,64}$/.test(given)) return given;
  const id = requestIds.get(request) ?? randomUUID();
  requestIds.set(request, id);
  return id;
}

/**
 * Answers to a key must not be stored by shared caches, nor its URL be sent to other sites. Every way of sending ends in
 * `writeHead`.
 */
function keepPrivate(response: Response): void {
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => Response;
  response.writeHead = ((...given: unknown[]) => {
    const sent = given.map((part) => (Array.isArray(part) ? privateList(part) : part));
    if (response.getHeader('cache-control') !== 'no-store') response.setHeader('cache-control', PRIVATE);
    response.setHeader('referrer-policy', 'no-referrer');
    return writeHead(...sent);
  }) as typeof response.writeHead;
}

const PRIVATE = 'private, no-cache';

/** Replaces the lifetime in alternating names and values. */
function privateList(headers: readonly unknown[]): unknown[] {
  return headers.map((each, index) => (/^cache-control$/i.test(String(headers[index - 1])) ? PRIVATE : each));
}
