import type { KeyScope } from './scope.ts';

/** The client of a request. Caches are keyed by `accessClass`, never by the person. */
export interface Principal {
  /** `public`, or the digest of the scope. */
  readonly accessClass: string;
  /** undefined: what the public sees. */
  readonly scope: KeyScope | undefined;
  /** Called with the id of each layer of which this principal may receive more than the public. */
  readonly onAccess?: ((layer: string) => void) | undefined;
}

export const PUBLIC: Principal = Object.freeze({ accessClass: 'public', scope: undefined });
