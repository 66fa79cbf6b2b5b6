import { z } from 'zod';
import { LIMITS } from '../../analysis/buffer-request.ts';
import { OUTPUTS } from '../../analysis/buffer-result.ts';
import { JOB_LIMITS } from '../../analysis/jobs.ts';
import { listPresets } from '../../analysis/presets.ts';
import { Problem, type Text } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { documentReply } from '../html/document-page.ts';
import { type Place, placeOf, selfLinks } from '../kit/document.ts';
import { baseUrl } from '../kit/links.ts';
import { HTML_TYPE } from '../kit/media-types.ts';
import { formatParameters, type Language } from '../kit/negotiate.ts';
import {
  choiceParameter,
  integerParameter,
  type JsonSchema,
  type Parameter,
  required,
  withDefault,
} from '../kit/parameters.ts';
import { json } from '../kit/reply.ts';
import { DATABASE_PROBLEMS, type Incoming, type Route, route } from '../kit/route.ts';
import { pageSchema } from '../kit/shapes.ts';
import { executeSchema, inputsSchema, readExecution } from './buffer-inputs.ts';
import {
  OUTPUT_SCHEMAS,
  presetSchema,
  processListSchema,
  processSchema,
  resultsContent,
  statusSchema,
} from './buffer-outputs.ts';
import { OGC_EXCEPTION, resultsReply } from './buffer-results.ts';
import { statusOf } from './jobs.ts';

const TITLE: Text = { vi: 'Vùng đệm', en: 'Buffer' };

const ABOUT: Text = {
  vi: `Những gì nằm trong một khoảng cách quanh một hình học, hoặc quanh các đối tượng của một lớp; đo trong VN-2000. Trả về vùng đệm, số đếm, diện tích theo loại đất và theo đơn vị, các đối tượng (từng trang) và bộ ô. Kết quả giữ trong bộ nhớ ${JOB_LIMITS.age / 60_000} phút, nhiều nhất ${JOB_LIMITS.kept} tác vụ; máy chủ khởi động lại thì mất. Đất nhiều mục đích: diện tích bên trong chia theo tỉ lệ diện tích các mục đích trên giấy.`,
  en: `What lies within a distance of a geometry, or of features of a layer, measured in VN-2000. Gives the buffer, counts, areas by land use and by unit, the features (paged) and tiles. Results are kept in memory for ${JOB_LIMITS.age / 60_000} minutes, ${JOB_LIMITS.kept} jobs at most; a restart loses them. Of a parcel of several uses the area inside is shared out as the areas of its uses are.`,
};

const INPUTS: Readonly<Record<keyof typeof inputsSchema.shape, Text>> = {
  geometry: {
    vi: `Hình học GeoJSON, hướng đông trước hướng bắc sau dù "crs" nói gì; nhiều nhất ${LIMITS.vertices} đỉnh; bỏ độ cao. Hoặc "features".`,
    en: `GeoJSON geometry, east before north whatever "crs" says (EPSG:4326 too); at most ${LIMITS.vertices} vertices; heights are dropped. Or "features".`,
  },
  crs: { vi: 'Hệ tọa độ của "geometry", mặc định CRS84', en: 'CRS of "geometry", CRS84 by default' },
  features: {
    vi: `Đối tượng của một lớp theo "ids" (nhiều nhất ${LIMITS.ids}) và/hoặc "filter" (CQL2 JSON: and, or, not, =, <>, <, <=, >, >=, between, in, like, isNull, s_intersects); nhiều nhất ${LIMITS.features} đối tượng`,
    en: `Features of a layer by "ids" (at most ${LIMITS.ids}) and/or "filter" (CQL2 JSON: and, or, not, =, <>, <, <=, >, >=, between, in, like, isNull, s_intersects); at most ${LIMITS.features} features`,
  },
  distance: {
    vi: 'Khoảng cách, mét; đúng như đã cho, kể cả từ tim tuyến',
    en: 'Distance in metres; taken as given, from a centre line too',
  },
  preset: {
    vi: 'Quy định khoảng cách (/processes/buffer/presets) thay cho "distance"; tính từ mép: của vùng, hoặc của đường có bề rộng ("width", width_m)',
    en: 'A distance rule (/processes/buffer/presets) in place of "distance"; it runs from the edge of an area, or of a line whose width is known ("width", width_m)',
  },
  width: {
    vi: 'Bề rộng (mét) của đường trong "geometry": "preset" tính từ mép thì cộng thêm một nửa; không có thì bị từ chối',
    en: 'Width in metres of the lines of "geometry": half of it is added to a "preset" that runs from the edge, which is refused without it',
  },
  layers: { vi: 'Các lớp cần báo cáo', en: 'Layers to report' },
  relation: {
    vi: 'intersecting: chạm hoặc nằm trong; within: nằm trọn; clipped: cắt theo vùng đệm',
    en: 'intersecting: touches or lies in; within: wholly inside; clipped: cut at the buffer',
  },
};

