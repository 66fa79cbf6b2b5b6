import { Random } from '../src/sample/random.ts';
import { withClient } from './databases.ts';

const SEED = 1836;

/** A parcel, and what somebody knows who looks for it. */
export interface KnownParcel {
  readonly id: number;
  readonly unit: string;
  readonly sheet: string;
  readonly number: number;
  /** A point inside, degrees. */
  readonly lon: number;
  readonly lat: number;
}

/** Parcels at random, the same for the same seed and province. */
export function pickParcels(url: string, count: number): Promise<KnownParcel[]> {
  const random = new Random(SEED);
  return withClient(url, async (client) => {
    const { rows } = await client.query('SELECT min(id)::float8 AS first, max(id)::float8 AS last FROM land.parcel');
    const ids = Array.from({ length: count }, () => random.integer(rows[0].first, rows[0].last));
    const picked = await client.query<KnownParcel>(
      `SELECT id::float8, unit_code AS unit, sheet, number, ST_X(inside) AS lon, ST_Y(inside) AS lat
       FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (id, place) JOIN land.parcel USING (id)
       CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(geom), 4326) AS inside) AS point
       ORDER BY place`,
      [ids],
    );
    return picked.rows;
  });
}
