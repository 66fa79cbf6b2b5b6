import type { Principal } from '../../access/principal.ts';
import { type Language, Problem } from '../../lib/errors.ts';
import { type Job, toProblem } from '../../results/job.ts';
import type { Services } from '../../services.ts';
import { DATABASE_PROBLEMS } from '../kit/endpoint.ts';
import { OGC_REL } from '../kit/links.ts';
import { required, textParameter } from '../kit/parameters.ts';
import { OGC_EXCEPTION } from './results.ts';
import type { StatusDocument } from './schemas.ts';

export const jobPath = {
  job: required(textParameter({ vi: 'Mã tác vụ', en: 'Id of the job' }, { max: 64 })),
};

/** The database may not be readable (403), a result can be gone (410), and a failed job reports its error again. */
export const RESULT_PROBLEMS = [403, 410, 422, ...DATABASE_PROBLEMS] as const;

/** @throws Problem with the type that the standard defines */
export async function requireJob({ jobs }: Services, id: string, principal: Principal): Promise<Job> {
  return jobs.require(id, principal).catch((error) => {
    if (!(error instanceof Problem) || error.type !== 'not-found') throw error;
    throw new Problem('not-found', error.detail, { type: `${OGC_EXCEPTION}/no-such-job` });
  });
}

const MESSAGES = {
  accepted: { vi: 'Đang chờ đến lượt', en: 'Waiting for its turn' },
  running: { vi: 'Đang tính', en: 'Running' },
  successful: { vi: 'Xong', en: 'Done' },
  failed: { vi: 'Không thành', en: 'Failed' },
  dismissed: { vi: 'Đã hủy', en: 'Dismissed' },
} as const;

/** Returns statusInfo (OGC 18-062r2, 7.12). */
export function statusOf(job: Job, base: string, language: Language): StatusDocument {
  const messages = job.error ? toProblem(job.error).detail : MESSAGES[job.status];
  const self = `${base}/jobs/${job.id}`;
  return {
    processID: job.process,
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
    expires: job.expires,
    inputs: job.inputs,
    links: [
      { href: self, rel: 'self', type: 'application/json' },
      // A POST of `{inputs}` there computes the same again.
      { href: `${base}/processes/${job.process}/execution`, rel: `${OGC_REL}/execute`, type: 'application/json' },
      ...(job.status === 'successful' || job.status === 'failed'
        ? [{ href: `${self}/results`, rel: `${OGC_REL}/results`, type: 'application/json' }]
        : []),
    ],
  };
}
