import type { KeyScope } from './scope.ts';

/** @param features those that are given; undefined: any, as the request says */
export type OnAccess = (layer: string, features?: readonly string[]) => void;

/** The client of a request. Caches are keyed by `accessClass`, never by the person. */
export interface Principal {
  /** `public`, or the digest of the scope. */
  readonly accessClass: string;
  /** undefined: what the public sees. */
  readonly scope: KeyScope | undefined;
  /** Id of the key, to which jobs belong, and no part of a cache key. undefined: without a key. */
  readonly keyId?: string;
  /** Called with the id of each layer of which this principal may receive more than the public. */
  readonly onAccess?: OnAccess | undefined;
}

export const PUBLIC: Principal = Object.freeze({ accessClass: 'public', scope: undefined });
