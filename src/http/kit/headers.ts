import { type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Express } from 'express';

/** Registered names that differ from the spelling of `Content-Type`. */
const REGISTERED = ['ETag', 'WWW-Authenticate', 'TE', 'DNT', 'DPoP'];

const NAMES = new Map(REGISTERED.map((name) => [name.toLowerCase(), name]));

/** Returns the registered name of a header: `content-type` gives `Content-Type`, and `etag` gives `ETag`. */
export function headerName(name: string): string {
  const known = NAMES.get(name);
  if (known) return known;
  const small = name.toLowerCase();
  const registered = NAMES.get(small) ?? small.replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
  // All names are ours, so the map stays small.
  NAMES.set(name, registered);
  return registered;
}

type HeaderValue = number | string | readonly string[];
type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[];

/**
 * An answer whose headers have the names of {@link headerName}, however they are set. HTTP ignores case, but QGIS
 * before 3.42 finds `Content-Type`, `Location` and `Allow` by these names only.
 */
export class NamedResponse<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {
  override setHeader(name: string, value: HeaderValue): this {
    return super.setHeader(headerName(name), value);
  }

  override appendHeader(name: string, value: string | readonly string[]): this {
    return super.appendHeader(headerName(name), value);
  }

  /** @param rest a reason and headers, or headers alone: as an object, or as alternating names and values */
  override writeHead(status: number, ...rest: readonly (string | Headers | undefined)[]): this {
    return super.writeHead(status, ...(rest.map(namedHeaders) as [string, Headers]));
  }
}

function namedHeaders(part: string | Headers | undefined): string | Headers | undefined {
  if (typeof part !== 'object') return part;
  if (Array.isArray(part)) return part.map((each, index) => (index % 2 === 0 ? headerName(String(each)) : each));
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [headerName(name), value]));
}

/** Makes Express use the names, too: it gives its answers a prototype of its own. */
export function nameHeaders({ response }: Express): void {
  const { setHeader, appendHeader, writeHead } = NamedResponse.prototype;
  Object.assign(response, { setHeader, appendHeader, writeHead });
}
