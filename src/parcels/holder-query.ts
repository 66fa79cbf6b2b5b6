import type { Layer } from '../catalog/layer.ts';
import { relation } from '../catalog/relation.ts';
import { type Query, sql } from '../database/sql.ts';
import { MOST_HOLDERS } from './holder.ts';

/** Selects the right holders of a parcel among the rows of the layer. */
export function holdersQuery(layer: Layer, parcel: number): Query {
  return sql`SELECT id, holder_kind AS kind, holder_name AS name, certificate_no AS "certificateNo", since::text
    FROM ${relation(layer)} WHERE parcel_id = ${parcel}::bigint ORDER BY id LIMIT ${MOST_HOLDERS}::int`;
}

/**
 * Selects `{id, parcel}` of the right holders with a certificate.
 * @param certificate as the index of `land.right_holder` holds it: capitals and digits
 */
export function certificateQuery(layer: Layer, certificate: string): Query {
  return sql`SELECT id::text, parcel_id AS parcel FROM ${relation(layer)}
    WHERE upper(regexp_replace(certificate_no, '[^[:alnum:]]', '', 'g')) = ${certificate} ORDER BY id LIMIT ${MOST_HOLDERS}::int`;
}
