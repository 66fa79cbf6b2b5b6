import { type Query, raw, type Sql, sql } from '../database/sql.ts';
import { type KeyScope, writeUnit } from './scope.ts';

/** A row of `access.key` as it is read, without its digest. */
export interface KeyRow {
  readonly id: string;
  readonly agency: string;
  readonly contact: string;
  readonly purpose: string;
  readonly databases: readonly string[];
  readonly layers: readonly string[];
  /** `code@YYYY-MM-DD`. */
  readonly units: readonly string[];
  readonly operations: KeyScope['operations'];
  readonly created_at: string;
  readonly expires_at: string;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}

const COLUMNS: Sql = raw(
  'id, agency, contact, purpose, databases, layers, units, operations, created_at, expires_at, revoked_at, last_used_at',
);

/** Selects every key, newest first: {@link KeyRow} and `hash` in hexadecimal. */
export function keysQuery(): Query {
  return sql`SELECT ${COLUMNS}, encode(hash, 'hex') AS hash FROM access.key ORDER BY created_at DESC, id`;
}

/** A key to store: its digest in hexadecimal, its holder, and its scope. */
export interface KeyGrant extends KeyScope {
  readonly id: string;
  readonly hash: string;
  readonly agency: string;
  readonly contact: string;
  readonly purpose: string;
  readonly days: number;
}

export function insertKeyQuery({ id, hash, agency, contact, purpose, days, ...scope }: KeyGrant): Query {
  return sql`INSERT INTO access.key (id, hash, agency, contact, purpose, databases, layers, units, operations, expires_at)
    VALUES (${id}, decode(${hash}, 'hex'), ${agency}, ${contact}, ${purpose}, ${scope.databases}::text[], ${scope.layers}::text[],
      ${scope.units.map(writeUnit)}::text[], ${scope.operations}::text[], now() + make_interval(days => ${days}::int))
    RETURNING ${COLUMNS}`;
}

/** Revokes a key that is not yet revoked: its id, or none. */
export function revokeKeyQuery(id: string): Query {
  return sql`UPDATE access.key SET revoked_at = now() WHERE id = ${id} AND revoked_at IS NULL RETURNING id`;
}

/** Selects `{code, valid_from}` of the communes of these codes that are in force. */
export function presentCommunesQuery(codes: readonly string[]): Query {
  return sql`SELECT code, valid_from::text FROM base.unit
    WHERE code = ANY (${codes}::text[]) AND level = 'commune' AND valid_to IS NULL ORDER BY code`;
}

export function usedQuery(id: string): Query {
  return sql`UPDATE access.key SET last_used_at = now() WHERE id = ${id}`;
}
