import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { BootError } from '../src/lib/errors.ts';
import { metricsText } from '../src/metrics/metrics.ts';
import { type MetricsServer, serveMetrics } from '../src/metrics/metrics-server.ts';
import { type RunningServer, startServer } from '../src/server.ts';
import { describeEngines } from './engine.ts';

const SETTINGS = { PORT: '0', DIABA_QUALITY_CHECKS: 'off', DIABA_REQUEST_LIMIT: '150' };
const HERE = { host: '127.0.0.1', port: 0, setting: 'DIABA_METRICS_PORT' };
const TILE = '/xyz/land.parcel/12/3261/1922.mvt';

describeEngines('/metrics', (engine) => {
  let server: RunningServer;
  let measured: MetricsServer;
  const read = async () => (await fetch(`http://127.0.0.1:${measured.port}/metrics`)).text();
  /** The value of a line: the name of a figure with its labels. */
  const figure = (text: string, line: string) => {
    const found = text.split('\n').find((each) => each.startsWith(`${line} `));
    return found === undefined ? undefined : Number(found.slice(line.length + 1));
  };
  const ask = async (path: string) => {
    const response = await fetch(`${server.url}${path}`);
    await response.arrayBuffer();
    return response.status;
  };

  beforeAll(async () => {
    const config = readConfig({ ...SETTINGS, DIABA_METRICS_PORT: '0' });
    server = await startServer(config, engine.db, pino({ level: 'silent' }));
    measured = await serveMetrics(HERE, async () => metricsText([(await server.metrics?.read()) ?? []]));
  });
  afterAll(async () => {
    measured.close();
    await server.close();
  });

  it('counts requests by route and layer, and tiles by whether they were cached', async () => {
    for (let time = 0; time < 3; time++) expect(await ask(TILE)).toBe(200);
    expect(await ask('/collections/land.parcel/items?limit=1')).toBe(200);
    expect(await ask('/collections/no.such/items')).toBe(404);
    expect(await ask('/nothing/here')).toBe(404);
    const text = await read();
    const count = (labels: string) => figure(text, `diaba_http_request_duration_seconds_count{${labels}}`);
    const items = 'method="GET",route="/collections/:collection/items"';
    expect(count(`${items},layer="land.parcel",status="2xx"`)).toBe(1);
    expect(count(`${items},layer="",status="4xx"`)).toBe(1);
    expect(count('method="GET",route="",layer="",status="4xx"')).toBe(1);
    expect(text).not.toContain('no.such');
    const hits = figure(text, 'diaba_tile_cache_requests_total{outcome="hit"}') ?? 0;
    const misses = figure(text, 'diaba_tile_cache_requests_total{outcome="miss"}') ?? 0;
    expect(misses).toBeGreaterThan(0);
    expect(hits).toBeGreaterThan(0);
    expect(figure(text, 'diaba_tile_cache_tiles')).toBeGreaterThan(0);
  });

  it('tells the state of the database, its connections, jobs and the record', async () => {
    const text = await read();
    expect(figure(text, 'diaba_database_answering')).toBe(1);
    const pool = engine.name === 'embedded' ? 'session' : 'prepared';
    expect(figure(text, `diaba_database_connections{pool="${pool}",state="open"}`)).toBeGreaterThan(0);
    expect(figure(text, `diaba_database_connections{pool="${pool}",state="waiting"}`)).toBeGreaterThanOrEqual(0);
    expect(figure(text, 'diaba_audit_entries')).toBeGreaterThanOrEqual(0);
    await engine.db.script(`INSERT INTO result.job (id, process, inputs, execution, access_class, status, expires_at)
      VALUES ('${'a'.repeat(32)}', 'buffer', '{}', '{}', 'public', 'failed', now() + interval '1 day')`);
    expect(figure(await read(), 'diaba_jobs{status="failed"}')).toBe(1);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
  });

  it('counts refused clients', async () => {
    while ((await ask('/conformance')) !== 429);
    const refused = figure(await read(), 'diaba_requests_refused_total') ?? 0;
    await ask('/conformance');
    expect(figure(await read(), 'diaba_requests_refused_total')).toBe(refused + 1);
  });

  it('has every figure of the dashboard and of the page', async () => {
    const text = await read();
    for (const file of ['grafana-dashboard.json', 'monitoring.md']) {
      const document = readFileSync(new URL(`../docs/${file}`, import.meta.url), 'utf8');
      const named = new Set(document.match(/\b(diaba|nodejs|process)_[a-z0-9_]*[a-z0-9]/g));
      expect(named.size).toBeGreaterThan(8);
      for (const name of named) expect(text).toContain(`# TYPE ${name.replace(/_(bucket|count|sum)$/, '')} `);
    }
  });

  it('is no page of the public port, and answers nothing else on its own', async () => {
    const url = `http://127.0.0.1:${measured.port}`;
    expect([404, 429]).toContain(await ask('/metrics'));
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('names the setting if its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const starting = serveMetrics({ ...HERE, port }, async () => '');
    await expect(starting).rejects.toThrow(BootError);
    await expect(starting).rejects.toThrow('DIABA_METRICS_PORT');
    other.close();
  });
});
