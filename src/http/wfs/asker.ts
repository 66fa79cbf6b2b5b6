import type { Principal } from '../../access/principal.ts';
import type { PageStarts } from '../../features/page-starts.ts';
import type { Services } from '../../services.ts';
import type { Shapefiles } from './shapefile-reply.ts';

/** Who asks, and how the answer's own URLs begin. */
export interface Asker {
  readonly services: Services;
  readonly starts: PageStarts;
  readonly shapefiles: Shapefiles;
  readonly principal: Principal;
  readonly signal: AbortSignal;
  readonly base: string;
  /** Whether ids are to tell versions: `ids=versioned` in the URL, also of what is posted. */
  readonly isVersioned: boolean;
  /** The URL of this page with other values; undefined: it was posted, and has none. */
  readonly pageUrl: ((values: Readonly<Record<string, string | undefined>>) => string) | undefined;
}
