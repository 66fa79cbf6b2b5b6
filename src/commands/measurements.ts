import type { Config } from '../config.ts';
import { type Measurements, metricsText } from '../metrics/metrics.ts';
import { type MetricsServer, serveMetrics } from '../metrics/metrics-server.ts';
import { printLine } from './progress.ts';

/**
 * Serves the figures of processes on the port of the settings, if there is one.
 * @throws BootError if the port is in use
 */
export async function serveMeasurements(
  { host, metricsPort: port }: Pick<Config, 'host' | 'metricsPort'>,
  measure: () => Promise<readonly Measurements[]>,
): Promise<MetricsServer | undefined> {
  if (port === undefined) return undefined;
  const text = async () => metricsText(await measure());
  const server = await serveMetrics({ host, port, setting: 'DIABA_METRICS_PORT' }, text);
  printLine(`Measurements: http://${host}:${server.port}/metrics`);
  return server;
}
