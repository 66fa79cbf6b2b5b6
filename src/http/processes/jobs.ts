import type { Request } from 'express';
import type { Text } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { documentReply } from '../html/document-page.ts';
import { documentPlace, selfLinks } from '../kit/document.ts';
import { DATABASE_PROBLEMS, endpoint } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { HTML_TYPE, XLSX_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import { choiceParameter, withDefault } from '../kit/parameters.ts';
import { jsonReply } from '../kit/reply.ts';
import { bytesSchema, pageSchema } from '../kit/shapes.ts';
import { formPage } from './form-page.ts';
import { jobPath, RESULT_PROBLEMS, requireJob, statusOf } from './job.ts';
import { jobFeatureEndpoints } from './job-features.ts';
import { jobFileEndpoint } from './job-file.ts';
import { jobPage } from './job-page.ts';
import { resultsContent } from './outputs.ts';
import { noted, processOf, requireForms, requireOutcome, resultsReply } from './results.ts';
import { jobListSchema, statusSchema } from './schemas.ts';
import { resultWorkbook } from './workbook.ts';

const resultFormatParameter = withDefault(
  choiceParameter(
    {
      vi: 'Định dạng: json, xlsx (sổ Excel), hay html (biểu để in, nếu tiến trình có)',
      en: 'Format: json, xlsx (a workbook), or html (forms that print, if the process has any)',
    },
    ['json', 'xlsx', 'html'],
  ),
  'json',
);

const JOBS: Text = { vi: 'Tác vụ', en: 'Jobs' };

function listJobs(services: Services) {
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
      const place = documentPlace(services.config, http, { f: query.f, language });
      return documentReply(services, place, { jobs: [], links: selfLinks(place) }, { title: JOBS[language] });
    },
  });
}

export function jobEndpoints(services: Services) {
  const { jobs, config, processes } = services;
  const base = (http: Request) => baseUrl(config, http);
  return {
    list: listJobs(services),
    read: endpoint({
      tag: 'processes',
      summary: { vi: 'Trạng thái của một tác vụ', en: 'Status of a job' },
      pathParameters: jobPath,
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': statusSchema, [HTML_TYPE]: pageSchema } } },
      problems: [403, 410, ...DATABASE_PROBLEMS],
      handle: async ({ path, query, http, language, principal }) => {
        const place = documentPlace(config, http, { f: query.f, language });
        const job = await requireJob(services, path.job, principal);
        const status = statusOf(job, place.base, language);
        if (place.format === 'json') return jsonReply(status);
        const process = processes.find(({ id }) => id === job.process);
        const outcome = job.status === 'successful' ? noted(job, await jobs.outcome(job.id), principal) : undefined;
        return jobPage({ services, place, job, status, process, outcome });
      },
    }),
    dismiss: endpoint({
      tag: 'processes',
      summary: { vi: 'Hủy tác vụ, bỏ kết quả', en: 'Dismiss a job and its result' },
      pathParameters: jobPath,
      responses: { 200: { content: { 'application/json': statusSchema } } },
      problems: [403, 410, ...DATABASE_PROBLEMS],
      handle: async ({ path, http, language, principal }) => {
        const { id } = await requireJob(services, path.job, principal);
        return jsonReply(statusOf(await jobs.dismiss(id), base(http), language));
      },
    }),
    results: endpoint({
      tag: 'processes',
      summary: { vi: 'Kết quả của một tác vụ', en: 'Results of a job' },
      pathParameters: jobPath,
      queryParameters: { ...formatParameters, f: resultFormatParameter },
      responses: {
        200: { content: { ...resultsContent(processes), [XLSX_TYPE]: bytesSchema, [HTML_TYPE]: pageSchema } },
        204: [],
      },
      problems: RESULT_PROBLEMS,
      handle: async ({ path, query, http, language, principal, signal }) => {
        const job = await requireJob(services, path.job, principal);
        if (query.f === 'json') return resultsReply(services, job, { base: base(http), language, principal });
        const outcome = await requireOutcome(services, job, principal);
        const process = processOf(services, job);
        if (query.f === 'html') {
          const place = documentPlace(config, http, { f: 'html', language });
          return formPage({ services, place, process, job: job.id, forms: requireForms(process, outcome) });
        }
        const asked = { principal, language, signal, base: base(http) };
        return resultWorkbook(services, { ...asked, process, job, outcome });
      },
    }),
    file: jobFileEndpoint(services),
    ...jobFeatureEndpoints(services),
  };
}
