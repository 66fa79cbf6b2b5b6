/** Keys of tests, and the restricted rows that they may or may not see. */
import { createApiKey, hashApiKey } from '../../../src/access/api-key.ts';
import { insertKeyQuery, type KeyGrant } from '../../../src/access/key-query.ts';
import type { Database } from '../../../src/database/database.ts';
import { sql } from '../../../src/database/sql.ts';
import type { TestApp } from '../app.ts';

export interface GivenKey {
  readonly id: string;
  readonly text: string;
}

/** Stores a key. The server knows it once {@link known} has ended. */
export async function giveKey(db: Database, grant: Partial<KeyGrant> = {}): Promise<GivenKey> {
  const key = createApiKey();
  const scope = { databases: [], layers: [], units: [], operations: ['read'] as const };
  const holder = { agency: 'Chi cục Thuế', contact: 'a@b.vn', purpose: 'thu thuế đất', days: 30 };
  await db.query(insertKeyQuery({ ...scope, ...holder, ...grant, id: key.id, hash: hashApiKey(key.text) }));
  return key;
}

export function known({ services }: TestApp): Promise<void> {
  return services.keys.refresh();
}

/** A restricted table with two rows, each in a commune of its own, and a public one with a personal column. */
export const RESTRICTED_TABLES = `CREATE SCHEMA odd;
  CREATE TABLE odd.secret (id int PRIMARY KEY, unit_code text, unit_valid_from date, name text, geom geometry(Point, 9210));
  INSERT INTO odd.secret VALUES
    (1, '11111', '2025-07-01', 'zebrafinch', ST_SetSRID(ST_Point(600000, 1220000), 9210)),
    (2, '22222', '2025-07-01', 'nighthawk', ST_SetSRID(ST_Point(601000, 1221000), 9210));
  CREATE TABLE odd.open (id int PRIMARY KEY, unit_code text, unit_valid_from date, cccd text, geom geometry(Point, 9210));
  INSERT INTO odd.open VALUES
    (1, '11111', '2025-07-01', 'kingfisher', ST_SetSRID(ST_Point(600000, 1220000), 9210)),
    (2, '22222', '2025-07-01', 'kingfisher', ST_SetSRID(ST_Point(601000, 1221000), 9210));
  INSERT INTO access.restricted_layer VALUES ('odd.secret', 'a test');`;

/** Texts of rows and columns that only keys see. */
export const SECRETS = /zebrafinch|nighthawk|kingfisher|cccd|odd[.%2Ee]*secret/i;

export const SECOND_UNIT = [{ code: '22222', validFrom: '2025-07-01' }];

export interface AuditLine {
  readonly key_id: string | null;
  readonly action: string;
  readonly layer: string;
  readonly feature: string | null;
  readonly purpose: string | null;
  readonly request: string;
  readonly request_id: string;
}

/** Returns the record, oldest first. */
export function audited(db: Database): Promise<AuditLine[]> {
  return db.query(
    sql`SELECT key_id, action, layer, feature, purpose, request, request_id FROM access.audit ORDER BY id`,
  );
}
