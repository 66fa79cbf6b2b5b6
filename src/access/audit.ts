import type { Database, Session } from '../database/database.ts';
import { isForbidden } from '../database/sqlstate.ts';
import { Problem } from '../lib/errors.ts';
import { type AuditEntry, type AuditFilter, type AuditRow, auditQuery, insertAuditQuery } from './audit-query.ts';

/** Most rows of a list. */
export const MAX_AUDIT_ROWS = 100_000;

/**
 * Adds rows to the record, in the transaction of the session if it has one.
 * @throws Problem forbidden if the role may not add any: then nothing may be read or changed either
 */
export async function recordAccesses(session: Pick<Session, 'query'>, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  try {
    await session.query(insertAuditQuery(entries));
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new Problem('forbidden', {
      vi: 'Máy chủ không có quyền ghi nhật ký (access.audit), nên không cho đọc dữ liệu hạn chế và không cho sửa.',
      en: 'The server has no right to add to the record (access.audit), so it neither gives restricted data nor edits.',
    });
  }
}

/** Lists the record, newest first, at most {@link MAX_AUDIT_ROWS}. */
export function listAudit(db: Database, filter: AuditFilter): Promise<AuditRow[]> {
  return db.query<AuditRow>(auditQuery(filter, MAX_AUDIT_ROWS));
}
