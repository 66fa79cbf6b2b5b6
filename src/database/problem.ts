import { Problem, type Text } from '../lib/errors.ts';
import type { DatabaseError } from './database.ts';
import { isCancelled, isDamaged, isDiskFull, isFault, isUnreachable } from './sqlstate.ts';

/** Returns the problem for any client; undefined if it depends on the query. */
export function databaseProblem(error: unknown): Problem | undefined {
  if (isCancelled(error)) {
    return new Problem('timeout', {
      vi: 'Truy vấn mất quá nhiều thời gian và đã bị dừng. Hãy thu hẹp phạm vi.',
      en: 'The question took too long and was stopped. Narrow it.',
    });
  }
  if (isFault(error)) return new Problem(isDiskFull(error) ? 'disk-full' : 'damaged-data', reasonOf(error));
  if (!isUnreachable(error)) return undefined;
  return new Problem('overloaded', {
    vi: 'Cơ sở dữ liệu không trả lời hoặc đang quá tải. Hãy thử lại sau.',
    en: 'The database does not answer or is overloaded. Try again later.',
  });
}

/** Returns the reason of a disk fault for clients. */
export function reasonOf(error: DatabaseError): Text {
  if (isDiskFull(error)) {
    return {
      vi: 'Đĩa của cơ sở dữ liệu đã đầy: không ghi được gì nữa. Hãy giải phóng dung lượng.',
      en: 'The disk of the database is full: nothing can be written. Free some of it.',
    };
  }
  if (isDamaged(error)) {
    return {
      vi: 'Một bảng hoặc chỉ mục của cơ sở dữ liệu bị hỏng trên đĩa. Hãy phục hồi từ bản sao lưu; nhật ký ghi rõ chỗ hỏng.',
      en: 'A table or an index of the database is damaged on the disk. Restore it from a backup; the log says which.',
    };
  }
  return {
    vi: 'Cơ sở dữ liệu không đọc hoặc ghi được tệp trên đĩa. Nhật ký ghi rõ tệp nào.',
    en: 'The database cannot read or write a file on its disk. The log says which.',
  };
}
