import { visibleLayers } from '../../access/policy.ts';
import type { Layer } from '../../catalog/layer.ts';
import type { Text } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { type Place, placeOf } from '../document.ts';
import { HTML_TYPE, OPENAPI_TYPE, PROBLEM_TYPE } from '../media-types.ts';
import { formatParameters, type Language } from '../negotiate.ts';
import { apiPage } from '../pages/api-page.ts';
import type { JsonSchema, Parameters } from '../parameters.ts';
import { json } from '../reply.ts';
import { type Route, route, templateOf } from '../route.ts';
import { queryableFields } from './field-values.ts';
import { itemsParameters, RESERVED } from './items.ts';

const ITEMS_PATH = '/collections/{collection}/items';

export function openApiRoutes(services: Services, routes: readonly Route[]): Route[] {
  return [
    route({
      path: '/api',
      tag: 'service',
      summary: { vi: 'Mô tả giao diện (OpenAPI 3.0)', en: 'API description (OpenAPI 3.0)' },
      queryParameters: formatParameters,
      responses: { 200: [OPENAPI_TYPE, HTML_TYPE] },
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

/** The OpenAPI 3.0 document of the routes that exist. */
export function openApi({ routes, layers, place: { base, language }, description }: OpenApiSource) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const each of routes) {
    const path = templateOf(each.path);
    paths[path] = { ...paths[path], [each.method]: operation(each, language) };
    if (path === ITEMS_PATH && each.method === 'get') Object.assign(paths, layerPaths(each, layers, language));
  }
  return {
    openapi: '3.0.3',
    info: { title: 'Địa Bạ', version: '0.1.0', description },
    servers: [{ url: base }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: PROBLEM_SCHEMA },
      // Here, and not at the paths, QGIS looks for the largest page it may ask for.
      parameters: Object.fromEntries(
        describeAll({ limit: itemsParameters.limit }, 'query', language).map((each) => [each.name, each]),
      ),
    },
  };
}

/** RFC 9457, as src/http/problem.ts writes it. */
const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'details'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    details: { type: 'object', required: ['vi', 'en'], properties: { vi: { type: 'string' }, en: { type: 'string' } } },
  },
};

/** The items of each layer by itself: only there can its fields stand as parameters, which GDAL reads to filter by them. */
function layerPaths(items: Route, layers: readonly Layer[], language: Language) {
  return Object.fromEntries(
    layers.map((layer) => {
      const { parameters, ...rest } = operation(items, language);
      const fields = queryableFields(layer, RESERVED).map(({ field, schema }) => ({
        name: field.name,
        in: 'query',
        description: field.title[language],
        required: false,
        schema,
      }));
      const get = {
        ...rest,
        operationId: `${rest.operationId}.${layer.id}`,
        summary: layer.title[language],
        parameters: [...parameters.filter(({ name }) => name !== 'collection'), ...fields],
      };
      return [ITEMS_PATH.replace('{collection}', encodeURIComponent(layer.id)), { get }];
    }),
  );
}

function operation(
  { method, path, tag, summary, pathParameters, queryParameters, body, responses }: Route,
  language: Language,
) {
  const content = (types: readonly string[]) =>
    types.length ? { content: Object.fromEntries(types.map((type) => [type, { schema: bodySchema(type) }])) } : {};
  return {
    operationId: `${method}${templateOf(path).replace(/[^A-Za-z0-9]+/g, '_')}`,
    tags: [tag],
    summary: summary[language],
    parameters: [...describeAll(pathParameters, 'path', language), ...describeAll(queryParameters, 'query', language)],
    ...(body
      ? {
          requestBody: { required: body.required, content: { 'application/json': { schema: asOpenApi(body.schema) } } },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(responses).map(([status, types]) => [
          status,
          { description: SUCCESS[language], ...content(types) },
        ]),
      ),
      default: {
        description: FAILURE[language],
        content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

const SUCCESS: Text = { vi: 'Kết quả', en: 'The answer' };
const FAILURE: Text = { vi: 'Vấn đề, và cách sửa (RFC 9457)', en: 'A problem, and what would be right (RFC 9457)' };

function describeAll(parameters: Parameters, place: 'path' | 'query', language: Language) {
  return Object.entries(parameters).map(([name, { description, schema, required }]) => ({
    name,
    in: place,
    description: description[language],
    required: place === 'path' || required === true,
    schema: asOpenApi(schema),
    ...(schema.type === 'array' ? { style: 'form', explode: false } : {}),
  }));
}

/** OpenAPI 3.0 knows `example` where JSON Schema has `examples`. */
function asOpenApi({ examples, ...schema }: JsonSchema): JsonSchema {
  return Array.isArray(examples) ? { ...schema, example: examples[0] } : schema;
}

function bodySchema(type: string): JsonSchema {
  if (/json/.test(type)) return { type: 'object' };
  return type.startsWith('text/') ? { type: 'string' } : { type: 'string', format: 'binary' };
}
