import type { Database, Session } from '../database/database.ts';
import { DatabaseError } from '../database/database.ts';
import { ident, sql } from '../database/sql.ts';
import { isEmptyView, isForbidden, isForeignFailure, isUnreachable, timeoutError } from '../database/sqlstate.ts';
import type { GeometryColumn } from '../geometry/column.ts';
import type { Text } from '../lib/errors.ts';
import type { SkippedLayer } from './layer.ts';
import type { RelationRow } from './relation-row.ts';

/** Timeout for the first row of a foreign table or a view, in milliseconds. */
const FIRST_ROW_MS = 10_000;

export const NO_GEOMETRY: Text = { vi: 'không có cột hình học', en: 'no geometry column' };
const NOT_FILLED: Text = {
  vi: 'chưa có dữ liệu; chạy REFRESH MATERIALIZED VIEW',
  en: 'it holds no data yet; run REFRESH MATERIALIZED VIEW',
};

/** Returns the reason in its definition why a relation cannot be read; undefined if there is none. */
export function relationFault({ schema, usable, readable, filled }: RelationRow): Text | undefined {
  if (!usable)
    return { vi: `không có quyền USAGE trên schema "${schema}"`, en: `no right of USAGE on schema "${schema}"` };
  if (!readable) return { vi: 'không có quyền đọc (SELECT)', en: 'no right to read it (SELECT)' };
  return filled ? undefined : NOT_FILLED;
}

/** Returns true if its rows are computed or remote, so that only reading shows if they can be read. */
export function isComputed({ kind, foreign }: RelationRow): boolean {
  return kind === 'v' || kind === 'm' || foreign;
}

/** @throws DatabaseError if its first row cannot be read, or is not there in time */
export async function readOneRow(db: Database, { schema, table }: RelationRow): Promise<void> {
  const rows = db.query(sql`SELECT * FROM ${ident(schema, table)} LIMIT 1`, {
    signal: AbortSignal.timeout(FIRST_ROW_MS),
  });
  let timer: NodeJS.Timeout | undefined;
  // A wrapper that waits for its server does not react to a cancellation.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), 1.2 * FIRST_ROW_MS);
  });
  await Promise.race([rows, late]).finally(() => clearTimeout(timer));
}

function tooSlow(): DatabaseError {
  return timeoutError(`no row within ${FIRST_ROW_MS / 1000} s`);
}

/** Returns the reason why coordinates of a CRS cannot be shown; undefined if they can. */
export async function systemFault(db: Session, { column, srid }: GeometryColumn): Promise<Text | undefined> {
  if (srid === 0) {
    return {
      vi: `cột ${column} không ghi hệ tọa độ (SRID 0); đặt bằng UpdateGeometrySRID`,
      en: `column ${column} has no coordinate system (SRID 0); set it with UpdateGeometrySRID`,
    };
  }
  const [row] = await db.query<{ known: boolean }>(sql`SELECT catalog.can_transform(${srid}::int) AS known`);
  if (row?.known) return undefined;
  return {
    vi: `hệ tọa độ của cột ${column} (SRID ${srid}) không có trong spatial_ref_sys, hoặc proj4text ở đó không đúng`,
    en: `the coordinate system of column ${column} (SRID ${srid}) is not in spatial_ref_sys, or its proj4text there is wrong`,
  };
}

/**
 * Describes a relation that cannot be read, since it must not prevent other layers from being served.
 * @throws errors that are not the relation's own
 */
export function unreadable({ schema, table }: RelationRow, error: unknown): SkippedLayer {
  if (!(error instanceof DatabaseError) || isUnreachable(error)) throw error;
  return { id: `${schema}.${table}`, reason: explainUnreadable(error), mayRecover: true };
}

function explainUnreadable(error: DatabaseError): Text {
  const { message } = error;
  if (isForbidden(error))
    return {
      vi: `không có quyền đọc nơi lấy dữ liệu (${message})`,
      en: `no right to read what it is made from (${message})`,
    };
  if (isEmptyView(error))
    return { vi: `lấy từ nơi chưa có dữ liệu (${message})`, en: `made from what holds no data yet (${message})` };
  if (isForeignFailure(error))
    return {
      vi: `nguồn ngoài (foreign table) không đọc được (${message})`,
      en: `its foreign server cannot be read (${message})`,
    };
  return { vi: `không đọc được (${message})`, en: `cannot be read (${message})` };
}
