import type { Request } from 'express';
import { z } from 'zod';
import type { ProcessJob, ResultFeatures, ResultLayer } from '../../analysis/process.ts';
import { RESULT_MAX_ZOOM } from '../../analysis/result-tiles.ts';
import { invalidParameter, notFound } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { describeLayers, type TileJson, tileJson } from '../../tiles/tilejson.ts';
import { endpoint } from '../kit/endpoint.ts';
import { baseUrl, type Link } from '../kit/links.ts';
import { GEOJSON_TYPE, MVT_TYPE } from '../kit/media-types.ts';
import { documentParameters, type Language } from '../kit/negotiate.ts';
import { integerParameter, textParameter, withDefault } from '../kit/parameters.ts';
import { bytes, empty, json, type Reply, text } from '../kit/reply.ts';
import { featureCollectionSchema, tileJsonSchema } from '../kit/shapes.ts';
import { requireTile, tilePath } from '../layers/tile-address.ts';
import { jobPath, RESULT_PROBLEMS, requireJob } from './job.ts';
import { requireOutcome } from './results.ts';

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

const resultPageSchema = featureCollectionSchema.extend({ featuresTruncated: z.boolean() });

/** @throws Problem not-found if the process returned no features */
function requireFeatures(job: ProcessJob): ResultFeatures {
  const { features } = requireOutcome(job);
  if (features) return features;
  const { id, title } = job.asked.process;
  throw notFound({
    vi: `Kết quả của "${title.vi}" (${id}) không có đối tượng trên bản đồ; xem /jobs/${job.id}/results.`,
    en: `A result of "${title.en}" (${id}) has no features; see /jobs/${job.id}/results.`,
  });
}

interface Page {
  readonly layer: string | undefined;
  readonly limit: number;
  readonly cursor: number;
}

/** Returns a page of the stored result, which later edits do not move. */
function featuresPage(job: ProcessJob, { layer, limit, cursor }: Page, base: string): Reply {
  const { found, isTruncated } = requireFeatures(job);
  const shown = layer === undefined ? found[0] : found.find(({ id }) => id === layer);
  if (!shown) {
    const known = found.map(({ id }) => id).join(', ');
    throw invalidParameter('layer', { vi: `một lớp của kết quả: ${known}`, en: `a layer of the result: ${known}` });
  }
  const { id, count, features } = shown;
  const page = features.slice(cursor, cursor + limit);
  const url = (at: number) =>
    `${base}/jobs/${job.id}/features?${new URLSearchParams({ layer: id, limit: String(limit), cursor: String(at) })}`;
  const links: Link[] = [{ href: url(cursor), rel: 'self', type: GEOJSON_TYPE }];
  if (cursor + limit < features.length) links.push({ href: url(cursor + limit), rel: 'next', type: GEOJSON_TYPE });
  const head = {
    type: 'FeatureCollection',
    numberMatched: count,
    numberReturned: page.length,
    featuresTruncated: isTruncated,
    links,
  };
  // The features are GeoJSON text already: parsing and writing them again would block every other request.
  return text(`${JSON.stringify(head).slice(0, -1)},"features":[${page.join(',')}]}`, GEOJSON_TYPE);
}

function tileJsonOf(
  job: ProcessJob,
  { attribution }: Services,
  { base, language }: { base: string; language: Language },
): TileJson {
  const { created, found, bbox } = requireFeatures(job);
  const zooms = { min: 0, max: RESULT_MAX_ZOOM };
  const shown = (layers: readonly ResultLayer[]) => layers.map((layer) => ({ ...layer, zooms }));
  const document = tileJson({
    layers: shown(found),
    extents: found.map(() => bbox),
    url: `${base}/jobs/${job.id}/xyz/{z}/{x}/{y}.mvt`,
    attribution: attribution[language],
    language,
  });
  return { ...document, vector_layers: describeLayers(shown([...created, ...found]), language) };
}

export function jobFeatureEndpoints(services: Services) {
  const base = (http: Request) => baseUrl(services.config, http);
  return {
    features: endpoint({
      tag: 'processes',
      summary: { vi: 'Đối tượng của kết quả, từng trang', en: 'Features of a result, page by page' },
      pathParameters: jobPath,
      queryParameters: pageParameters,
      responses: { 200: { content: { [GEOJSON_TYPE]: resultPageSchema } } },
      problems: RESULT_PROBLEMS,
      handle: ({ path, query, http }) => featuresPage(requireJob(services, path.job), query, base(http)),
    }),
    tileJson: endpoint({
      tag: 'processes',
      summary: { vi: 'Mô tả bộ ô của kết quả (TileJSON 3.0)', en: 'TileJSON 3.0 of a result' },
      pathParameters: jobPath,
      responses: { 200: { content: { 'application/json': tileJsonSchema } } },
      problems: RESULT_PROBLEMS,
      handle: ({ path, http, language }) =>
        json(tileJsonOf(requireJob(services, path.job), services, { base: base(http), language })),
    }),
    tile: endpoint({
      tag: 'processes',
      summary: { vi: 'Ô vectơ của kết quả', en: 'Vector tile of a result' },
      pathParameters: { ...jobPath, ...tilePath },
      responses: { 200: [MVT_TYPE], 204: [] },
      problems: RESULT_PROBLEMS,
      handle: async ({ path: { job: id, ...tile } }) => {
        const features = requireFeatures(requireJob(services, id));
        const body = await services.resultTiles.render(id, features, requireTile(tile));
        return body ? bytes(body, MVT_TYPE) : empty();
      },
    }),
  };
}
