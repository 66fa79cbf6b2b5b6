import type { Request } from 'express';
import { type Language, Problem, type Text } from '../../lib/errors.ts';
import { GEOJSON_TYPE, HTML_TYPE, OPENAPI_TYPE } from './media-types.ts';
import { choiceParameter } from './parameters.ts';

/** Returns Vietnamese unless `lang` or the client's languages prefer English. */
export function negotiateLanguage(request: Request): Language {
  const { lang } = request.query;
  if (lang === 'vi' || lang === 'en') return lang;
  return (request.acceptsLanguages('vi', 'en') || 'vi') as Language;
}

const MEDIA_TYPES = {
  json: ['application/json', GEOJSON_TYPE, OPENAPI_TYPE],
  html: [HTML_TYPE],
} as const;

export type Format = keyof typeof MEDIA_TYPES;

/** `f` and `lang`, for every route that has a page beside its JSON. */
export const formatParameters = {
  f: choiceParameter({ vi: 'Định dạng, thay cho Accept', en: 'Format, in place of Accept' }, ['json', 'html']),
  lang: choiceParameter({ vi: 'Ngôn ngữ của trang', en: 'Language of the page' }, ['vi', 'en']),
};

/** `f`, for every route with JSON only. */
export const documentParameters = { f: choiceParameter({ vi: 'Định dạng', en: 'Format' }, ['json']) };

/**
 * Returns the format of the answer: `f`, else that preferred by Accept, JSON by default.
 * @throws Problem not-acceptable
 */
export function negotiateFormat(request: Request, f: Format | undefined): Format {
  return chooseFormat(request, f, MEDIA_TYPES, {
    vi: 'Có JSON (f=json) và trang web (f=html).',
    en: 'There is JSON (f=json) and a web page (f=html).',
  });
}

/**
 * Returns true if the request prefers a page, among these media types. The route itself refuses an `f` that it lacks.
 */
export function asksForPage(request: Request, types: readonly string[]): boolean {
  if (types.every((type) => type === HTML_TYPE)) return types.length > 0;
  const { f } = request.query;
  return types.includes(HTML_TYPE) && (f === undefined ? request.accepts([...types]) === HTML_TYPE : f === 'html');
}

/**
 * Returns the format of an answer: `f`, else that preferred by Accept, the first one by default.
 * @param types media types of each format
 * @param choices a sentence that names the formats
 * @throws Problem not-acceptable
 */
export function chooseFormat<Name extends string>(
  request: Request,
  f: Name | undefined,
  types: Readonly<Record<Name, readonly string[]>>,
  choices: Text,
): Name {
  if (f) return f;
  const formats = Object.entries<readonly string[]>(types) as [Name, readonly string[]][];
  const accepted = request.accepts(formats.flatMap(([, each]) => each));
  const chosen = formats.find(([, each]) => accepted !== false && each.includes(accepted));
  if (!chosen) throw new Problem('not-acceptable', choices);
  return chosen[0];
}
