import type { Request } from 'express';
import { z } from 'zod';
import type { BufferJob } from '../../analysis/buffer-result.ts';
import type { Job } from '../../analysis/jobs.ts';
import { BUFFER_LAYER, RESULT_MAX_ZOOM } from '../../analysis/result-tiles.ts';
import { invalidParameter, Problem, type Text } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { tileJson } from '../../tiles/tilejson.ts';
import { documentReply } from '../html/document-page.ts';
import { placeOf, selfLinks } from '../kit/document.ts';
import { baseUrl, type Link } from '../kit/links.ts';
import { GEOJSON_TYPE, HTML_TYPE, MVT_TYPE } from '../kit/media-types.ts';
import { documentParameters, formatParameters, type Language } from '../kit/negotiate.ts';
import { integerParameter, required, textParameter, withDefault } from '../kit/parameters.ts';
import { bytes, empty, json, type Reply, text } from '../kit/reply.ts';
import { DATABASE_PROBLEMS, type Route, route } from '../kit/route.ts';
import { featureCollectionSchema, linksSchema, pageSchema, tileJsonSchema } from '../kit/shapes.ts';
import { explain } from '../layers/explain.ts';
import { requireTile, tilePath } from '../layers/tile-address.ts';
import { resultsContent, statusSchema } from './buffer-outputs.ts';
import { OGC_EXCEPTION, requireOutcome, resultsReply } from './buffer-results.ts';

const jobPath = {
  job: required(textParameter({ vi: 'Mã tác vụ', en: 'Id of the job' }, { max: 64 })),
};

const MESSAGES = {
  accepted: { vi: 'Đang chờ đến lượt', en: 'Waiting for its turn' },
  running: { vi: 'Đang tính', en: 'Running' },
  successful: { vi: 'Xong', en: 'Done' },
  failed: { vi: 'Không thành', en: 'Failed' },
  dismissed: { vi: 'Đã hủy', en: 'Dismissed' },
} as const;

