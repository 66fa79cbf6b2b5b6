import { z } from 'zod';
import type { Layer } from '../../catalog/layer.ts';
import { isEditable } from '../../features/edit.ts';
import { type Language, problemTypes, type Text } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { type DocumentPlace, documentPlace } from '../kit/document.ts';
import { type Answer, type Body, bodyTypes, endpoint, type Route } from '../kit/endpoint.ts';
import { HTML_TYPE, OPENAPI_TYPE, PROBLEM_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import type { DescribedParameter, DescribedParameters, JsonSchema } from '../kit/parameters.ts';
import { STATUS_TITLES } from '../kit/problem.ts';
import { jsonReply } from '../kit/reply.ts';
import { templateOf } from '../kit/route.ts';
import { referredSchemas, type Schema, toJsonSchema } from '../kit/schema.ts';
import { pageSchema, problemSchema } from '../kit/shapes.ts';
import { ITEMS_PATH } from '../layers/path.ts';
import { apiPage } from './api-page.ts';
import { type OwnParameters, ownParameters, type Published, pathOf } from './own-parameters.ts';

const openApiSchema = z.looseObject({
  openapi: z.literal('3.0.3'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

export function openApiEndpoints(services: Services) {
  return {
    read: endpoint({
      tag: 'service',
      summary: { vi: 'Mô tả giao diện (OpenAPI 3.0)', en: 'API description (OpenAPI 3.0)' },
      queryParameters: formatParameters,
      responses: { 200: { content: { [OPENAPI_TYPE]: openApiSchema, [HTML_TYPE]: pageSchema } } },
      problems: [],
      handle: ({ query, principal, language, routes, http }) => {
        const place = documentPlace(services.config, http, { f: query.f, language });
        if (place.format === 'html') return apiPage({ services, routes, place });
        const { layers, functions, tileFunctions: tiles } = services.catalogFor(principal);
        const tileFunctions = [...tiles.values()];
        const description = services.attribution[language];
        return jsonReply(openApi({ routes, layers, functions, tileFunctions, place, description }), {
          type: OPENAPI_TYPE,
        });
      },
    }),
  };
}

interface OpenApiSource extends Published {
  readonly routes: readonly Route[];
  readonly place: DocumentPlace;
  readonly description: string;
}

/** Returns the OpenAPI 3.0 document of exactly the existing routes. */
export function openApi(source: OpenApiSource) {
  const { routes, layers, functions, description } = source;
  const { base, language } = source.place;
  const paths: Record<string, Record<string, Operation>> = {};
  const add = (path: string, { method }: Route, described: Operation) => {
    paths[path] = { ...paths[path], [method]: described };
  };
  for (const each of routes) {
    const path = templateOf(each.path);
    const described = describeOperation(each, language);
    add(
      path,
      each,
      withLayerIds(described, each.method === 'get' ? [...layers, ...functions] : layers.filter(isEditable)),
    );
    for (const own of ownParameters(path, each, source))
      add(pathOf(path, own.id), each, ofSource(described, own, language));
  }
  const statuses = [...new Set(routes.flatMap(({ problems }) => problems))].sort((a, b) => a - b);
  const responses = Object.fromEntries(statuses.map((status) => [`Problem${status}`, problemAnswer(status, language)]));
  return {
    openapi: '3.0.3',
    info: { title: 'Địa Bạ', version: '0.1.0', description },
    servers: [{ url: base }],
    // The empty requirement: nobody needs a key for what is public.
    security: [{}, ...Object.keys(SECURITY_SCHEMES).map((name) => ({ [name]: [] }))],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: referredSchemas([paths, responses]),
      responses,
      headers: { ETag: { description: ETAG[language], schema: { type: 'string' } } },
      securitySchemes: SECURITY_SCHEMES,
      // QGIS looks for the largest page size here, not at the paths.
      parameters: pageSizeOf(routes, language),
    },
  };
}

/** Returns the `limit` parameter of items. */
function pageSizeOf(routes: readonly Route[], language: Language): Record<string, JsonSchema> {
  const items = routes.find(({ method, path }) => method === 'get' && path === ITEMS_PATH);
  const limit = items?.queryParameters.limit;
  return limit ? { limit: openApiParameter('limit', limit, { place: 'query', language }) } : {};
}

/** The ways to show an API key. */
const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer' },
  basic: { type: 'http', scheme: 'basic' },
  header: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  query: { type: 'apiKey', in: 'query', name: 'key' },
};

type Operation = ReturnType<typeof describeOperation>;

function describeOperation(route: Route, language: Language) {
  const { method, path, tag, summary, pathParameters, queryParameters, headerParameters, body, responses } = route;
  const answers = Object.entries(responses).map(([status, answer]) => [
    status,
    describeAnswer(answer, { hasTag: method === 'get' && status === '200', language }),
  ]);
  const problems = route.problems.map((status) => [
    status,
    route.reportTypes && status !== 500
      ? describeAnswer(
          { content: contentOf(route.reportTypes), description: statusTitle(status) },
          { hasTag: false, language },
        )
      : { $ref: `#/components/responses/Problem${status}` },
  ]);
  return {
    operationId: `${method}${templateOf(path).replace(/[^A-Za-z0-9]+/g, '_')}${route.role ? `.${route.role}` : ''}`,
    tags: [tag],
    summary: summary[language],
    parameters: [
      ...describeAll(pathParameters, 'path', language),
      ...describeAll(queryParameters, 'query', language),
      ...describeAll(headerParameters, 'header', language),
    ],
    ...(body ? { requestBody: describeBody(body) } : {}),
    responses: Object.fromEntries([
      ...answers,
      ...(method === 'get' && 200 in responses ? [[304, { description: UNCHANGED[language] }]] : []),
      ...problems,
    ]) as Record<string, unknown>,
  };
}

/** Restricts the ids of collections to existing ones, and to editable ones for changes. */
function withLayerIds(described: Operation, layers: readonly Layer[]): Operation {
  if (layers.length === 0) return described;
  const schema = { type: 'string', enum: layers.map(({ id }) => id) };
  const parameters = described.parameters.map((each) =>
    each.in === 'path' && each.name === 'collection' ? { ...each, schema } : each,
  );
  return { ...described, parameters };
}

/** Describes a path for one layer or function. */
function ofSource(
  described: Operation,
  { id, title, parameters, without = {}, lists = {} }: OwnParameters,
  language: Language,
) {
  const own = parameters.map(({ name, isRequired, schema, ...each }) => ({
    name,
    in: 'query' as const,
    description: each.title[language],
    required: isRequired,
    schema,
    ...ONCE,
  }));
  const isOwn = ({ in: place, name }: Operation['parameters'][number]) =>
    place === 'path' ? name !== 'collection' && name !== 'layers' : !Object.hasOwn(without, name);
  return {
    ...described,
    operationId: `${described.operationId}.${id}`,
    summary: title[language],
    parameters: [...described.parameters.filter(isOwn).map((each) => withItems(each, lists[each.name])), ...own],
  };
}

/** Restricts the values in a list. */
function withItems(
  parameter: ReturnType<typeof openApiParameter>,
  values: readonly string[] = [],
): ReturnType<typeof openApiParameter> {
  if (values.length === 0 || !('schema' in parameter)) return parameter;
  return { ...parameter, schema: { ...parameter.schema, items: { type: 'string', enum: values } } };
}

function describeBody(body: Body) {
  const schema = toJsonSchema(body.schema);
  return { required: body.required, content: Object.fromEntries(bodyTypes(body).map((type) => [type, { schema }])) };
}

const SUCCESS: Text = { vi: 'Kết quả', en: 'The answer' };
const NO_BODY: Text = { vi: 'Không có nội dung', en: 'Nothing' };
const UNCHANGED: Text = { vi: 'Vẫn là bản mà máy khách đã có', en: 'Still what the client has' };
const ETAG: Text = {
  vi: 'Dấu của bản này; gửi lại trong If-None-Match',
  en: 'Mark of this version, to be sent back in If-None-Match',
};

function describeAnswer(answer: Answer, { hasTag, language }: { hasTag: boolean; language: Language }) {
  const described = 'content' in answer ? answer : { content: contentOf(answer) };
  const content = Object.entries(described.content).map(([type, schema]) => [type, { schema: toJsonSchema(schema) }]);
  const headers = {
    ...(hasTag ? { ETag: { $ref: '#/components/headers/ETag' } } : {}),
    ...Object.fromEntries(
      Object.entries(described.headers ?? {}).map(([name, text]) => [
        name,
        { description: text[language], schema: { type: 'string' } },
      ]),
    ),
  };
  return {
    description: (described.description ?? (content.length ? SUCCESS : NO_BODY))[language],
    ...(Object.keys(headers).length ? { headers } : {}),
    ...(content.length ? { content: Object.fromEntries(content) } : {}),
  };
}

/** Describes a problem: browsers receive a page, other clients RFC 9457. */
function problemAnswer(status: number, language: Language) {
  const types = problemTypes(status).map((type) => `urn:diaba:problem:${type}`);
  return describeAnswer(
    {
      content: { [PROBLEM_TYPE]: problemSchema, [HTML_TYPE]: undescribedBody(HTML_TYPE) },
      description: {
        vi: `${STATUS_TITLES.vi[status]}: ${types.join(', ')}`,
        en: `${STATUS_TITLES.en[status]}: ${types.join(', ')}`,
      },
    },
    { hasTag: false, language },
  );
}

function statusTitle(status: number): Text {
  return { vi: STATUS_TITLES.vi[status] ?? '', en: STATUS_TITLES.en[status] ?? '' };
}

type ParameterPlace = 'path' | 'query' | 'header';

/**
 * Given once, with values separated by commas. OGC 17-069r4 and 20-057 require this declaration, even of parameters
 * with a single value.
 */
const ONCE = { style: 'form', explode: false };

function describeAll(parameters: DescribedParameters, place: ParameterPlace, language: Language) {
  return Object.entries(parameters).map(([name, parameter]) => openApiParameter(name, parameter, { place, language }));
}

function openApiParameter(
  name: string,
  { description, schema, required, type }: DescribedParameter,
  { place, language }: { place: ParameterPlace; language: Language },
) {
  return {
    name,
    in: place,
    description: description[language],
    required: place === 'path' || required === true,
    ...(type === undefined
      ? { schema: asOpenApi(schema), ...(place === 'query' ? ONCE : {}) }
      : { content: { [type]: { schema } } }),
  };
}

/** Converts JSON Schema to OpenAPI 3.0, which has `example` instead of `examples`. */
function asOpenApi({ examples, ...schema }: JsonSchema): JsonSchema {
  return Array.isArray(examples) ? { ...schema, example: examples[0] } : schema;
}

function contentOf(types: readonly string[]): Record<string, Schema> {
  return Object.fromEntries(types.map((type) => [type, undescribedBody(type)]));
}

/** Describes a body of which the route declares only the media type. */
function undescribedBody(type: string): JsonSchema {
  if (/json/.test(type)) return { type: 'object' };
  return type.startsWith('text/') || /xml/.test(type) ? { type: 'string' } : { type: 'string', format: 'binary' };
}
