import { pino } from 'pino';
import { expect, it } from 'vitest';
import { ChangeFeed } from '../../src/changes/feed.ts';
import type { Database, Listener, Row } from '../../src/database/database.ts';

/** Returns a database with an empty log, and a proof of the given age. */
function databaseOf(proof: { ageMs: number }): Database {
  const query = async <R = Row>() => [{ xmin: '1', database: 'one', id: null }] as R[];
  const listener: Listener = { provenAt: () => performance.now() - proof.ageMs, query, stop: async () => {} };
  return { query, listen: async () => listener } as unknown as Database;
}

it('trusts what it has received for 2 s after the last proof, and no longer', async () => {
  const proof = { ageMs: 0 };
  const feed = await ChangeFeed.open(databaseOf(proof), pino({ level: 'silent' }));
  expect(feed.isCurrent()).toBe(true);
  proof.ageMs = 1900;
  expect(feed.isCurrent()).toBe(true);
  proof.ageMs = 2001;
  expect(feed.isCurrent()).toBe(false);
  await feed.close();
});
