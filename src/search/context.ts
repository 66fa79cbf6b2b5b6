import type { Database } from '../database/database.ts';
import type { Parcels } from '../parcels/parcels.ts';

/** The services that answers need. */
export interface SearchContext {
  readonly db: Database;
  readonly parcels: Parcels;
  /** SRID of the province's VN-2000 zone. */
  readonly homeSrid: number;
}
