import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HttpRequest, WORST } from '../../test/hostile/worst.ts';
import type { Bench } from '../bench.ts';
import { withClient } from '../databases.ts';
import { HttpClient } from '../http-client.ts';
import { type ProgramServer, startProgram } from '../program.ts';
import { type Findings, progress, round, table, type Verdict } from '../report.ts';

/** The sample that a server without data starts with: bounds are set for it. */
const PARCELS = 20_000;
const GOALS = { ms: 2000, megabytes: 300 };
const POLL_MS = 20;

interface Cost {
  readonly name: string;
  readonly status: number;
  readonly ms: number;
  /** Memory that the engine took while it answered, beyond what it had. */
  readonly megabytes: number;
}

/** The worst requests that are accepted, one after the other, on both engines. */
export async function hostile(bench: Bench): Promise<Findings> {
  const { url } = await bench.database(PARCELS);
  const postgres = await startProgram(bench, url);
  const onPostgres = await measureAll(postgres, () => backendMegabytes(url));
  await postgres.stop();
  const folder = mkdtempSync(join(tmpdir(), 'diaba-hostile-'));
  try {
    const env = { DIABA_DATA: folder, DIABA_SAMPLE: String(PARCELS) };
    const embedded = await startProgram(bench, '', env);
    const onEmbedded = await measureAll(embedded, async () => anonymousMegabytes(embedded.pid));
    await embedded.stop();
    return report(onPostgres, onEmbedded);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureAll(program: ProgramServer, megabytes: () => Promise<number>): Promise<Cost[]> {
  const client = new HttpClient();
  const costs: Cost[] = [];
  for (const [name, request] of Object.entries(WORST)) {
    costs.push({ name, ...(await measure(client, program.url, request, megabytes)) });
    progress(`${name}: ${round(costs.at(-1)?.ms ?? 0)} ms`);
  }
  client.close();
  return costs;
}

async function measure(
  client: HttpClient,
  url: string,
  { path, method, type, body }: HttpRequest,
  megabytes: () => Promise<number>,
): Promise<Omit<Cost, 'name'>> {
  const before = await megabytes();
  let [peak, isDone] = [before, false];
  const watching = (async () => {
    while (!isDone) {
      peak = Math.max(peak, await megabytes());
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  })();
  const { ms, status } = await client.get(url + path, {
    method,
    ...(type && { headers: { 'content-type': type } }),
    ...(body !== undefined && { body }),
  });
  isDone = true;
  await watching;
  return { ms, status, megabytes: peak - before };
}

/** Of the largest backend of the program. */
function backendMegabytes(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'diaba'");
    return rows.reduce((most: number, { pid }) => Math.max(most, anonymousMegabytes(pid)), 0);
  });
}

/** What a process has for itself; NaN where it is none of this machine's. */
function anonymousMegabytes(pid: number): number {
  try {
    const [, kilobytes] = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return Number.NaN;
  }
}

function report(postgres: readonly Cost[], embedded: readonly Cost[]): Findings {
  const rows = postgres.map((cost, index) => {
    const other = embedded[index] as Cost;
    return [
      cost.name,
      round(cost.ms),
      round(cost.megabytes),
      round(other.ms),
      round(other.megabytes),
      `${cost.status} ${other.status}`,
    ];
  });
  const head = ['request', 'PostgreSQL ms', 'MB', 'embedded ms', 'MB', 'status'];
  return {
    markdown: [table(head, rows)],
    verdicts: [...judge('PostgreSQL', postgres), ...judge('embedded', embedded)],
  };
}

function judge(engine: string, costs: readonly Cost[]): Verdict[] {
  const slowest = costs.reduce((a, b) => (b.ms > a.ms ? b : a));
  const largest = costs.reduce((a, b) => (b.megabytes > a.megabytes ? b : a));
  return [
    {
      what: `worst request that is accepted, ${engine} (${slowest.name})`,
      measured: `${round(slowest.ms)} ms`,
      goal: `<= ${GOALS.ms} ms`,
      met: slowest.ms <= GOALS.ms && costs.every(({ status }) => status === 200),
    },
    {
      what: `memory of the worst request, ${engine} (${largest.name})`,
      measured: `${round(largest.megabytes)} MB`,
      goal: `<= ${GOALS.megabytes} MB`,
      met: Number.isNaN(largest.megabytes) ? undefined : largest.megabytes <= GOALS.megabytes,
    },
  ];
}
