import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Upper bounds in seconds: a cached tile takes less than the first, an analysis up to the last. */
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A value for each combination of labels, or one without any. */
export type Reading = number | readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];

export interface MeasuredRequest {
  readonly method: string;
  /** The path as the route table has it; '' for a path that it lacks. */
  readonly route: string;
  /** The layer in the URL; '' for none, or for several. */
  readonly layer: string;
  readonly status: number;
}

/** A figure that is read when the measurements are. */
export interface ReadMetric {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  /** The figure of several processes: the sum of theirs unless set. */
  readonly ofAll?: 'sum' | 'first' | 'min';
  /** A failure leaves the figure out. */
  readonly read: () => Reading | Promise<Reading>;
}

/** Measurements of this process, with those of Node: CPU, memory, garbage collection, delay of the event loop. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Histogram;

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: 'diaba_http_request_duration_seconds',
      help: 'Time from the request to the end of its answer. Tiles from the cache are not among them.',
      labelNames: ['method', 'route', 'layer', 'status'],
      buckets: BUCKETS,
      registers: [this.#registry],
    });
  }

  observe({ method, route, layer, status }: MeasuredRequest, seconds: number): void {
    this.#requests.observe({ method, route, layer, status: `${Math.floor(status / 100)}xx` }, seconds);
  }

  /** Adds a figure that goes up and down. */
  addGauge({ name, help, labels = [], ofAll = 'sum', read }: ReadMetric): void {
    const gauge: Gauge = new Gauge({
      ...{ name, help, labelNames: [...labels], registers: [this.#registry], aggregator: ofAll },
      collect: () => readInto(read, gauge),
    });
  }

  /** Adds a figure that only grows while the process runs. */
  addCounter({ name, help, labels = [], read }: ReadMetric): void {
    const counter: Counter = new Counter({
      ...{ name, help, labelNames: [...labels], registers: [this.#registry] },
      collect: () => readInto(read, { reset: () => counter.reset(), set: (given, value) => counter.inc(given, value) }),
    });
  }

  /** Returns all figures, for {@link metricsText}. */
  read(): Promise<Measurements> {
    return this.#registry.getMetricsAsJSON() as Promise<Measurements>;
  }

  close(): void {
    this.#registry.clear();
  }
}

/** Figures of one process, which can be sent to another. */
export type Measurements = readonly object[];

/** Returns the figures of processes, put together, in the text format of Prometheus. */
export function metricsText(processes: readonly Measurements[]): Promise<string> {
  return AggregatorRegistry.aggregate([...processes] as object[]).metrics();
}

interface MetricTarget {
  reset(): void;
  set(labels: Record<string, string>, value: number): void;
}

async function readInto(read: ReadMetric['read'], target: MetricTarget): Promise<void> {
  target.reset();
  const values = await Promise.resolve()
    .then(read)
    .catch((): Reading => []);
  const readings = typeof values === 'number' ? [{ labels: {}, value: values }] : values;
  for (const { labels, value } of readings) target.set({ ...labels }, value);
}