/** For the process description, which has no components to refer to. */
function inlined(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

function summaryOf(base: string, language: Language) {
  return {
    id: 'buffer',
    version: '1.0.0',
    title: TITLE[language],
    description: ABOUT[language],
    jobControlOptions: ['sync-execute', 'async-execute', 'dismiss'],
    outputTransmission: ['value'],
    links: [
      { href: `${base}/processes/buffer`, rel: 'self', type: 'application/json' },
      {
        href: `${base}/processes/buffer/execution`,
        rel: 'http://www.opengis.net/def/rel/ogc/1.0/execute',
        type: 'application/json',
      },
      { href: `${base}/processes/buffer/presets`, rel: 'related', type: 'application/json' },
    ],
  };
}

function descriptionOf(base: string, language: Language) {
  const inputs = Object.entries(inputsSchema.shape).map(([name, schema]) => {
    const description = INPUTS[name as keyof typeof INPUTS][language];
    return [name, { title: name, description, schema: inlined(schema), minOccurs: 0, maxOccurs: 1 }];
  });
  const outputs = OUTPUTS.map((name) => [
    name,
    {
      title: OUTPUT_SCHEMAS[name].title[language],
      schema: { ...inlined(OUTPUT_SCHEMAS[name].schema), contentMediaType: OUTPUT_SCHEMAS[name].type },
    },
  ]);
  return { ...summaryOf(base, language), inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(outputs) };
}

/** A requirement of the standard (7.9): there is one process, so every page is the whole list. */
const limitParameter = withDefault(
  integerParameter({ vi: 'Nhiều nhất bao nhiêu tiến trình', en: 'At most this many processes' }, { min: 1, max: 1000 }),
  100,
);

const processParameter: Parameter<string> = {
  ...choiceParameter({ vi: 'Mã tiến trình', en: 'Id of the process' }, ['buffer']),
  read: (id) => {
    if (id === 'buffer') return id;
    const shown = id.slice(0, 60);
    throw new Problem(
      'not-found',
      {
        vi: `Không có tiến trình "${shown}". Hiện có: buffer.`,
        en: `There is no process "${shown}". There is: buffer.`,
      },
      { type: `${OGC_EXCEPTION}/no-such-process` },
    );
  },
};
const processPath = { process: required(processParameter) };

const preferParameter: Parameter<string> = {
  description: {
    vi: '"respond-async": chạy nền (RFC 7240); điều khác được bỏ qua',
    en: '"respond-async": in the background (RFC 7240); anything else is ignored',
  },
  schema: { type: 'string', example: 'respond-async' },
  expected: { vi: 'chữ', en: 'text' },
  read: (text) => text,
};

const supersededParameter = withDefault(
  choiceParameter(
    {
      vi: 'true: cả quy định đã bị thay thế (validity: superseded)',
      en: 'true: superseded rules too (validity: superseded)',
    },
    ['true', 'false'],
  ),
  'false',
);

const RESPOND_ASYNC = 'respond-async';

function prefersAsync(header: string | undefined): boolean {
  return (header ?? '').split(/[,;]/).some((preference) => preference.trim().toLowerCase() === RESPOND_ASYNC);
}

async function execute(
  { config, db, catalog, analysis, jobs, log }: Services,
  {
    body,
    headers,
    principal,
    signal,
    http,
    language,
  }: Omit<Incoming<never, never, { prefer: Parameter<string> }>, 'path' | 'query'>,
) {
  const { request, asked } = await readExecution(body, { catalog: catalog.current(), principal, db, signal });
  const prepared = await analysis.prepare(request, { signal });
  const { id } = jobs.start(async (context) => {
    try {
      return { ...(await analysis.run(prepared, context)), ...asked };
    } catch (error) {
      if (!(error instanceof Problem) && !context.signal.aborted) log.error({ err: error }, 'buffer failed');
      throw error;
    }
  });
  const base = baseUrl(config, http);
  const url = `${base}/jobs/${id}`;
  if (prefersAsync(headers.prefer)) {
    const headers = { location: url, 'preference-applied': RESPOND_ASYNC };
    return json(statusOf(jobs.require(id), base, language), { status: 201, headers });
  }
  const dismiss = () => void jobs.dismiss(id);
  signal.addEventListener('abort', dismiss, { once: true });
  if (signal.aborted) dismiss();
  const job = await jobs.ended(id);
  signal.removeEventListener('abort', dismiss);
  return resultsReply(job, base, language, { link: `<${url}>; rel="monitor"` });
}

function executionRoute(services: Services): Route {
  return route({
    method: 'post',
    path: '/processes/:process/execution',
    tag: 'processes',
    summary: {
      vi: 'Tính vùng đệm; "Prefer: respond-async" để chạy nền',
      en: 'Run a buffer; "Prefer: respond-async" for the background',
    },
    pathParameters: processPath,
    headerParameters: { prefer: preferParameter },
    body: { required: true, schema: executeSchema },
    responses: {
      200: { content: resultsContent, headers: { Link: { vi: 'Tác vụ (monitor)', en: 'The job (monitor)' } } },
      204: [],
      201: {
        content: { 'application/json': statusSchema },
        headers: {
          Location: { vi: 'Trạng thái của tác vụ', en: 'Status of the job' },
          'Preference-Applied': { vi: 'respond-async', en: 'respond-async' },
        },
      },
    },
    problems: [410, 422, ...DATABASE_PROBLEMS],
    handle: (incoming) => execute(services, incoming),
  });
}

const PROCESSES: Text = { vi: 'Phân tích', en: 'Processes' };
const PRESETS: Text = { vi: 'Khoảng cách bảo vệ, an toàn', en: 'Protection and safety distances' };

export function processRoutes(services: Services): Route[] {
  const { config, db } = services;
  const step = ({ base, language }: Place) => [PROCESSES[language], `${base}/processes`] as const;
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
        const document = { processes: [summaryOf(place.base, language)], links: selfLinks(place) };
        return documentReply(services, place, document, { title: PROCESSES[language] });
      },
    }),
    route({
      path: '/processes/:process',
      tag: 'processes',
      summary: { vi: 'Mô tả một tiến trình', en: 'Description of a process' },
      pathParameters: processPath,
      queryParameters: formatParameters,
      responses: { 200: { content: { 'application/json': processSchema, [HTML_TYPE]: pageSchema } } },
      problems: [],
      handle: ({ query, http, language }) => {
        const place = placeOf(config, http, { f: query.f, language });
        const options = { title: TITLE[language], steps: [step(place)] };
        return documentReply(services, place, descriptionOf(place.base, language), options);
      },
    }),
    route({
      path: '/processes/buffer/presets',
      tag: 'processes',
      summary: {
        vi: 'Khoảng cách bảo vệ, an toàn và căn cứ',
        en: 'Protection and safety distances with their legal basis',
      },
      queryParameters: { superseded: supersededParameter, ...formatParameters },
      responses: { 200: { content: { 'application/json': presetListSchema, [HTML_TYPE]: pageSchema } } },
      handle: async ({ query, http, language, signal }) => {
        const place = placeOf(config, http, { f: query.f, language });
        const options = { title: PRESETS[language], steps: [step(place)] };
        const presets = await listPresets(db, query.superseded === 'true', { signal });
        return documentReply(services, place, { presets }, options);
      },
    }),
    executionRoute(services),
  ];
}

const presetListSchema = z.strictObject({ presets: z.array(presetSchema) });