/** statusInfo of the standard. */
export function statusOf(job: Job<BufferJob>, base: string, language: Language): Record<string, unknown> {
  const messages = job.status === 'failed' ? explain(job.error).detail : MESSAGES[job.status];
  const self = `${base}/jobs/${job.id}`;
  return {
    processID: 'buffer',
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

const pageParameters = {
  ...documentParameters,
  layer: textParameter({ vi: 'Lớp; trống: lớp đầu', en: 'Layer; absent: the first' }),
  limit: withDefault(
    integerParameter({ vi: 'Số đối tượng mỗi trang', en: 'Features a page' }, { min: 1, max: 1000 }),
    100,
  ),
  cursor: withDefault(
    integerParameter(
      { vi: 'Chỗ bắt đầu trang, lấy từ liên kết next', en: 'Where the page begins: see the next link' },
      { min: 0, max: 1_000_000 },
    ),
    0,
  ),
};

interface Page {
  readonly layer: string | undefined;
  readonly limit: number;
  readonly cursor: number;
}

/** A page of what was found then: later edits do not move it. */
function featuresPage(job: Job<BufferJob>, { layer, limit, cursor }: Page, base: string): Reply {
  const { features, result } = requireOutcome(job);
  const id = layer ?? [...features.keys()][0] ?? '';
  const list = features.get(id);
  if (!list) {
    const known = [...features.keys()].join(', ');
    throw invalidParameter('layer', { vi: `một lớp của kết quả: ${known}`, en: `a layer of the result: ${known}` });
  }
  const page = list.slice(cursor, cursor + limit);
  const url = (at: number) =>
    `${base}/jobs/${job.id}/features?${new URLSearchParams({ layer: id, limit: String(limit), cursor: String(at) })}`;
  const links: Link[] = [{ href: url(cursor), rel: 'self', type: GEOJSON_TYPE }];
  if (cursor + limit < list.length) links.push({ href: url(cursor + limit), rel: 'next', type: GEOJSON_TYPE });
  const head = {
    type: 'FeatureCollection',
    numberMatched: result.layers.find((each) => each.layer === id)?.count,
    numberReturned: page.length,
    featuresTruncated: result.featuresTruncated,
    links,
  };
  // The features are GeoJSON text already: parsing them here only to write them again would block every other request.
  return text(`${JSON.stringify(head).slice(0, -1)},"features":[${page.join(',')}]}`, GEOJSON_TYPE);
}

function tileJsonOf(
  job: Job<BufferJob>,
  { attribution }: Services,
  { base, language }: { base: string; language: Language },
) {
  const { layers, result } = requireOutcome(job);
  const zooms = { min: 0, max: RESULT_MAX_ZOOM };
  const document = tileJson({
    layers: layers.map((layer) => ({ ...layer, zooms })),
    extents: layers.map(() => result.bbox),
    url: `${base}/jobs/${job.id}/xyz/{z}/{x}/{y}.mvt`,
    attribution: attribution[language],
    language,
  });
  const buffer = {
    id: BUFFER_LAYER,
    description: language === 'vi' ? 'Vùng đệm' : 'Buffer',
    minzoom: zooms.min,
    maxzoom: zooms.max,
    fields: { distanceM: 'Number', areaM2: 'Number' },
  };
  return { ...document, vector_layers: [buffer, ...document.vector_layers] };
}

/** A result can be gone; what a job failed with is told again. */
const RESULT_PROBLEMS = [410, 422, ...DATABASE_PROBLEMS] as const;

const resultPageSchema = featureCollectionSchema.extend({ featuresTruncated: z.boolean() });
const jobListSchema = z.strictObject({ jobs: z.array(statusSchema), links: linksSchema });

/** @throws Problem with the type that the standard gives it */
function requireJob({ jobs }: Services, id: string): Job<BufferJob> {
  try {
    return jobs.require(id);
  } catch (error) {
    if (!(error instanceof Problem) || error.type !== 'not-found') throw error;
    throw new Problem('not-found', error.detail, { type: `${OGC_EXCEPTION}/no-such-job` });
  }
}

function resultRoutes(services: Services): Route[] {
  const base = (http: Request) => baseUrl(services.config, http);
  return [
    route({
      path: '/jobs/:job/features',
      tag: 'processes',
      summary: { vi: 'Đối tượng của kết quả, từng trang', en: 'Features of a result, page by page' },
      pathParameters: jobPath,
      queryParameters: pageParameters,
      responses: { 200: { content: { [GEOJSON_TYPE]: resultPageSchema } } },
      problems: RESULT_PROBLEMS,
      handle: ({ path, query, http }) => featuresPage(requireJob(services, path.job), query, base(http)),
    }),
    route({
      path: '/jobs/:job/xyz/tilejson.json',
      tag: 'processes',
      summary: { vi: 'Mô tả bộ ô của kết quả (TileJSON 3.0)', en: 'TileJSON 3.0 of a result' },
      pathParameters: jobPath,
      responses: { 200: { content: { 'application/json': tileJsonSchema } } },
      problems: RESULT_PROBLEMS,
      handle: ({ path, http, language }) =>
        json(tileJsonOf(requireJob(services, path.job), services, { base: base(http), language })),
    }),
    route({
      path: '/jobs/:job/xyz/:z/:x/:y.mvt',
      tag: 'processes',
      summary: { vi: 'Ô vectơ của kết quả', en: 'Vector tile of a result' },
      pathParameters: { ...jobPath, ...tilePath },
      responses: { 200: [MVT_TYPE], 204: [] },
      problems: RESULT_PROBLEMS,
      handle: async ({ path: { job: id, ...tile } }) => {
        const job = requireJob(services, id);
        const body = await services.resultTiles.render(id, requireOutcome(job), requireTile(tile));
        return body ? bytes(body, MVT_TYPE) : empty();
      },
    }),
  ];
}

const JOBS: Text = { vi: 'Tác vụ', en: 'Jobs' };

function listRoute(services: Services): Route {
  return route({
    path: '/jobs',
    tag: 'processes',
    summary: {
      vi: 'Luôn rỗng: chỉ ai tạo tác vụ mới biết mã của nó',
      en: 'Always empty: a job is known to whoever started it',
    },
    queryParameters: formatParameters,
    responses: { 200: { content: { 'application/json': jobListSchema, [HTML_TYPE]: pageSchema } } },
    problems: [],
    // Whoever knows an id may read and dismiss the job: a list would hand every job to everyone.
    handle: ({ query, language, http }) => {
      const place = placeOf(services.config, http, { f: query.f, language });
      return documentReply(services, place, { jobs: [], links: selfLinks(place) }, { title: JOBS[language] });
    },
  });
}

export function jobRoutes(services: Services): Route[] {
  const { jobs, config } = services;
  const base = (http: Request) => baseUrl(config, http);
  return [
    listRoute(services),
    route({
      path: '/jobs/:job',
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
    route({
      method: 'delete',
      path: '/jobs/:job',
      tag: 'processes',
      summary: { vi: 'Hủy tác vụ, bỏ kết quả', en: 'Dismiss a job and its result' },
      pathParameters: jobPath,
      responses: { 200: { content: { 'application/json': statusSchema } } },
      problems: [410],
      handle: ({ path, http, language }) =>
        json(statusOf(jobs.dismiss(requireJob(services, path.job).id), base(http), language)),
    }),
    route({
      path: '/jobs/:job/results',
      tag: 'processes',
      summary: { vi: 'Kết quả của một tác vụ', en: 'Results of a job' },
      pathParameters: jobPath,
      queryParameters: documentParameters,
      responses: { 200: { content: resultsContent }, 204: [] },
      problems: RESULT_PROBLEMS,
      handle: ({ path, http, language }) => resultsReply(requireJob(services, path.job), base(http), language),
    }),
    ...resultRoutes(services),
  ];
}
