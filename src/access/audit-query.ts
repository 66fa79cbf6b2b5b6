import { all, type Query, raw, type Sql, sql } from '../database/sql.ts';

export type AuditAction = 'read' | 'create' | 'change' | 'delete';

/** An access to a layer. */
export interface AuditEntry {
  /** undefined: without a key. */
  readonly key: { readonly id: string; readonly agency: string; readonly purpose: string } | undefined;
  readonly action: AuditAction;
  readonly layer: string;
  /** undefined: several, as `request` says. */
  readonly feature: string | undefined;
  /** Method and URL, without the key. */
  readonly request: string;
  readonly requestId: string;
}

/** Longest text of a request in the record. */
const MAX_REQUEST = 4000;

export function insertAuditQuery(entries: readonly AuditEntry[]): Query {
  const rows = entries.map(({ key, requestId, request, ...entry }) => ({
    ...entry,
    key_id: key?.id,
    agency: key?.agency,
    purpose: key?.purpose,
    request: request.slice(0, MAX_REQUEST),
    request_id: requestId,
  }));
  return sql`INSERT INTO access.audit (key_id, agency, purpose, action, layer, feature, request, request_id)
    SELECT key_id, agency, purpose, action, layer, feature, request, request_id
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS entry(
      key_id text, agency text, purpose text, action text, layer text, feature text, request text, request_id text)`;
}

/** Conditions that all apply; undefined: any. */
export interface AuditFilter {
  readonly agency?: string | undefined;
  readonly key?: string | undefined;
  /** Id of a parcel. */
  readonly parcel?: string | undefined;
  /** ISO 8601. */
  readonly since?: string | undefined;
}

export interface AuditRow {
  readonly at: string;
  readonly key_id: string | null;
  readonly agency: string | null;
  readonly purpose: string | null;
  readonly action: AuditAction;
  readonly layer: string;
  readonly feature: string | null;
  readonly request: string;
  readonly request_id: string;
}

/**
 * Selects the newest rows of the record first. For a parcel these are its own and those of its right holders.
 * Accesses to several features of these layers are among them, since they may have shown it.
 */
export function auditQuery({ agency, key, parcel, since }: AuditFilter, most: number): Query {
  const conditions: Sql[] = [
    raw('TRUE'),
    ...(agency === undefined ? [] : [sql`strpos(lower(agency), lower(${agency})) > 0`]),
    ...(key === undefined ? [] : [sql`key_id = ${key}`]),
    ...(since === undefined ? [] : [sql`at >= ${since}::timestamptz`]),
    ...(parcel === undefined ? [] : [ofParcel(parcel)]),
  ];
  return sql`SELECT at, key_id, agency, purpose, action, layer, feature, request, request_id
    FROM access.audit WHERE ${all(conditions)} ORDER BY at DESC, id DESC LIMIT ${most}::int`;
}

function ofParcel(parcel: string): Sql {
  const holders = sql`SELECT id::text FROM land.right_holder WHERE parcel_id::text = ${parcel}`;
  return sql`(layer = 'land.parcel' AND (feature = ${parcel} OR feature IS NULL)
    OR layer = 'land.parcel_holder' AND (feature IS NULL OR feature IN (${holders})))`;
}
