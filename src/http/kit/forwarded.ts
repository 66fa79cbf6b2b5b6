import type { Request } from 'express';

/** A name or an address, and a port. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

/** Segments of letters, digits, `-`, `_`, `~` and dots between them: neither `//`, which begins a host, nor `..`. */
const PREFIX = /^(\/[\w~-]+(\.[\w~-]+)*)+$/;

const MAX_LENGTH = 255;

/** What a proxy says of the URL that the client asked for; undefined: nothing, or nothing that can be used. */
export interface Forwarded {
  readonly protocol: string | undefined;
  readonly host: string | undefined;
  /** Path under which the server stands there, without a slash at the end. */
  readonly prefix: string | undefined;
}

export function isHost(text: string): boolean {
  const [, , port = ':0'] = HOST.exec(text) ?? [];
  return text.length <= MAX_LENGTH && HOST.test(text) && Number(port.slice(1)) <= 65_535;
}

/**
 * `X-Forwarded-Proto`, `-Host` and `-Prefix`, from proxies of DIABA_TRUSTED_PROXIES alone. RFC 7239's `Forwarded` is not read:
 * proxies that write these pass that one on as a client made it up.
 */
export function forwardedBy(request: Request): Forwarded {
  const { ips, socket, app } = request;
  const isTrusted: boolean = app.get('trust proxy fn')(socket.remoteAddress, 0);
  // Express lists an address for each proxy that is trusted, where the proxies say so.
  const read = (name: string) => (isTrusted ? valueIn(request.get(name), Math.max(1, ips.length)) : undefined);
  const [protocol, host, prefix] = [read('X-Forwarded-Proto'), read('X-Forwarded-Host'), read('X-Forwarded-Prefix')];
  const path = prefix?.replace(/\/$/, '') ?? '';
  return {
    protocol: protocol === 'http' || protocol === 'https' ? protocol : undefined,
    host: host !== undefined && isHost(host) ? host : undefined,
    prefix: path.length <= MAX_LENGTH && PREFIX.test(path) ? path : undefined,
  };
}

/**
 * The value that the outermost trusted proxy wrote. Proxies write their own in place of what came, or behind it: what stands
 * before as many values as there are trusted proxies is the client's invention.
 */
function valueIn(header: string | undefined, proxies: number): string | undefined {
  const values = header?.split(',').map((value) => value.trim()) ?? [];
  return values[Math.max(0, values.length - proxies)];
}
