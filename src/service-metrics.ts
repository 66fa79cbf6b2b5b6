import { type Sql, sql } from './database/sql.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Services } from './services.ts';

/** Adds the figures of the services. Those of the database take three short queries. */
export function addServiceMetrics(metrics: Metrics, services: Services): void {
  addTileMetrics(metrics, services);
  addDatabaseMetrics(metrics, services);
  addWorkMetrics(metrics, services);
}

function addTileMetrics(metrics: Metrics, { cachedTiles }: Services): void {
  metrics.addGauge({
    name: 'diaba_tile_cache_bytes',
    help: 'Bytes of the cached tiles',
    read: () => cachedTiles.held.bytes,
  });
  metrics.addGauge({
    name: 'diaba_tile_cache_tiles',
    help: 'Number of the cached tiles',
    read: () => cachedTiles.held.tiles,
  });
  metrics.addCounter({
    name: 'diaba_tile_cache_requests_total',
    help: 'Requests for tiles, by whether the cache had them',
    labels: ['outcome'],
    read: () => Object.entries(cachedTiles.requests).map(([outcome, value]) => ({ labels: { outcome }, value })),
  });
  metrics.addGauge({
    name: 'diaba_changes_current',
    help: '1 while every change of the data is received promptly, so that tiles are cached',
    ofAll: 'min',
    read: () => Number(cachedTiles.isCurrent),
  });
}

function addDatabaseMetrics(metrics: Metrics, { db, faults }: Services): void {
  metrics.addGauge({
    name: 'diaba_database_answering',
    help: '1 while the database answers',
    ofAll: 'min',
    read: () => Number(db.state().isAnswering),
  });
  metrics.addGauge({
    name: 'diaba_database_connections',
    help: 'Connections by pool: open, busy, and requests that wait for one',
    labels: ['pool', 'state'],
    read: () =>
      db
        .load()
        .flatMap(({ pool, ...states }) =>
          Object.entries(states).map(([state, value]) => ({ labels: { pool, state }, value })),
        ),
  });
  metrics.addGauge({
    name: 'diaba_faults',
    help: 'Faults that only the operator can repair',
    labels: ['code'],
    read: () => faults.list().map(({ code }) => ({ labels: { code }, value: 1 })),
  });
}

function addWorkMetrics(metrics: Metrics, { db, rates, largePages }: Services): void {
  metrics.addGauge({
    name: 'diaba_large_pages_waiting',
    help: 'Pages of many rows that wait for their turn',
    read: () => largePages.waiting,
  });
  if (rates)
    metrics.addCounter({
      name: 'diaba_requests_refused_total',
      help: 'Requests of clients that had spent their points',
      read: () => rates.refused,
    });
  metrics.addGauge({
    name: 'diaba_jobs',
    help: 'Jobs of all instances whose results are stored, by status',
    ofAll: 'first',
    labels: ['status'],
    read: () => readCounts(db, sql`SELECT status AS name, count(*) AS value FROM result.job GROUP BY 1`, 'status'),
  });
  metrics.addGauge({
    name: 'diaba_imports',
    help: 'Imports of all instances on record, by mode',
    ofAll: 'first',
    labels: ['mode'],
    read: () => readCounts(db, sql`SELECT mode AS name, count(*) AS value FROM transfer.import GROUP BY 1`, 'mode'),
  });
  metrics.addGauge({
    name: 'diaba_audit_entries',
    help: 'Number of the last entry in the record of accesses and changes',
    ofAll: 'first',
    read: async () => {
      const [row] = await db.query<{ last: number }>(
        sql`SELECT coalesce(max(id), 0) AS last FROM access.audit`,
        BACKGROUND,
      );
      return row?.last ?? 0;
    },
  });
}

const BACKGROUND = { priority: 'background' } as const;

async function readCounts(db: Services['db'], query: Sql, label: string) {
  const rows = await db.query<{ name: string; value: number }>(query, BACKGROUND);
  return rows.map(({ name, value }) => ({ labels: { [label]: name }, value }));
}
