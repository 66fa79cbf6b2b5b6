import type { Request } from 'express';
import type { Config } from '../../config.ts';
import { wrongParameter } from '../../lib/errors.ts';
import type { ValueOf } from '../../lib/schema.ts';
import { forwardedBy, isHost } from './forwarded.ts';
import type { linkSchema } from './shapes.ts';

/**
 * Returns the base URL for clients, without a slash at the end. It comes from DIABA_PUBLIC_URL, else from a trusted
 * proxy, else from the request.
 * @throws Problem if that is no valid host, because links would lead clients there
 */
export function baseUrl({ publicUrl, host, port }: Config, request: Request): string {
  if (publicUrl !== undefined) return publicUrl;
  const forwarded = forwardedBy(request);
  const given = forwarded.host ?? request.get('host') ?? `${host}:${port}`;
  if (isHost(given)) return `${forwarded.protocol ?? 'http'}://${given}${forwarded.prefix ?? ''}`;
  throw wrongParameter('Host', {
    vi: 'Tiêu đề Host phải là tên máy hoặc địa chỉ, có thể kèm cổng.',
    en: 'The header Host must be a name or an address, with or without a port.',
  });
}

/** Prefix of the relations that OGC standards define. */
export const OGC_REL = 'http://www.opengis.net/def/rel/ogc/1.0';

/** A link of an OGC API document. */
export type Link = ValueOf<typeof linkSchema>;

/** Returns the URL with parameters of its query set; undefined removes one. */
export function withParameters(url: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const [path = '', ...query] = url.split('?');
  const search = new URLSearchParams(query.join('?'));
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) search.delete(name);
    else search.set(name, value);
  }
  return search.size ? `${path}?${search}` : path;
}
