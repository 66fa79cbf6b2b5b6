import { DatabaseError, type Session } from '../../../database/database.ts';
import type { Query } from '../../../database/sql.ts';

/**
 * Runs a statement for all rows at once that the first bad value makes fail. Its careful form catches the error of each
 * row, which costs five times as much.
 * @returns false if it failed, and did nothing
 */
export async function succeeds(session: Session, query: Query): Promise<boolean> {
  await session.script('SAVEPOINT import_quick');
  try {
    await session.query(query);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await session.script('ROLLBACK TO SAVEPOINT import_quick; RELEASE SAVEPOINT import_quick');
    return false;
  }
  await session.script('RELEASE SAVEPOINT import_quick');
  return true;
}
