import { expect, it } from 'vitest';
import { RecentChanges } from '../../src/changes/recent-changes.ts';
import { readSnapshot } from '../../src/changes/snapshot.ts';

const TILE = { z: 0, x: 0, y: 0 };

it('reads snapshots as PostgreSQL writes them', () => {
  const { xmin, sees } = readSnapshot('10:20:12,18446744073709551000');
  expect(xmin).toBe(10n);
  expect([9n, 10n, 12n, 19n, 20n].map(sees)).toEqual([true, true, false, true, false]);
  expect(readSnapshot('5:5:').sees(5n)).toBe(false);
});

it('knows a tile that was rendered without a change announced since', () => {
  const recent = new RecentChanges(1000);
  recent.add({ id: 1, xid: 15n, layer: 'a', areas: null });
  const isOutdated = (snapshot: string, layer = 'a') => recent.isOutdated(snapshot, new Set([layer]), TILE);
  expect(isOutdated('10:20:15')).toBe(true);
  expect(isOutdated('10:20:11')).toBe(false);
  expect(isOutdated('10:12:')).toBe(true);
  expect(isOutdated('10:12:', 'b')).toBe(false);
});

it('knows of a transaction that was long and is announced late', () => {
  const recent = new RecentChanges(1000);
  const tell = (xid: bigint, layer: string) => recent.add({ id: Number(xid), xid, layer, areas: null });
  for (const xid of [30n, 12n, 31n, 40n]) tell(xid, xid === 12n ? 'a' : 'b');
  const isOutdated = (snapshot: string) => recent.isOutdated(snapshot, new Set(['a']), TILE);
  expect([isOutdated('12:32:12'), isOutdated('12:41:12'), isOutdated('13:41:'), isOutdated('41:41:')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('takes for outdated what is older than all that it remembers', () => {
  const recent = new RecentChanges(1000, 4);
  recent.raiseFloor(7n);
  const isOutdated = (snapshot: string) => recent.isOutdated(snapshot, new Set(['a']), TILE);
  expect([isOutdated('7:7:'), isOutdated('8:8:')]).toEqual([true, false]);
  for (const xid of [10n, 11n, 12n, 13n, 14n]) recent.add({ id: Number(xid), xid, layer: 'b', areas: null });
  // The two oldest are forgotten, and with them the layers that they changed.
  expect([isOutdated('11:11:'), isOutdated('12:12:')]).toEqual([true, false]);
  recent.add({ id: 20, xid: 20n, layer: 'b', areas: null }, Date.now() + 10_000);
  expect([isOutdated('14:14:'), isOutdated('15:15:')]).toEqual([true, false]);
});
