import type { Database, QueryOptions } from '../../database/database.ts';
import { tooMuch } from '../source/source-check.ts';
import { isPricedQuery, MOST_PRICES, type PriceRow, parentUsesQuery, pricesQuery } from './price-query.ts';
import { PriceTable } from './valuation.ts';

/**
 * Returns the prices in force in some communes; null if no price table is loaded at all.
 * @param units their codes
 * @throws Problem too-much
 */
export async function loadPrices(
  db: Database,
  units: readonly string[],
  options: QueryOptions,
): Promise<PriceTable | null> {
  const [row] = await db.query<{ isLoaded: boolean }>(isPricedQuery(), options);
  if (!row?.isLoaded) return null;
  const prices = await db.query<PriceRow>(pricesQuery(units), options);
  if (prices.length > MOST_PRICES) throw tooManyPrices();
  const uses = await db.query<{ code: string; parent: string | null }>(parentUsesQuery(), options);
  return new PriceTable(prices, uses);
}

function tooManyPrices() {
  return tooMuch(
    {
      vi: `Bảng giá có hơn ${MOST_PRICES} dòng ở các đơn vị của tuyến`,
      en: `The price table has more than ${MOST_PRICES} rows in the communes of the route`,
    },
    { vi: `${MOST_PRICES}. Hãy chia tuyến.`, en: `${MOST_PRICES}. Split the line.` },
  );
}
