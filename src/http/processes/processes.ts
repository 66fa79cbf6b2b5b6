import { z } from 'zod';
import type { Process, ProcessTable } from '../../analysis/process.ts';
import type { Text } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { documentReply } from '../html/document-page.ts';
import { type Place, placeOf, selfLinks } from '../kit/document.ts';
import { HTML_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import { choiceParameter, integerParameter, type Parameter, withDefault } from '../kit/parameters.ts';
import { type Route, route } from '../kit/route.ts';
import { pageSchema } from '../kit/shapes.ts';
import { executionRoute } from './execution.ts';
import { descriptionOf, processPath, summaryOf } from './process.ts';
import { processListSchema, processSchema } from './schemas.ts';

const PROCESSES: Text = { vi: 'Phân tích', en: 'Processes' };

const toList = ({ base, language }: Place) => [PROCESSES[language], `${base}/processes`] as const;

/** A requirement of the standard (7.9): every page is the whole list of a few. */
const limitParameter = withDefault(
  integerParameter({ vi: 'Nhiều nhất bao nhiêu tiến trình', en: 'At most this many processes' }, { min: 1, max: 1000 }),
  100,
);

export function processRoutes(services: Services): Route[] {
  const { config, processes } = services;
  return [
    route({
      path: '/processes',
      tag: 'processes',
      summary: { vi: 'Danh sách tiến trình', en: 'List of processes' },
      queryParameters: { limit: limitParameter, ...formatParameters },
      responses: { 200: { content: { 'application/json': processListSchema, [HTML_TYPE]: pageSchema } } },
      problems: [],
      handle: ({ query, http, language }) => {
        const place = placeOf(config, http, { f: query.f, language });
        const summaries = processes.map((process) => summaryOf(process, place.base, language));
        const document = { processes: summaries.slice(0, query.limit), links: selfLinks(place) };
        return documentReply(services, place, document, { title: PROCESSES[language] });
      },
    }),
    route({
      path: '/processes/:process',
      tag: 'processes',
      summary: { vi: 'Mô tả một tiến trình', en: 'Description of a process' },
      pathParameters: processPath(processes),
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': processSchema, [HTML_TYPE]: pageSchema } } },
      problems: [],
      handle: ({ path: { process }, query, http, language }) => {
        const place = placeOf(config, http, { f: query.f, language });
        const options = { title: process.title[language], steps: [toList(place)] };
        return documentReply(services, place, descriptionOf(process, place.base, language), options);
      },
    }),
    ...processes.flatMap((process) => tableRoutes(services, process)),
    executionRoute(services),
  ];
}

/** Each table of a process at a path of its own. */
function tableRoutes(services: Services, { id, tables = {} }: Process): Route[] {
  return Object.entries(tables).map(([name, table]) => tableRoute(services, `/processes/${id}/${name}`, [name, table]));
}

function tableRoute(services: Services, path: string, [name, table]: readonly [string, ProcessTable]): Route {
  const choices: Readonly<Record<string, Parameter<string>>> = Object.fromEntries(
    Object.entries(table.choices).map(([choice, { description, values, fallback }]) => [
      choice,
      withDefault(choiceParameter(description, values), fallback),
    ]),
  );
  const schema = z.strictObject({ [name]: z.array(table.schema) });
  return route({
    path,
    tag: 'processes',
    summary: table.summary,
    queryParameters: { ...choices, ...formatParameters },
    responses: { 200: { content: { 'application/json': schema, [HTML_TYPE]: pageSchema } } },
    handle: async ({ query, http, language, signal }) => {
      const place = placeOf(services.config, http, { f: query.f, language });
      const given: Readonly<Record<string, unknown>> = query;
      const chosen = Object.keys(choices).map((choice) => [choice, String(given[choice])]);
      const rows = await table.list(Object.fromEntries(chosen), { signal });
      const options = { title: table.title[language], steps: [toList(place)] };
      return documentReply(services, place, { [name]: rows }, options);
    },
  });
}
