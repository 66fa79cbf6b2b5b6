import type { Request } from 'express';
import type { Config } from '../../config.ts';
import type { Language, Text } from '../../lib/errors.ts';
import { baseUrl, type Link, withParameters } from './links.ts';
import { HTML_TYPE } from './media-types.ts';
import { type Format, negotiateFormat } from './negotiate.ts';

/** The URL of a document, and the requested form. */
export interface DocumentPlace {
  readonly base: string;
  /** The document's own URL, with its query. */
  readonly url: string;
  readonly format: Format;
  readonly language: Language;
}

/** @throws Problem not-acceptable */
export function documentPlace(
  config: Config,
  request: Request,
  asked: { f: Format | undefined; language: Language },
): DocumentPlace {
  const base = baseUrl(config, request);
  const format = negotiateFormat(request, asked.f);
  return { base, url: base + request.originalUrl, format, language: asked.language };
}

const ALTERNATES: Record<Format, Text> = {
  json: { vi: 'Tài liệu này dạng JSON', en: 'This document as JSON' },
  html: { vi: 'Tài liệu này dạng trang web', en: 'This document as a web page' },
};

/**
 * Returns the links `self` and `alternate`.
 * @param jsonType the media type of the document's JSON
 */
export function selfLinks({ url, format, language }: DocumentPlace, jsonType = 'application/json'): Link[] {
  const link = (rel: string, as: Format): Link => ({
    href: withParameters(url, { f: as }),
    rel,
    type: as === 'json' ? jsonType : HTML_TYPE,
    title: ALTERNATES[as][language],
  });
  return format === 'json'
    ? [link('self', 'json'), link('alternate', 'html')]
    : [link('self', 'html'), link('alternate', 'json')];
}

/** Returns the URL of a collection. Its id is any text that PostgreSQL accepts as a name. */
export function collectionUrl(base: string, id: string): string {
  return `${base}/collections/${encodeURIComponent(id)}`;
}
