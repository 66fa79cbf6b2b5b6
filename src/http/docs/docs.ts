import type { Request } from 'express';
import { z } from 'zod';
import type { Language } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { endpoint } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { HTML_TYPE, MARKDOWN_TYPE, PICTURE_TYPES } from '../kit/media-types.ts';
import { chooseFormat, formatParameters } from '../kit/negotiate.ts';
import { choiceParameter, namedParameter } from '../kit/parameters.ts';
import { bytesReply, type Reply, textReply } from '../kit/reply.ts';
import { pageSchema } from '../kit/shapes.ts';
import { docsPage } from './docs-page.ts';
import { Manual, type ManualPage, readPicture } from './manual.ts';

const QUERY = {
  f: choiceParameter({ vi: 'Định dạng, thay cho Accept', en: 'Format, in place of Accept' }, ['html', 'md']),
  lang: formatParameters.lang,
};
/** Markdown is the default, which clients in a terminal receive. */
const PAGE_FORMATS = { md: [MARKDOWN_TYPE], html: [HTML_TYPE] };
const CHOICES = {
  vi: 'Có trang web (f=html) và Markdown (f=md).',
  en: 'There is a web page (f=html) and Markdown (f=md).',
};
const PAGE = { 200: { content: { [MARKDOWN_TYPE]: z.string(), [HTML_TYPE]: pageSchema } } };

/** `/docs`: the reference, from the files of `docs/`. */
export function docsEndpoints(services: Services) {
  const manual = new Manual();
  const answer = (shown: ManualPage, { query, language, http }: PageRequest): Reply => {
    if (chooseFormat(http, query.f, PAGE_FORMATS, CHOICES) === 'md')
      return textReply(shown.source, `${MARKDOWN_TYPE}; charset=utf-8`, { headers: { vary: 'Accept' } });
    const base = baseUrl(services.config, http);
    const place = { base, url: base + http.originalUrl, format: 'html', language } as const;
    return docsPage(services, place, manual, shown);
  };
  return {
    contents: endpoint({
      tag: 'docs',
      summary: { vi: 'Mục lục hướng dẫn', en: 'The table of contents of the documentation' },
      queryParameters: QUERY,
      responses: PAGE,
      problems: [],
      handle: (asked) => answer(manual.contents, asked),
    }),
    page: endpoint({
      tag: 'docs',
      summary: { vi: 'Một trang hướng dẫn', en: 'A page of the documentation' },
      pathParameters: {
        page: namedParameter({ vi: 'trang hướng dẫn', en: 'page of the documentation' }, manual.pages),
      },
      queryParameters: QUERY,
      responses: PAGE,
      problems: [],
      handle: (asked) => answer(asked.path.page, asked),
    }),
    picture: endpoint({
      tag: 'docs',
      summary: { vi: 'Một hình trong hướng dẫn', en: 'A picture of the documentation' },
      pathParameters: {
        picture: namedParameter({ vi: 'hình', en: 'picture' }, new Map(manual.pictures.map((name) => [name, name]))),
      },
      responses: { 200: [PICTURE_TYPES.webp] },
      problems: [],
      handle: async ({ path }) => bytesReply(await readPicture(path.picture), PICTURE_TYPES.webp),
    }),
  };
}

interface PageRequest {
  readonly query: { readonly f: 'html' | 'md' | undefined };
  readonly language: Language;
  readonly http: Request;
}
