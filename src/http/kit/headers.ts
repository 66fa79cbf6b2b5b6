import { type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Express } from 'express';

/** Names that are registered in another way than `Content-Type` is. */
const REGISTERED = ['ETag', 'WWW-Authenticate', 'TE', 'DNT', 'DPoP'];

const NAMES = new Map(REGISTERED.map((name) => [name.toLowerCase(), name]));

/** The name of a header as it is registered: `content-type` is `Content-Type`, and `etag` is `ETag`. */
export function headerName(name: string): string {
  const known = NAMES.get(name);
  if (known) return known;
  const small = name.toLowerCase();
  const made = NAMES.get(small) ?? small.replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
  // Every name is one of ours: the map stays small.
  NAMES.set(name, made);
  return made;
}

type HeaderValue = number | string | readonly string[];
type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[];

/**
 * An answer whose headers have the names of {@link headerName}, however they are set. HTTP takes any case, but QGIS before
 * 3.42 finds `Content-Type`, `Location` and `Allow` by these alone.
 */
export class NamedResponse<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {
  override setHeader(name: string, value: HeaderValue): this {
    return super.setHeader(headerName(name), value);
  }

  override appendHeader(name: string, value: string | readonly string[]): this {
    return super.appendHeader(headerName(name), value);
  }

  /** @param rest a reason and headers, or headers alone: as an object, or as names and values in turn */
  override writeHead(status: number, ...rest: readonly (string | Headers | undefined)[]): this {
    return super.writeHead(status, ...(rest.map(named) as [string, Headers]));
  }
}

function named(part: string | Headers | undefined): string | Headers | undefined {
  if (typeof part !== 'object') return part;
  if (Array.isArray(part)) return part.map((each, index) => (index % 2 === 0 ? headerName(String(each)) : each));
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [headerName(name), value]));
}

/** Express gives its answers a prototype of its own, which must name headers as well. */
export function nameHeaders({ response }: Express): void {
  const { setHeader, appendHeader, writeHead } = NamedResponse.prototype;
  Object.assign(response, { setHeader, appendHeader, writeHead });
}
