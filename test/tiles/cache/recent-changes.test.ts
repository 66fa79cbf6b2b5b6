import { expect, it } from 'vitest';
import { RecentChanges } from '../../../src/tiles/cache/recent-changes.ts';
import { readSnapshot } from '../../../src/tiles/cache/snapshot.ts';

const TILE = { z: 0, x: 0, y: 0 };

it('reads snapshots as PostgreSQL writes them', () => {
  const isSeen = readSnapshot('10:20:12,18446744073709551000');
  expect([9n, 10n, 12n, 19n, 20n].map(isSeen)).toEqual([true, true, false, true, false]);
  expect(readSnapshot('5:5:')(5n)).toBe(false);
});

it('knows a tile that was made without a change that has been told since', () => {
  const recent = new RecentChanges(1000);
  recent.add({ id: 1, xid: 15n, layer: 'a', areas: null });
  const isOutdated = (snapshot: string, layer = 'a') => recent.isOutdated(snapshot, new Set([layer]), TILE);
  expect(isOutdated('10:20:15')).toBe(true);
  expect(isOutdated('10:20:11')).toBe(false);
  expect(isOutdated('10:12:')).toBe(true);
  expect(isOutdated('10:12:', 'b')).toBe(false);
});
