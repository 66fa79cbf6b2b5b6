/**
 * What tells whether a transaction's changes are seen by a snapshot.
 * @param snapshot `pg_current_snapshot()` as text: xmin:xmax:xip,…
 */
export function readSnapshot(snapshot: string): (xid: bigint) => boolean {
  const [first = '0', end = '0', list = ''] = snapshot.split(':');
  const [xmin, xmax] = [BigInt(first), BigInt(end)];
  const running = new Set(list ? list.split(',').map(BigInt) : []);
  return (xid) => xid < xmin || (xid < xmax && !running.has(xid));
}
