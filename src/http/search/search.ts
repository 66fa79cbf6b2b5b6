import type { Principal } from '../../access/principal.ts';
import { Problem, type Text } from '../../lib/errors.ts';
import type { SearchAnswer } from '../../search/answer.ts';
import { HIT_TYPES, type HitType } from '../../search/hit.ts';
import type { Services } from '../../services.ts';
import { COST } from '../kit/cost.ts';
import { type DocumentPlace, documentPlace, selfLinks } from '../kit/document.ts';
import { endpoint } from '../kit/endpoint.ts';
import { withParameters } from '../kit/links.ts';
import { HTML_TYPE } from '../kit/media-types.ts';
import { formatParameters } from '../kit/negotiate.ts';
import { codePoints, integerParameter, type Parameter, required, withDefault } from '../kit/parameters.ts';
import { jsonReply, type Reply } from '../kit/reply.ts';
import { pageSchema } from '../kit/shapes.ts';
import { visibleHolders } from '../layers/visible-holders.ts';
import { linkAnswer } from './linked-answer.ts';
import { searchPage } from './search-page.ts';
import { LONGEST_QUESTION, searchBodySchema, searchSchema } from './search-shapes.ts';

const DEFAULT_LIMIT = 20;
/** Longest question of a URL; a longer one is posted. */
const LONGEST_OF_URL = 8000;
/** Control characters other than those between the columns and lines of a list. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are refused here
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const questionParameter: Parameter<string> = {
  description: {
    vi: 'Câu hỏi: số tờ, số thửa, địa danh, đường, mã trạm, tọa độ, hoặc danh sách góc thửa',
    en: 'The question: sheet and number, place, road, code of a station, coordinates, or a list of corners',
  },
  schema: { type: 'string', minLength: 1, maxLength: LONGEST_OF_URL },
  expected: {
    vi: `chữ, từ 1 đến ${LONGEST_OF_URL} ký tự trong URL không quá 16 KB (dài hơn: POST /search)`,
    en: `text of 1 to ${LONGEST_OF_URL} characters in a URL of at most 16 KB (longer: POST /search)`,
  },
  read: (text) => readQuestionText(text, LONGEST_OF_URL),
};

const typesParameter: Parameter<readonly HitType[]> = {
  description: { vi: 'Chỉ tìm các loại này', en: 'Only hits of these types' },
  schema: { type: 'array', minItems: 1, items: { type: 'string', enum: HIT_TYPES } },
  expected: { vi: `các loại trong: ${HIT_TYPES.join(', ')}`, en: `types out of: ${HIT_TYPES.join(', ')}` },
  read: (text) => {
    const types = text.split(',').map((name) => HIT_TYPES.find((type) => type === name));
    return types.every((type) => type !== undefined) ? types : undefined;
  },
};

const parameters = {
  q: required(questionParameter),
  types: typesParameter,
  limit: withDefault(
    integerParameter({ vi: 'Nhiều nhất bao nhiêu kết quả', en: 'At most this many hits' }, { min: 1, max: 100 }),
    DEFAULT_LIMIT,
  ),
  offset: withDefault(
    integerParameter({ vi: 'Bỏ qua bao nhiêu kết quả đầu', en: 'Skip this many hits' }, { min: 0, max: 100_000 }),
    0,
  ),
};

function readQuestionText(text: string, longest: number): string | undefined {
  const value = text.normalize('NFC').trim();
  return value !== '' && codePoints(value) <= longest && !CONTROLS.test(value) ? value : undefined;
}

/** @throws Problem invalid-body */
function readSearchBody(body: unknown) {
  const { data } = searchBodySchema.safeParse(body);
  const q = data && readQuestionText(data.q, LONGEST_QUESTION);
  if (!data || q === undefined) throw new Problem('invalid-body', WRONG_BODY);
  return { ...data, q };
}

const WRONG_BODY: Text = {
  vi: `Nội dung phải là JSON {"q": câu hỏi, từ 1 đến ${LONGEST_QUESTION} ký tự, "types": [loại], "limit": 1–100, "offset": 0–100000}; chỉ "q" là bắt buộc.`,
  en: `The body must be JSON {"q": a question of 1 to ${LONGEST_QUESTION} characters, "types": [types], "limit": 1-100, "offset": 0-100000}; only "q" is required.`,
};

export function searchEndpoints(services: Services) {
  const responses = { 200: { content: { 'application/json': searchSchema, [HTML_TYPE]: pageSchema } } };
  const seenBy = (principal: Principal) => {
    const catalog = services.catalogFor(principal);
    return { layers: new Set(catalog.layers.map(({ id }) => id)), holders: visibleHolders(catalog) };
  };
  return {
    ask: endpoint({
      tag: 'search',
      cost: COST.page,
      summary: {
        vi: 'Tìm thửa đất, địa danh, đường, trạm, tọa độ bằng lời thường',
        en: 'Parcels, places, roads, stations and coordinates, in plain words',
      },
      queryParameters: { ...parameters, ...formatParameters },
      responses,
      handle: async ({ query: { f, lang: _, ...asked }, principal, language, signal, http }) => {
        const place = documentPlace(services.config, http, { f, language });
        const answer = await services.search.ask(asked.q, { ...asked, ...seenBy(principal), signal });
        if (place.format === 'html')
          return searchPage({
            services,
            q: asked.q,
            answer: linkAnswer(answer, place),
            place,
            next: nextOf(place, answer, asked.offset),
          });
        return reply(asked.q, answer, place, asked.offset);
      },
    }),
    post: endpoint({
      tag: 'search',
      cost: COST.page,
      summary: { vi: 'Tìm bằng câu hỏi dài, như danh sách góc thửa', en: 'A long question, such as a list of corners' },
      body: { required: true, schema: searchBodySchema },
      responses: { 200: { content: { 'application/json': searchSchema } } },
      handle: async ({ body, principal, language, signal, http }) => {
        const place = documentPlace(services.config, http, { f: 'json', language });
        const { q, types, limit = DEFAULT_LIMIT, offset = 0 } = readSearchBody(body);
        const seen = seenBy(principal);
        return reply(q, await services.search.ask(q, { types, limit, offset, ...seen, signal }), place);
      },
    }),
  };
}

/** @param offset of a question that has a next page */
function reply(q: string, answer: SearchAnswer, place: DocumentPlace, offset?: number): Reply {
  const { hits, numberMatched, ...rest } = linkAnswer(answer, place);
  const next = offset === undefined ? undefined : nextOf(place, answer, offset);
  return jsonReply({
    q,
    numberMatched,
    numberReturned: hits.length,
    ...rest,
    hits,
    ...(next ? { next } : {}),
    links: offset === undefined ? [] : selfLinks(place),
  });
}

/** Returns the URL of the next page; undefined on the last. */
function nextOf(
  { url }: DocumentPlace,
  { hits, numberMatched, coordinates, polygon }: SearchAnswer,
  offset: number,
): string | undefined {
  const next = offset + hits.length;
  const isPaged = !coordinates && !polygon && hits.length > 0 && next < numberMatched;
  return isPaged ? withParameters(url, { offset: String(next) }) : undefined;
}
