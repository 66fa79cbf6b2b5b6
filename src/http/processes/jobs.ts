import type { Request } from 'express';
import type { Text } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { documentReply } from '../html/document-page.ts';
import { placeOf, selfLinks } from '../kit/document.ts';
import { endpoint } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { HTML_TYPE } from '../kit/media-types.ts';
import { documentParameters, formatParameters } from '../kit/negotiate.ts';
import { json } from '../kit/reply.ts';
import { pageSchema } from '../kit/shapes.ts';
import { jobPath, RESULT_PROBLEMS, requireJob, statusOf } from './job.ts';
import { jobFeatureEndpoints } from './job-features.ts';
import { resultsContent } from './outputs.ts';
import { resultsReply } from './results.ts';
import { jobListSchema, statusSchema } from './schemas.ts';

const JOBS: Text = { vi: 'Tác vụ', en: 'Jobs' };

function list(services: Services) {
  return endpoint({
    tag: 'processes',
    summary: {
      vi: 'Luôn rỗng: chỉ ai tạo tác vụ mới biết mã của nó',
      en: 'Always empty: a job is known to whoever started it',
    },
    queryParameters: formatParameters,
    responses: { 200: { content: { 'application/json': jobListSchema, [HTML_TYPE]: pageSchema } } },
    problems: [],
    // A job's id gives the right to read and dismiss it, so a list would hand every job to everyone.
    handle: ({ query, language, http }) => {
      const place = placeOf(services.config, http, { f: query.f, language });
      return documentReply(services, place, { jobs: [], links: selfLinks(place) }, { title: JOBS[language] });
    },
  });
}

export function jobEndpoints(services: Services) {
  const { jobs, config, processes } = services;
  const base = (http: Request) => baseUrl(config, http);
  return {
    list: list(services),
    read: endpoint({
      tag: 'processes',
      summary: { vi: 'Trạng thái của một tác vụ', en: 'Status of a job' },
      pathParameters: jobPath,
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': statusSchema, [HTML_TYPE]: pageSchema } } },
      problems: [410],
      handle: ({ path, query, http, language }) => {
        const place = placeOf(config, http, { f: query.f, language });
        const status = statusOf(requireJob(services, path.job), place.base, language);
        return documentReply(services, place, status, { title: JOBS[language] });
      },
    }),
    dismiss: endpoint({
      tag: 'processes',
      summary: { vi: 'Hủy tác vụ, bỏ kết quả', en: 'Dismiss a job and its result' },
      pathParameters: jobPath,
      responses: { 200: { content: { 'application/json': statusSchema } } },
      problems: [410],
      handle: ({ path, http, language }) =>
        json(statusOf(jobs.dismiss(requireJob(services, path.job).id), base(http), language)),
    }),
    results: endpoint({
      tag: 'processes',
      summary: { vi: 'Kết quả của một tác vụ', en: 'Results of a job' },
      pathParameters: jobPath,
      queryParameters: documentParameters,
      responses: { 200: { content: resultsContent(processes) }, 204: [] },
      problems: RESULT_PROBLEMS,
      handle: ({ path, http, language }) => resultsReply(requireJob(services, path.job), base(http), language),
    }),
    ...jobFeatureEndpoints(services),
  };
}
