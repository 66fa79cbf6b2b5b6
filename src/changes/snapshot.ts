/** The transactions that a statement could see. */
export interface Snapshot {
  /** Changes of all transactions before this one are visible. */
  readonly xmin: bigint;
  sees(xid: bigint): boolean;
}

/** @param text `pg_current_snapshot()` as text: xmin:xmax:xip,… */
export function readSnapshot(text: string): Snapshot {
  const [first = '0', end = '0', list = ''] = text.split(':');
  const [xmin, xmax] = [BigInt(first), BigInt(end)];
  const running = new Set(list ? list.split(',').map(BigInt) : []);
  return { xmin, sees: (xid) => xid < xmin || (xid < xmax && !running.has(xid)) };
}
