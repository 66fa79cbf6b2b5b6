import type { Request } from 'express';
import type { Text } from '../../lib/errors.ts';
import type { DescribedParameter, JsonSchema } from '../kit/parameters.ts';
import { type ExceptionCode, exception } from './exception.ts';

/** Valid values, as an end of "must be …", and the code of the exception for others. */
export interface Expected<T> extends Text {
  readonly read: (text: string) => T | undefined;
  /** Schema of the standard's values. Variants that `read` also accepts, such as other cases, are not documented. */
  readonly schema: JsonSchema;
  readonly code?: ExceptionCode;
}

/** Returns an expected value with its description as a parameter. */
export function describedValue<T>(expected: Expected<T>, description: Text): Expected<T> & DescribedParameter {
  return { ...expected, expected, description };
}

/** Parameters of this program, which belong to the URL of a connection and request nothing by themselves. */
const OWN = new Set(['ids', 'lang']);

/**
 * Returns the query of a request to a service. A URL without parameters of the standards, which people paste into a
 * client or a browser, requests the capabilities. Any other query must have REQUEST, as the standards require.
 */
export function queryOf({ query }: Request, service: 'WMS' | 'WMTS' | 'WFS'): Request['query'] {
  const isBare = Object.keys(query).every((name) => OWN.has(name.toLowerCase()));
  return isBare ? { ...query, SERVICE: service, REQUEST: 'GetCapabilities' } : query;
}

/**
 * The query of a request, with case-insensitive names as in OWS Common. Empty values count; unknown names are ignored.
 */
export class OwsQuery {
  readonly #values = new Map<string, string>();
  readonly #synonyms: Readonly<Record<string, string>>;

  /** @param synonyms in lower case: a name -> its alternative name */
  constructor(query: Readonly<Record<string, unknown>>, synonyms: Readonly<Record<string, string>> = {}) {
    this.#synonyms = synonyms;
    for (const [name, given] of Object.entries(query)) {
      for (const text of [given].flat()) {
        if (typeof text !== 'string') continue;
        const key = this.#key(name);
        const before = this.#values.get(key);
        if (before !== undefined && before !== text) {
          throw exception('InvalidParameterValue', name.slice(0, 60), {
            vi: `Tham số ${name.slice(0, 60)} chỉ được ghi một lần.`,
            en: `Parameter ${name.slice(0, 60)} must be given once.`,
          });
        }
        this.#values.set(key, text);
      }
    }
  }

  text(name: string): string | undefined {
    return this.#values.get(this.#key(name));
  }

  /** Returns the text like `text`, but undefined for an empty value. */
  filled(name: string): string | undefined {
    return this.text(name) || undefined;
  }

  /** @throws Problem MissingParameterValue, or the code of the expected value */
  require<T>(name: string, expected: Expected<T>): T {
    const text = this.text(name);
    if (text !== undefined) return readOwsValue(name, text, expected);
    throw exception('MissingParameterValue', name, {
      vi: `Thiếu tham số ${name}: ${expected.vi}.`,
      en: `Parameter ${name} must be given, as ${expected.en}.`,
    });
  }

  /**
   * Returns the fallback if the value is absent or empty.
   * @throws Problem the code of the expected value
   */
  optional<T>(name: string, expected: Expected<T>, fallback: T): T {
    const text = this.text(name);
    return text ? readOwsValue(name, text, expected) : fallback;
  }

  #key(name: string): string {
    const key = name.toLowerCase();
    return this.#synonyms[key] ?? key;
  }
}

/** @throws Problem the code of the expected value */
export function readOwsValue<T>(name: string, text: string, { read, code, vi, en }: Expected<T>): T {
  const value = read(text);
  if (value !== undefined) return value;
  throw exception(code ?? 'InvalidParameterValue', name, {
    vi: `${name} phải là ${vi}.`,
    en: `${name} must be ${en}.`,
  });
}

/** Expects one of some words, in any case; the standard's spelling is returned. */
export function oneOf<const T extends string>(choices: readonly T[], code?: ExceptionCode): Expected<T> {
  const list = choices.join(', ');
  return {
    vi: choices.length === 1 ? list : `một trong: ${list}`,
    en: choices.length === 1 ? list : `one of: ${list}`,
    schema: { type: 'string', enum: choices },
    read: (text) => choices.find((choice) => choice.toLowerCase() === text.toLowerCase()),
    ...(code && { code }),
  };
}

export function wholeNumber(min: number, max: number, code?: ExceptionCode): Expected<number> {
  return {
    vi: `số nguyên từ ${min} đến ${max}`,
    en: `a whole number from ${min} to ${max}`,
    schema: { type: 'integer', minimum: min, maximum: max },
    read: (text) => (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
    ...(code && { code }),
  };
}
