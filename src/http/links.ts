import type { Request } from 'express';
import type { Config } from '../config.ts';

/** Where the client reaches this server, without a slash at the end: DIABA_PUBLIC_URL, else what the request says. */
export function baseUrl(config: Config, request: Request): string {
  return config.publicUrl ?? `${request.protocol}://${request.get('host') ?? `${config.host}:${config.port}`}`;
}

/** Begins the relations that the standards of the OGC define. */
export const OGC_REL = 'http://www.opengis.net/def/rel/ogc/1.0';

/** A link of an OGC API document. */
export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type: string;
  readonly title?: string;
  readonly templated?: boolean;
}

/** The URL with parameters of its query set; undefined takes one away. */
export function withParameters(url: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const [path = '', query = ''] = url.split('?', 2);
  const search = new URLSearchParams(query);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) search.delete(name);
    else search.set(name, value);
  }
  return search.size ? `${path}?${search}` : path;
}
