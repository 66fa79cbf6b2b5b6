import type { Request } from 'express';
import type { Principal } from '../../access/principal.ts';
import type { PageStarts } from '../../features/page-starts.ts';
import type { Services } from '../../services.ts';

/** The principal, and the base of the answer's own URLs. */
export interface Asker {
  readonly services: Services;
  readonly starts: PageStarts;
  readonly principal: Principal;
  readonly signal: AbortSignal;
  readonly base: string;
  /** For the record of accesses. */
  readonly http: Request;
  /** True if ids contain versions: `ids=versioned` in the URL, even for POST. */
  readonly isVersioned: boolean;
  /** Returns the URL of this page with other values; undefined for POST, which has none. */
  readonly pageUrl: ((values: Readonly<Record<string, string | undefined>>) => string) | undefined;
}
