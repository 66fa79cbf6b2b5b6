import type { Request } from 'express';
import { API_KEY_PREFIX } from '../../access/api-key.ts';
import { Problem } from '../../lib/errors.ts';

/** Paths whose resources may have a field or a parameter of their own that is called `key`. */
const OWN_KEY = /^\/(collections|xyz|tiles)\//;

/**
 * Takes the key out of a request: from `Authorization` (Bearer or Basic), from `X-API-Key`, or from the parameter `key`.
 * The parameter is removed from the URL, so that no link, cache or log line gets it.
 * @returns undefined without a key
 * @throws Problem invalid-parameter if there are several
 */
export function takeKey(request: Request): string | undefined {
  const given = [...keysInHeaders(request), ...takeFromUrl(request)];
  const [key, ...others] = new Set(given);
  if (others.length === 0) return key;
  throw new Problem('invalid-parameter', {
    vi: 'Yêu cầu mang nhiều khóa API khác nhau; chỉ gửi một khóa.',
    en: 'The request has several different API keys; send one only.',
  });
}

function keysInHeaders({ headers }: Request): string[] {
  const { authorization, 'x-api-key': header } = headers;
  return [
    ...(authorization === undefined ? [] : [keyInAuthorization(authorization)]),
    ...(header === undefined ? [] : [header].flat().map((text) => text.trim())),
  ];
}

/** Returns the token; for Basic, the password or else the name, whichever is a key. Other schemes are no key. */
function keyInAuthorization(header: string): string {
  const [, scheme = '', value = ''] = /^\s*(\S+)\s+(.*?)\s*$/.exec(header) ?? [];
  if (/^bearer$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return '';
  const [name = '', ...rest] = Buffer.from(value, 'base64').toString('utf8').split(':');
  const password = rest.join(':');
  return name.startsWith(API_KEY_PREFIX) && !password.startsWith(API_KEY_PREFIX) ? name : password;
}

function takeFromUrl(request: Request): string[] {
  const [path = '', ...rest] = request.url.split('?');
  if (rest.length === 0) return [];
  const keys: string[] = [];
  const others = rest
    .join('?')
    .split('&')
    .filter((part) => {
      const [[name = '', value = ''] = []] = new URLSearchParams(part);
      const isKey = name.toLowerCase() === 'key' && (value.startsWith(API_KEY_PREFIX) || !OWN_KEY.test(path));
      if (isKey) keys.push(value);
      return !isKey;
    });
  if (keys.length === 0) return [];
  request.url = path + (others.length ? `?${others.join('&')}` : '');
  request.originalUrl = request.url;
  return keys;
}
