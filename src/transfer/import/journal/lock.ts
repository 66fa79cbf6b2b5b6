import type { Session } from '../../../database/database.ts';
import { sql } from '../../../database/sql.ts';

/** An arbitrary number for the locks of imports. */
const LOCK = 0x69_6d_70;

/** Waits until no other import writes to the layer. The lock ends with the transaction, also with that of a killed process. */
export async function lockLayer(session: Session, layer: string, onWait: () => void): Promise<void> {
  const [row] = await session.query<{ free: boolean }>(
    sql`SELECT pg_try_advisory_xact_lock(${LOCK}::int, hashtext(${layer})) AS free`,
  );
  if (row?.free) return;
  onWait();
  await session.query(sql`SELECT pg_advisory_xact_lock(${LOCK}::int, hashtext(${layer}))`);
}
