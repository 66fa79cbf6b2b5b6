import type { Execution, ProcessJob } from '../../analysis/process.ts';
import { Problem } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { DATABASE_PROBLEMS, endpoint, type Incoming } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import type { Parameter } from '../kit/parameters.ts';
import { json } from '../kit/reply.ts';
import { executeSchema, readExecution } from './execution-body.ts';
import { statusOf } from './job.ts';
import { anyOf, resultsContent } from './outputs.ts';
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
    summary: {
      vi: 'Chạy một tiến trình; "Prefer: respond-async" để chạy nền',
      en: 'Run a process; "Prefer: respond-async" for the background',
    },
    pathParameters: processPath(processes),
    headerParameters: { prefer: preferParameter },
    body: { required: true, schema: anyOf([...schemas.values()]) },
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
    problems: [410, 422, ...DATABASE_PROBLEMS],
    handle: async ({ path: { process }, body, headers, signal, http, language, principal }) => {
      const { inputs, execution } = readExecution(process, schemas.get(process) ?? executeSchema(process), body);
      const job = await start(services, { inputs, execution, principal, signal });
      const base = baseUrl(config, http);
      const url = `${base}/jobs/${job.id}`;
      if (prefersAsync(headers.prefer)) {
        const headers = { location: url, 'preference-applied': RESPOND_ASYNC };
        return json(statusOf(job, base, language), { status: 201, headers });
      }
      return resultsReply(await ended(services, job, signal), base, language, { link: `<${url}>; rel="monitor"` });
    },
  });
}

function prefersAsync(header: string | undefined): boolean {
  return (header ?? '').split(/[,;]/).some((preference) => preference.trim().toLowerCase() === RESPOND_ASYNC);
}

interface Started extends Pick<Incoming<never, never>, 'principal' | 'signal'> {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly execution: Execution;
}

/** @throws Problem for invalid inputs */
async function start(
  { catalogFor, jobs, log }: Services,
  { inputs, execution, principal, signal }: Started,
): Promise<ProcessJob> {
  const { process } = execution;
  const catalog = catalogFor(principal);
  const layerOf = (id: string) => catalog.requireLayer(id);
  const prepared = await process.prepare(inputs, { layerOf, signal });
  return jobs.start(async (context) => {
    try {
      return await process.run(prepared, context);
    } catch (error) {
      if (!(error instanceof Problem) && !context.signal.aborted)
        log.error({ err: error, process: process.id }, 'failed');
      throw error;
    }
  }, execution);
}

/** Returns the job once it has ended. It is dismissed if the client disconnects. */
async function ended({ jobs }: Services, { id }: ProcessJob, signal: AbortSignal): Promise<ProcessJob> {
  const dismiss = () => void jobs.dismiss(id);
  signal.addEventListener('abort', dismiss, { once: true });
  if (signal.aborted) dismiss();
  const job = await jobs.ended(id);
  signal.removeEventListener('abort', dismiss);
  return job;
}
