import type { Request } from 'express';

/** A name or an address, and a port. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

/**
 * Segments of letters, digits, `-`, `_`, `~` and inner dots. Thus neither `//`, which starts a host, nor `..` matches.
 */
const FORWARDED_PATH = /^(\/[\w~-]+(\.[\w~-]+)*)+$/;

const MAX_LENGTH = 255;

/** The client's URL as reported by a proxy; undefined parts are absent or unusable. */
export interface Forwarded {
  readonly protocol: string | undefined;
  readonly host: string | undefined;
  /** Path of the server at the proxy, without a slash at the end. */
  readonly prefix: string | undefined;
}

export function isHost(text: string): boolean {
  const [, , port = ':0'] = HOST.exec(text) ?? [];
  return text.length <= MAX_LENGTH && HOST.test(text) && Number(port.slice(1)) <= 65_535;
}

/**
 * Reads `X-Forwarded-Proto`, `-Host` and `-Prefix`, only from proxies of DIABA_TRUSTED_PROXIES. RFC 7239's `Forwarded`
 * is not read, because proxies that write the former pass the latter on unverified.
 */
export function forwardedBy(request: Request): Forwarded {
  const { ips, socket, app } = request;
  const isTrusted: boolean = app.get('trust proxy fn')(socket.remoteAddress, 0);
  // Express lists an address for each trusted proxy that reports one.
  const read = (name: string) => (isTrusted ? valueIn(request.get(name), Math.max(1, ips.length)) : undefined);
  const [protocol, host, prefix] = [read('X-Forwarded-Proto'), read('X-Forwarded-Host'), read('X-Forwarded-Prefix')];
  const path = prefix?.replace(/\/$/, '') ?? '';
  return {
    protocol: protocol === 'http' || protocol === 'https' ? protocol : undefined,
    host: host !== undefined && isHost(host) ? host : undefined,
    prefix: path.length <= MAX_LENGTH && FORWARDED_PATH.test(path) ? path : undefined,
  };
}

/**
 * Returns the value written by the outermost trusted proxy. Proxies replace the value or append to it. Values before
 * those of the trusted proxies come from the client.
 */
function valueIn(header: string | undefined, proxies: number): string | undefined {
  const values = header?.split(',').map((value) => value.trim()) ?? [];
  return values[Math.max(0, values.length - proxies)];
}
