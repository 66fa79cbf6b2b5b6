import { type Query, sql } from '../../database/sql.ts';

/** Prices of one run: the communes of a route have some thousand streets, of three uses each. */
export const MOST_PRICES = 100_000;

/** A price that is in force. */
export interface PriceRow {
  readonly document: string;
  readonly useCode: string;
  /** Null: everywhere. */
  readonly unitCode: string | null;
  /** Null: a price of a region. */
  readonly street: string | null;
  readonly fromPlace: string | null;
  readonly toPlace: string | null;
  readonly region: string | null;
  readonly position: number | null;
  readonly thousandVndM2: number;
  readonly isChecked: boolean;
}

const IS_IN_FORCE = sql`valid_from <= environment.local_time(now())::date AND (valid_to IS NULL OR valid_to > environment.local_time(now())::date)`;

/** Tells if a price table is in force: `{isLoaded}`. */
export function isPricedQuery(): Query {
  return sql`SELECT EXISTS (SELECT FROM land.land_price WHERE ${IS_IN_FORCE}) AS "isLoaded"`;
}

/** Selects the prices in force in some communes, the latest of each place: {@link MOST_PRICES} + 1 rows at most. */
export function pricesQuery(units: readonly string[]): Query {
  return sql`
    SELECT DISTINCT ON (use_code, unit_code, street, from_place, to_place, region, position)
      document, use_code AS "useCode", unit_code AS "unitCode", street, from_place AS "fromPlace", to_place AS "toPlace",
      region, position, thousand_vnd_m2::float8 AS "thousandVndM2", status = 'checked' AS "isChecked"
    FROM land.land_price WHERE ${IS_IN_FORCE} AND (unit_code IS NULL OR unit_code = ANY(${units}::text[]))
    ORDER BY use_code, unit_code, street, from_place, to_place, region, position, valid_from DESC, id DESC LIMIT ${MOST_PRICES + 1}::int`;
}

/** Selects the use above each use: `{code, parent}`. */
export function parentUsesQuery(): Query {
  return sql`SELECT code, parent_code AS parent FROM land.land_use_type`;
}
