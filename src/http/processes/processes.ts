import { z } from 'zod';
import type { Process, ProcessTable } from '../../analysis/process.ts';
import type { Services } from '../../services.ts';
import { COST } from '../kit/cost.ts';
import { documentPlace, selfLinks } from '../kit/document.ts';
import { endpoint } from '../kit/endpoint.ts';
import { HTML_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import { choiceParameter, integerParameter, type Parameter, withDefault } from '../kit/parameters.ts';
import { jsonReply } from '../kit/reply.ts';
import { pageSchema } from '../kit/shapes.ts';
import { executionEndpoint } from './execution.ts';
import { descriptionOf, processPath, processSummary } from './process.ts';
import { processesPage, processPage, tablePage } from './process-pages.ts';
import { processListSchema, processSchema } from './schemas.ts';

/** Required by the standard (7.9), though the list is short and every page holds all of it. */
const limitParameter = withDefault(
  integerParameter({ vi: 'Nhiều nhất bao nhiêu tiến trình', en: 'At most this many processes' }, { min: 1, max: 1000 }),
  100,
);

export function processEndpoints(services: Services) {
  const { config, processes } = services;
  const { resultDays: days } = config;
  return {
    list: endpoint({
      tag: 'processes',
      summary: { vi: 'Danh sách tiến trình', en: 'List of processes' },
      queryParameters: { limit: limitParameter, ...formatParameters },
      responses: { 200: { content: { 'application/json': processListSchema, [HTML_TYPE]: pageSchema } } },
      problems: [],
      handle: ({ query, http, language }) => {
        const place = documentPlace(config, http, { f: query.f, language });
        const summaries = processes.slice(0, query.limit).map((process) => processSummary(process, { ...place, days }));
        if (place.format === 'html') return processesPage(services, summaries, place);
        return jsonReply({ processes: summaries, links: selfLinks(place) });
      },
    }),
    read: endpoint({
      tag: 'processes',
      summary: { vi: 'Mô tả một tiến trình', en: 'Description of a process' },
      pathParameters: processPath(processes),
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': processSchema, [HTML_TYPE]: pageSchema } } },
      problems: [],
      handle: ({ path: { process }, query, http, language }) => {
        const place = documentPlace(config, http, { f: query.f, language });
        const document = descriptionOf(process, { ...place, days });
        return place.format === 'html' ? processPage(services, document, place) : jsonReply(document);
      },
    }),
    execute: executionEndpoint(services),
    tables: processes.flatMap((process) => tablesOf(services, process)),
  };
}

/** Returns an endpoint for each table of a process. */
function tablesOf(services: Services, { id, tables = {} }: Process) {
  return Object.entries(tables).map(([name, table]) => ({
    path: `/processes/${id}/${name}`,
    endpoint: tableEndpoint(services, name, table),
  }));
}

function tableEndpoint(services: Services, name: string, table: ProcessTable) {
  const choices: Readonly<Record<string, Parameter<string>>> = Object.fromEntries(
    Object.entries(table.choices).map(([choice, { description, values, fallback }]) => [
      choice,
      withDefault(choiceParameter(description, values), fallback),
    ]),
  );
  const schema = z.strictObject({ [name]: z.array(table.schema) });
  return endpoint({
    tag: 'processes',
    cost: COST.analysis,
    summary: table.summary,
    queryParameters: { ...choices, ...formatParameters },
    responses: { 200: { content: { 'application/json': schema, [HTML_TYPE]: pageSchema } } },
    handle: async ({ query, http, language, signal }) => {
      const place = documentPlace(services.config, http, { f: query.f, language });
      const given: Readonly<Record<string, unknown>> = query;
      const chosen = Object.keys(choices).map((choice) => [choice, String(given[choice])]);
      const rows = await table.list(Object.fromEntries(chosen), { signal });
      return place.format === 'html' ? tablePage(services, table, { rows, place }) : jsonReply({ [name]: rows });
    },
  });
}
