import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openEmbedded } from '../../src/database/embedded.ts';
import { checkpointIfDue } from '../../src/database/embedded-checkpoints.ts';
import { sql } from '../../src/database/sql.ts';

const folder = mkdtempSync(join(tmpdir(), 'diaba-test-checkpoints-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('writes a checkpoint once much has been logged, so that a start after a kill replays little', async () => {
  const db = await openEmbedded({ folder: join(folder, 'pg') });
  const logged = async () => {
    const [row] = await db.query<{ bytes: number }>(
      sql`SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 AS bytes FROM pg_control_checkpoint()`,
    );
    return row?.bytes;
  };
  await checkpointIfDue(db);
  expect(await checkpointIfDue(db)).toBe(false);
  await db.script('CREATE TABLE filled AS SELECT repeat(md5(g::text), 20) AS t FROM generate_series(1, 60000) AS g');
  expect(await logged()).toBeGreaterThan(32 * 2 ** 20);
  expect(await checkpointIfDue(db)).toBe(true);
  expect(await logged()).toBeLessThan(2 ** 20);
  await db.close();
});
