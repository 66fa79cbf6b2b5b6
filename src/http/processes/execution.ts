import type { OnAccess } from '../../access/principal.ts';
import type { Process } from '../../analysis/process.ts';
import type { Execution, Job } from '../../results/job.ts';
import { jobSource } from '../../results/job-source.ts';
import type { Services } from '../../services.ts';
import { COST } from '../kit/cost.ts';
import { DATABASE_PROBLEMS, endpoint, type Incoming } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import type { Parameter } from '../kit/parameters.ts';
import { jsonReply } from '../kit/reply.ts';
import { executeSchema, readExecution } from './execution-body.ts';
import { statusOf } from './job.ts';
import { resultsContent, unionSchema } from './outputs.ts';
import { processPath } from './process.ts';
import { resultsReply } from './results.ts';
import { statusSchema } from './schemas.ts';

const RESPOND_ASYNC = 'respond-async';

const preferParameter: Parameter<string> = {
  description: {
    vi: '"respond-async": chạy nền (RFC 7240); điều khác được bỏ qua',
    en: '"respond-async": in the background (RFC 7240); anything else is ignored',
  },
  schema: { type: 'string', example: RESPOND_ASYNC },
  expected: { vi: 'chữ', en: 'text' },
  read: (text) => text,
};

export function executionEndpoint(services: Services) {
  const { processes, config } = services;
  const schemas = new Map(processes.map((process) => [process, executeSchema(process)]));
  return endpoint({
    tag: 'processes',
    cost: COST.analysis,
    summary: {
      vi: 'Chạy một tiến trình; "Prefer: respond-async" để chạy nền',
      en: 'Run a process; "Prefer: respond-async" for the background',
    },
    pathParameters: processPath(processes),
    headerParameters: { prefer: preferParameter },
    body: { required: true, schema: unionSchema([...schemas.values()]) },
    responses: {
      200: {
        content: resultsContent(processes),
        headers: { Link: { vi: 'Tác vụ (monitor)', en: 'The job (monitor)' } },
      },
      204: [],
      201: {
        content: { 'application/json': statusSchema },
        headers: {
          Location: { vi: 'Trạng thái của tác vụ', en: 'Status of the job' },
          'Preference-Applied': { vi: RESPOND_ASYNC, en: RESPOND_ASYNC },
        },
      },
    },
    problems: [403, 410, 422, ...DATABASE_PROBLEMS],
    handle: async ({ path: { process }, body, headers, principal, signal, http, language }) => {
      const { inputs, execution } = readExecution(process, schemas.get(process) ?? executeSchema(process), body);
      const job = await startJob(services, { process, inputs, execution, principal, signal });
      const base = baseUrl(config, http);
      const url = `${base}/jobs/${job.id}`;
      if (prefersAsync(headers.prefer)) {
        const headers = { location: url, 'preference-applied': RESPOND_ASYNC };
        return jsonReply(statusOf(job, base, language), { status: 201, headers });
      }
      return resultsReply(services, await ended(services, job, signal), {
        ...{ base, language, principal },
        link: `<${url}>; rel="monitor"`,
      });
    },
  });
}

function prefersAsync(header: string | undefined): boolean {
  return (header ?? '').split(/[,;]/).some((preference) => preference.trim().toLowerCase() === RESPOND_ASYNC);
}

interface Started extends Pick<Incoming<never, never>, 'principal' | 'signal'> {
  readonly process: Process;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly execution: Execution;
}

/** @throws Problem for invalid inputs */
async function startJob(
  { catalogFor, jobs }: Services,
  { process, inputs, execution, ...asked }: Started,
): Promise<Job> {
  const { principal, signal } = asked;
  const read = new Set<string>();
  const onAccess: OnAccess = (layer, features) => {
    read.add(layer);
    principal.onAccess?.(layer, features);
  };
  const prepared = await process.prepare(inputs, { ...jobSource(catalogFor({ ...principal, onAccess })), signal });
  const { accessClass, keyId: owner = null } = principal;
  const run = { inputs, execution, accessClass, owner, restricted: owner === null ? [] : [...read] };
  return jobs.start(run, { process, prepared });
}

/** Returns the job once it has ended. It is dismissed if the client disconnects. */
async function ended({ jobs, log }: Services, { id }: Job, signal: AbortSignal): Promise<Job> {
  const dismiss = () =>
    void jobs.dismiss(id).catch((error) => log.warn({ err: error }, 'job of a client that left not dismissed'));
  signal.addEventListener('abort', dismiss, { once: true });
  if (signal.aborted) dismiss();
  const job = await jobs.ended(id);
  signal.removeEventListener('abort', dismiss);
  return job;
}
