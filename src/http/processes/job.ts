import type { ProcessJob } from '../../analysis/process.ts';
import { Problem } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { DATABASE_PROBLEMS } from '../kit/endpoint.ts';
import type { Language } from '../kit/negotiate.ts';
import { required, textParameter } from '../kit/parameters.ts';
import { explain } from '../layers/explain.ts';
import { OGC_EXCEPTION } from './results.ts';
import type { StatusDocument } from './schemas.ts';

export const jobPath = {
  job: required(textParameter({ vi: 'Mã tác vụ', en: 'Id of the job' }, { max: 64 })),
};

/** A result can be gone (410), and a failed job reports its error again. */
export const RESULT_PROBLEMS = [410, 422, ...DATABASE_PROBLEMS] as const;

/** @throws Problem with the type that the standard defines */
export function requireJob({ jobs }: Services, id: string): ProcessJob {
  try {
    return jobs.require(id);
  } catch (error) {
    if (!(error instanceof Problem) || error.type !== 'not-found') throw error;
    throw new Problem('not-found', error.detail, { type: `${OGC_EXCEPTION}/no-such-job` });
  }
}

const MESSAGES = {
  accepted: { vi: 'Đang chờ đến lượt', en: 'Waiting for its turn' },
  running: { vi: 'Đang tính', en: 'Running' },
  successful: { vi: 'Xong', en: 'Done' },
  failed: { vi: 'Không thành', en: 'Failed' },
  dismissed: { vi: 'Đã hủy', en: 'Dismissed' },
} as const;

/** Returns statusInfo (OGC 18-062r2, 7.12). */
export function statusOf(job: ProcessJob, base: string, language: Language): StatusDocument {
  const messages = job.status === 'failed' ? explain(job.error).detail : MESSAGES[job.status];
  const self = `${base}/jobs/${job.id}`;
  return {
    processID: job.asked.process.id,
    type: 'process',
    jobID: job.id,
    status: job.status,
    message: messages[language],
    messages,
    created: job.created,
    ...(job.started ? { started: job.started } : {}),
    ...(job.finished ? { finished: job.finished } : {}),
    updated: job.updated,
    progress: job.progress,
    links: [
      { href: self, rel: 'self', type: 'application/json' },
      ...(job.status === 'successful' || job.status === 'failed'
        ? [{ href: `${self}/results`, rel: 'http://www.opengis.net/def/rel/ogc/1.0/results', type: 'application/json' }]
        : []),
    ],
  };
}
