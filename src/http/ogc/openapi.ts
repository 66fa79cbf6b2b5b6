import { z } from 'zod';
import { visibleLayers } from '../../access/policy.ts';
import type { Layer } from '../../catalog/layer.ts';
import { problemTypes, type Text } from '../../errors.ts';
import { isEditable } from '../../features/edit.ts';
import { sortableFields } from '../../features/sort.ts';
import type { Services } from '../../services.ts';
import { type Place, placeOf } from '../document.ts';
import { HTML_TYPE, OPENAPI_TYPE, PROBLEM_TYPE } from '../media-types.ts';
import { formatParameters, type Language } from '../negotiate.ts';
import { apiPage } from '../pages/api-page.ts';
import type { DescribedParameter, DescribedParameters, JsonSchema } from '../parameters.ts';
import { TITLES } from '../problem.ts';
import { json } from '../reply.ts';
import { type Answer, type Body, bodyTypes, type Route, route, templateOf } from '../route.ts';
import { referredSchemas, type Schema, toJsonSchema } from '../schema.ts';
import { pageSchema, problemSchema } from '../shapes.ts';
import { queryableFields } from './field-values.ts';
import { itemsParameters, RESERVED } from './items.ts';

const ITEMS_PATH = '/collections/{collection}/items';

const openApiSchema = z.looseObject({
  openapi: z.literal('3.0.3'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

export function openApiRoutes(services: Services, routes: readonly Route[]): Route[] {
  return [
    route({
      path: '/api',
      tag: 'service',
      summary: { vi: 'Mô tả giao diện (OpenAPI 3.0)', en: 'API description (OpenAPI 3.0)' },
      queryParameters: formatParameters,
      responses: { 200: { content: { [OPENAPI_TYPE]: openApiSchema, [HTML_TYPE]: pageSchema } } },
      problems: [],
      handle: ({ query, principal, language, http }) => {
        const place = placeOf(services.config, http, { f: query.f, language });
        if (place.format === 'html') return apiPage({ services, routes, place });
        const layers = visibleLayers(services.catalog.current(), principal);
        const description = services.attribution[language];
        return json(openApi({ routes, layers, place, description }), { type: OPENAPI_TYPE });
      },
    }),
  ];
}

interface OpenApiSource {
  readonly routes: readonly Route[];
  readonly layers: readonly Layer[];
  readonly place: Place;
  readonly description: string;
}

/** The OpenAPI 3.0 document of the routes that exist, and of nothing else. */
export function openApi({ routes, layers, place: { base, language }, description }: OpenApiSource) {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const each of routes) {
    const path = templateOf(each.path);
    const described = operation(each, language);
    const shown = each.method === 'get' ? layers : layers.filter(isEditable);
    paths[path] = { ...paths[path], [each.method]: withLayerIds(described, shown) };
    if (path !== ITEMS_PATH) continue;
    for (const layer of shown) {
      const own = ITEMS_PATH.replace('{collection}', encodeURIComponent(layer.id));
      paths[own] = { ...paths[own], [each.method]: ofLayer(described, each, { layer, language }) };
    }
  }
  const statuses = [...new Set(routes.flatMap(({ problems }) => problems))].sort((a, b) => a - b);
  const responses = Object.fromEntries(statuses.map((status) => [`Problem${status}`, problemAnswer(status, language)]));
  return {
    openapi: '3.0.3',
    info: { title: 'Địa Bạ', version: '0.1.0', description },
    servers: [{ url: base }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: referredSchemas([paths, responses]),
      responses,
      headers: { ETag: { description: ETAG[language], schema: { type: 'string' } } },
      // Here, and not at the paths, QGIS looks for the largest page it may ask for.
      parameters: { limit: describeParameter('limit', itemsParameters.limit, { place: 'query', language }) },
    },
  };
}

type Operation = ReturnType<typeof operation>;

function operation(route: Route, language: Language) {
  const { method, path, tag, summary, pathParameters, queryParameters, headerParameters, body, responses } = route;
  const answers = Object.entries(responses).map(([status, answer]) => [
    status,
    describeAnswer(answer, { hasTag: method === 'get' && status === '200', language }),
  ]);
  const problems = route.problems.map((status) => [
    status,
    route.reportType !== undefined && status !== 500
      ? describeAnswer(
          { content: { [route.reportType]: anyOf(route.reportType) }, description: titleOf(status) },
          { hasTag: false, language },
        )
      : { $ref: `#/components/responses/Problem${status}` },
  ]);
  return {
    operationId: `${method}${templateOf(path).replace(/[^A-Za-z0-9]+/g, '_')}`,
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

/** A collection can be named by its id only, and changed only where it can be edited. */
function withLayerIds(described: Operation, layers: readonly Layer[]): Operation {
  if (layers.length === 0) return described;
  const schema = { type: 'string', enum: layers.map(({ id }) => id) };
  const parameters = described.parameters.map((each) =>
    each.in === 'path' && each.name === 'collection' ? { ...each, schema } : each,
  );
  return { ...described, parameters };
}

/** The items of a layer by itself: only there can its fields stand as parameters, which GDAL reads to filter by them. */
function ofLayer(described: Operation, { method }: Route, { layer, language }: { layer: Layer; language: Language }) {
  const fields = queryableFields(layer, RESERVED).map(({ field, schema }) => ({
    name: field.name,
    in: 'query' as const,
    description: field.title[language],
    required: false,
    schema,
  }));
  const lists: Readonly<Record<string, readonly string[]>> = {
    properties: layer.fields.map(({ name }) => name),
    sortby: sortableFields(layer.fields).flatMap(({ name }) => [name, `+${name}`, `-${name}`]),
  };
  return {
    ...described,
    operationId: `${described.operationId}.${layer.id}`,
    summary: layer.title[language],
    parameters: [
      ...described.parameters
        .filter(({ name }) => name !== 'collection')
        .map((each) => withItems(each, lists[each.name])),
      ...(method === 'get' ? fields : []),
    ],
  };
}

/** A list of no other values than these. */
function withItems(
  parameter: ReturnType<typeof describeParameter>,
  values: readonly string[] = [],
): ReturnType<typeof describeParameter> {
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
  const described =
    'content' in answer
      ? answer
      : { content: Object.fromEntries(answer.map((type): [string, Schema] => [type, anyOf(type)])) };
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

/** Told to a browser as a page, to everyone else as RFC 9457 has it. */
function problemAnswer(status: number, language: Language) {
  const types = problemTypes(status).map((type) => `urn:diaba:problem:${type}`);
  return describeAnswer(
    {
      content: { [PROBLEM_TYPE]: problemSchema, [HTML_TYPE]: anyOf(HTML_TYPE) },
      description: { vi: `${TITLES.vi[status]}: ${types.join(', ')}`, en: `${TITLES.en[status]}: ${types.join(', ')}` },
    },
    { hasTag: false, language },
  );
}

function titleOf(status: number): Text {
  return { vi: TITLES.vi[status] ?? '', en: TITLES.en[status] ?? '' };
}

type ParameterPlace = 'path' | 'query' | 'header';

function describeAll(parameters: DescribedParameters, place: ParameterPlace, language: Language) {
  return Object.entries(parameters).map(([name, parameter]) => describeParameter(name, parameter, { place, language }));
}

function describeParameter(
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
      ? { schema: asOpenApi(schema), ...(schema.type === 'array' ? { style: 'form', explode: false } : {}) }
      : { content: { [type]: { schema } } }),
  };
}

/** OpenAPI 3.0 knows `example` where JSON Schema has `examples`. */
function asOpenApi({ examples, ...schema }: JsonSchema): JsonSchema {
  return Array.isArray(examples) ? { ...schema, example: examples[0] } : schema;
}

/** What is known of a body whose route says its media type only. */
function anyOf(type: string): JsonSchema {
  if (/json/.test(type)) return { type: 'object' };
  return type.startsWith('text/') || /xml/.test(type) ? { type: 'string' } : { type: 'string', format: 'binary' };
}
